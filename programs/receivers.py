"""What this room does when it hears news from others; what it can tell."""

from programs import notices

notices.register()
