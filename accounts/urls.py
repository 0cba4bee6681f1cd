"""URLs of the accounts app."""

from django.urls import path

from accounts.views import coordinators, preferences, settings

urlpatterns = [
    path("settings/", settings.settings, name="settings"),
    path("settings/tokens/", settings.tokens, name="tokens"),
    path("settings/tokens/<int:pk>/revoke/", settings.token_revoke, name="token_revoke"),
    path("secretariat/coordinators/", coordinators.coordinators, name="coordinators"),
    path("secretariat/coordinators/<int:pk>/", coordinators.coordinator, name="coordinator"),
    path("secretariat/coordinators/<int:pk>/end/", coordinators.coordinator_end, name="coordinator_end"),
    path("switch/language/", preferences.language_switch, name="language_switch"),
    path("switch/theme/", preferences.theme_switch, name="theme_switch"),
]
