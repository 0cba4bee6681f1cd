"""Kyrgyz: a comma, where Django has a point."""

DECIMAL_SEPARATOR = ","
