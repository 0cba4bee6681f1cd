"""Kyrgyz: a decimal comma, where Django has a point."""

DECIMAL_SEPARATOR = ","
