"""The forms with which a host posts a programme."""
