"""URLs of the programs app."""

from django.urls import path, re_path, register_converter
from django.urls.converters import StringConverter

from programs.views import inquiries, items, listing, page, pictures, posting


class ItemSection(StringConverter):
    """The two sections that are lists: form and rubric."""

    regex = "questions|rubric"


class Direction(StringConverter):
    """Up or down."""

    regex = "up|down"


register_converter(ItemSection, "items")
register_converter(Direction, "way")

urlpatterns = [
    path("programs/", listing.program_list, name="programs"),
    path("programs/<slug:slug>/", page.program_page, name="program"),
    path("programs/<slug:slug>/ask/", inquiries.program_ask, name="program_ask"),
    path("programs/<slug:slug>/calendar.ics", page.program_calendar, name="program_calendar"),
    path("desk/host/programs/new/", posting.program_post, name="program_post"),
    path("institutions/<slug:slug>/programs/new/", posting.program_create, name="program_create"),
    path("programs/<slug:slug>/picture/", pictures.program_picture, name="program_picture"),
    path("programs/<slug:slug>/picture/remove/", pictures.program_picture_remove, name="program_picture_remove"),
    re_path(
        r"^programs/(?P<slug>[-\w]+)/picture/(?P<size>small|medium|large)/$",
        pictures.program_picture_file,
        name="program_picture_file",
    ),
    path("programs/<slug:slug>/edit/", posting.program_edit, name="program_edit"),
    path("programs/<slug:slug>/edit/<items:section>/", items.program_items, name="program_items"),
    path("programs/<slug:slug>/edit/questions/preview/", items.program_form_preview, name="program_form_preview"),
    path("programs/<slug:slug>/edit/<items:section>/new/", items.program_item_new, name="program_item_new"),
    path("programs/<slug:slug>/edit/<items:section>/<int:pk>/", items.program_item, name="program_item"),
    path("programs/<slug:slug>/edit/<items:section>/<int:pk>/delete/", items.program_item_delete, name="program_item_delete"),
    path("programs/<slug:slug>/edit/<items:section>/<int:pk>/<way:way>/", items.program_item_shift, name="program_item_shift"),
    path("programs/<slug:slug>/edit/<slug:section>/", posting.program_section, name="program_section"),
    path("programs/<slug:slug>/move/<slug:transition>/", posting.program_move, name="program_move"),
    path("programs/<slug:slug>/clone/", posting.program_clone, name="program_clone"),
]
