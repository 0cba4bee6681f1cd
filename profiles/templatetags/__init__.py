"""Template tags of the profiles room."""
