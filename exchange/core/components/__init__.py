"""The components a page is made of, as template tags by subject. Loaded as one builtin library: `templatetags/ui.py`."""
