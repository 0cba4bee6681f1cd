"""URLs of the privacy app."""

from django.urls import path

from privacy import views as privacy

urlpatterns = [
    path("settings/privacy/", privacy.privacy_settings, name="privacy_settings"),
    path("settings/data/", privacy.my_data, name="my_data"),
    path("settings/data/<uuid:key>/archive.zip", privacy.my_data_archive, name="my_data_archive"),
    path("settings/data/<uuid:key>/delete/", privacy.my_data_delete, name="my_data_delete"),
    path("settings/delete/", privacy.account_delete, name="account_delete"),
    path("account/deleted/", privacy.account_deleted, name="account_deleted"),
    path("account/back/", privacy.account_take_back, name="account_take_back"),
]
