"""Addresses of this app."""

from django.urls import include, path

from evaluation.views import comparison, dashboard, interviews, overview

# Under `/trajecten/<id>/evaluatie/`.
EVALUATION = [
    path("", overview.overview, name="evaluation"),
    path("naast-elkaar/", overview.sides, name="evaluation_sides"),
    path("citaten/", overview.quotes, name="evaluation_quotes"),
    path("citaten/<uuid:uuid>/", overview.quote, name="evaluation_quote"),
    path("leidraad/<slug:side>/", overview.guide, name="evaluation_guide"),
    path("nieuw/<slug:side>/", interviews.start, name="evaluation_start"),
    path("<int:evaluation_id>/", interviews.interview, name="evaluation_interview"),
    path("<int:evaluation_id>/gegevens/", interviews.details, name="evaluation_details"),
    path("<int:evaluation_id>/verwijderen/", interviews.remove, name="evaluation_remove"),
    path("<int:evaluation_id>/afronden/", interviews.finish, name="evaluation_finish"),
    path("<int:evaluation_id>/heropenen/", interviews.reopen, name="evaluation_reopen"),
    path("<int:evaluation_id>/verslag/", overview.record, name="evaluation_record"),
    path("<int:evaluation_id>/antwoord/<slug:code>/", interviews.answer, name="evaluation_answer"),
    path("<int:evaluation_id>/<slug:part>/", interviews.part, name="evaluation_part"),
]

urlpatterns = [
    path("trajecten/<int:trajectory_id>/evaluatie/", include(EVALUATION)),
    path("trajecten/<int:trajectory_id>/vergelijking/", comparison.compare, name="comparison"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("dashboard/achter/", dashboard.behind, name="dashboard_behind"),
    path("dashboard/export.json", dashboard.dashboard_json, name="dashboard_json"),
    path("dashboard/export.xlsx", dashboard.dashboard_xlsx, name="dashboard_xlsx"),
    path("dashboard/export.csv", dashboard.dashboard_csv, name="dashboard_csv"),
    path("dashboard/codeboek.csv", dashboard.dashboard_codes, name="dashboard_codes"),
]
