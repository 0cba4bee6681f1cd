"""What this room does when it hears news from others."""
