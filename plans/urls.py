"""Addresses of this app, under `/trajecten/<id>/`."""

from django.urls import path

from plans import pdf_views, views

urlpatterns = [
    path("plan.pdf", pdf_views.plan_pdf, name="plan_pdf"),
    path("plan/", views.plan, name="plan"),
    path("plan/maken/", views.plan_generate, name="plan_generate"),
    path("plan/jaren/", views.plan_years, name="plan_years"),
    path("plan/versies/", views.plan_versions, name="plan_versions"),
    path("plan/versies/<int:number>/", views.plan_version, name="plan_version"),
    path("plan/versies/<int:number>/opmerking/", views.plan_comment, name="plan_comment"),
    path("plan/versies/<int:number>/akkoord/", views.plan_agree, name="plan_agree"),
    path("plan/vaststellen/", views.plan_release, name="plan_release"),
    path("plan/vaststellen/weglaten/", views.plan_mask, name="plan_mask"),
    path("plan/pdf/", pdf_views.plan_pdf_state, name="plan_pdf_state"),
    path("plan/pdf/opnieuw/", pdf_views.plan_pdf_retry, name="plan_pdf_retry"),
    path("plan/acties/<int:action_id>/", views.action_card, name="plan_action"),
    path("plan/acties/<int:action_id>/bewerken/", views.action_edit, name="plan_action_edit"),
    path("plan/acties/<int:action_id>/advies/", views.action_undo, name="plan_action_undo"),
    path("plan/acties/<int:action_id>/jaar/", views.action_move, name="plan_action_move"),
    path("plan/acties/<int:action_id>/weghalen/", views.action_remove, name="plan_action_remove"),
    path("plan/acties/<int:action_id>/kiezen/", views.action_choose, name="plan_action_choose"),
    path("plan/eigen-actie/<slug:section>/", views.action_add, name="plan_action_add"),
    path("plan/niet-nu/<slug:topic>/", views.topic_set_aside, name="plan_set_aside"),
    path("plan/niet-nu/<slug:topic>/terug/", views.topic_take_back, name="plan_take_back"),
]
