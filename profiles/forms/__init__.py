"""The forms of profiles, institutions and settings."""
