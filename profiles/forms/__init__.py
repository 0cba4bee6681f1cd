"""The forms of profiles."""
