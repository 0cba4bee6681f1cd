"""The figures Miras holds itself to, each beside its bare twin, measured in the same run. Ratios, not times: machines differ."""
