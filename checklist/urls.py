"""Addresses of the checklist, under `/trajecten/<id>/checklist/`."""

from django.urls import path

from checklist import views

urlpatterns = [
    path("", views.overview, name="checklist"),
    path("nieuw/", views.start, name="checklist_start"),
    path("leeg/", views.empty, name="checklist_empty"),
    path("<int:interview_id>/", views.interview, name="checklist_interview"),
    path("<int:interview_id>/gegevens/", views.details, name="checklist_details"),
    path("<int:interview_id>/verwijderen/", views.remove, name="checklist_remove"),
    path("<int:interview_id>/controle/", views.check, name="checklist_check"),
    path("<int:interview_id>/definitief/", views.final, name="checklist_final"),
    path("<int:interview_id>/resultaat/", views.result, name="checklist_result"),
    path("<int:interview_id>/verslag/", views.record, name="checklist_record"),
    path("<int:interview_id>/antwoord/<slug:item>/", views.answer, name="checklist_answer"),
    path("<int:interview_id>/<slug:domain>/", views.domain, name="checklist_domain"),
]
