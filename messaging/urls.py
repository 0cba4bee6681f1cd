"""URLs of messaging."""

from django.urls import URLPattern, URLResolver, path

from messaging.views import dev, live, messages, notifications, threads

urlpatterns: list[URLPattern | URLResolver] = [
    path("messages/", threads.threads, name="threads"),
    path("messages/<int:pk>/", threads.thread, name="thread"),
    path("messages/<int:pk>/after/<int:number>/", threads.thread_after, name="thread_after"),
    path("messages/<int:pk>/changed/<int:revision>/", messages.changed, name="thread_changed"),
    path("messages/<int:pk>/message/<int:number>/", messages.message, name="message"),
    path("messages/<int:pk>/message/<int:number>/edit/", messages.message_edit, name="message_edit"),
    path("messages/<int:pk>/message/<int:number>/remove/", messages.message_remove, name="message_remove"),
    path("messages/<int:pk>/message/<int:number>/react/", messages.message_react, name="message_react"),
    path("messages/<int:pk>/read/", threads.thread_read, name="thread_read"),
    path("messages/<int:pk>/files/<int:attachment>/", threads.thread_file, name="thread_file"),
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/read/", notifications.notifications_read, name="notifications_read"),
    path("notifications/<int:pk>/", notifications.notification, name="notification"),
    path("notifications/<int:pk>/read/", notifications.notification_read, name="notification_read"),
    path("settings/notifications/", notifications.notification_settings, name="notification_settings"),
    path("waiting/", notifications.tasks, name="waiting"),
    path("live/heads/", live.live_counters, name="live_heads"),
    path("dev/mail/", dev.dev_mail, name="dev_mail"),
]
