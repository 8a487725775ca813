"""All addresses; each app has its own list."""

from django.urls import include, path

urlpatterns = [
    path("", include("pilots.urls")),
    path("trajecten/<int:trajectory_id>/checklist/", include("checklist.urls")),
    path("trajecten/<int:trajectory_id>/focusgroepen/", include("focusgroups.urls")),
    path("trajecten/<int:trajectory_id>/", include("plans.urls")),
    path("", include("evaluation.urls")),
]
