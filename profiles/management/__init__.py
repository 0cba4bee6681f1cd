"""Commands of the profiles app."""
