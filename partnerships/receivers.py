"""What this room does when it hears news from others."""

from partnerships import notices

notices.register()
