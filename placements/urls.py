"""Addresses of the placements app."""

from django.urls import URLPattern, URLResolver, path

from placements.views import desk, documents, placements

urlpatterns: list[URLPattern | URLResolver] = [
    path("placements/", placements.placement_list, name="placements"),
    path("placements/<int:pk>/", placements.placement_page, name="placement"),
    path("placements/<int:pk>/resubmit/", placements.placement_resubmit, name="placement_resubmit"),
    path("placements/<int:pk>/cancel/", placements.placement_cancel, name="placement_cancel"),
    path("placements/<int:pk>/approvals/<str:country>/<str:transition>/", placements.approval_move, name="approval_move"),
    path("placements/<int:pk>/letter/<str:language>.pdf", documents.placement_letter, name="placement_letter"),
    path("desk/coordinator/", desk.desk_coordinator, name="desk_coordinator"),
    path("desk/coordinator/queue.<str:kind>", documents.queue_table, name="desk_coordinator_queue"),
    path("desk/coordinator/flows.<str:kind>", documents.flows_table, name="desk_coordinator_flows"),
]
