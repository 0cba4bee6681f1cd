"""Components of pages: template tags by subject. Loaded as one builtin library: `templatetags/ui.py`."""
