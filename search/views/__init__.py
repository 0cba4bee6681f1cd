"""Views of the search app."""
