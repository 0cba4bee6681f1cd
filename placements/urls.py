"""URLs of placements."""

from django.urls import URLPattern, URLResolver, path

from placements.views import applications, desk, documents, duplicates, placements

urlpatterns: list[URLPattern | URLResolver] = [
    path("placements/", placements.placement_list, name="placements"),
    path("placements/<int:pk>/", placements.placement_page, name="placement"),
    path("placements/<int:pk>/application/", applications.placement_application, name="placement_application"),
    path("placements/<int:pk>/application/files/<int:file_pk>/", applications.placement_file, name="placement_file"),
    path("placements/<int:pk>/resubmit/", placements.placement_resubmit, name="placement_resubmit"),
    path("placements/<int:pk>/cancel/", placements.placement_cancel, name="placement_cancel"),
    path("placements/<int:pk>/take_back_cancel/", placements.placement_take_back, name="placement_take_back"),
    path("placements/<int:pk>/approvals/<str:country>/<str:transition>/", placements.approval_move, name="approval_move"),
    path("placements/<int:pk>/letter/<str:language>.pdf", documents.placement_letter, name="placement_letter"),
    path("letters/", documents.letter_check, name="letter_check_form"),
    path("letters/<str:reference>/<str:code>/", documents.letter_check, name="letter_check"),
    path("desk/coordinator/", desk.desk_coordinator, name="desk_coordinator"),
    path("desk/coordinator/queue.<str:kind>", documents.queue_table, name="desk_coordinator_queue"),
    path("desk/coordinator/flows.<str:kind>", documents.flows_table, name="desk_coordinator_flows"),
    path("desk/coordinator/duplicates/", duplicates.duplicates, name="duplicates"),
    path("desk/coordinator/duplicates/compare/", duplicates.duplicate_compare, name="duplicate_compare"),
    path("desk/coordinator/duplicates/merge/", duplicates.duplicate_merge, name="duplicate_merge"),
    path("desk/coordinator/duplicates/apart/", duplicates.duplicate_dismiss, name="duplicate_dismiss"),
]
