"""Addresses of this app, under `/trajecten/<id>/`."""

from django.urls import path

from plans import pdf_views
from plans.views import editing, following, plan, release, support

urlpatterns = [
    path("plan.pdf", pdf_views.plan_pdf, name="plan_pdf"),
    path("plan/", plan.plan, name="plan"),
    path("plan/maken/", editing.plan_generate, name="plan_generate"),
    path("plan/jaren/", plan.plan_years, name="plan_years"),
    path("plan/versies/", plan.plan_versions, name="plan_versions"),
    path("plan/versies/<int:number>/", plan.plan_version, name="plan_version"),
    path("plan/versies/<int:number>/opmerking/", release.plan_comment, name="plan_comment"),
    path("plan/versies/<int:number>/akkoord/", release.plan_agree, name="plan_agree"),
    path("plan/vaststellen/", release.plan_release, name="plan_release"),
    path("plan/vaststellen/weglaten/", release.plan_mask, name="plan_mask"),
    path("plan/pdf/", pdf_views.plan_pdf_state, name="plan_pdf_state"),
    path("plan/pdf/opnieuw/", pdf_views.plan_pdf_retry, name="plan_pdf_retry"),
    path("plan/kiezen/", following.choices, name="plan_choices"),
    path("plan/kiezen/<int:action_id>/", following.action_pick, name="plan_action_pick"),
    path("plan/acties/<int:action_id>/", editing.action_card, name="plan_action"),
    path("plan/acties/<int:action_id>/bewerken/", editing.action_edit, name="plan_action_edit"),
    path("plan/acties/<int:action_id>/advies/", editing.action_undo, name="plan_action_undo"),
    path("plan/acties/<int:action_id>/jaar/", editing.action_move, name="plan_action_move"),
    path("plan/acties/<int:action_id>/weghalen/", editing.action_remove, name="plan_action_remove"),
    path("plan/acties/<int:action_id>/kiezen/", following.action_choose, name="plan_action_choose"),
    path("plan/eigen-actie/<slug:section>/", editing.action_add, name="plan_action_add"),
    path("plan/niet-nu/<slug:topic>/", editing.topic_set_aside, name="plan_set_aside"),
    path("plan/niet-nu/<slug:topic>/terug/", editing.topic_take_back, name="plan_take_back"),
    path("voortgang/", following.follow_up, name="follow_up"),
    path("voortgang/<int:action_id>/", following.follow_up_card, name="follow_up_card"),
    path("voortgang/<int:action_id>/bijwerken/", following.follow_up_action, name="follow_up_action"),
    path("terugkoppeling/", following.feedback, name="feedback"),
    path("ondersteuning/", support.support, name="support"),
    path("ondersteuning/nieuw/", support.support_add, name="support_add"),
    path("ondersteuning/afronden/", support.support_finish, name="support_finish"),
    path("ondersteuning/<int:session_id>/", support.support_edit, name="support_edit"),
    path("ondersteuning/<int:session_id>/weghalen/", support.support_remove, name="support_remove"),
    path("agenda.ics", support.calendar, name="trajectory_calendar"),
]
