"""This room keeps no tables yet: it searches those of the others."""
