"""Addresses of this app."""

from django.urls import path

from pilots.views import accounts, export, gallery, health, programme, start, trajectories

urlpatterns = [
    path("", start.start, name="start"),
    path("inloggen/", accounts.login, name="login"),
    path("uitloggen/", accounts.log_out, name="logout"),
    path("gezondheid/", health.health, name="health"),
    path("gezondheid/klaar/", health.readiness, name="readiness"),
    path("trajecten/", start.trajectories, name="trajectories"),
    path("trajecten/<int:trajectory_id>/", trajectories.trajectory, name="trajectory"),
    path("trajecten/<int:trajectory_id>/export.json", export.trajectory_export, name="trajectory_export"),
    path("trajecten/<int:trajectory_id>/stappen/", trajectories.steps, name="trajectory_steps"),
    path("trajecten/<int:trajectory_id>/profiel/", trajectories.profile, name="trajectory_profile"),
    path("trajecten/<int:trajectory_id>/team/", programme.team, name="trajectory_team"),
    path("trajecten/<int:trajectory_id>/team/<int:member_id>/weg/", programme.team_remove, name="team_remove"),
    path("trajecten/<int:trajectory_id>/team/<int:member_id>/vervangen/", programme.team_replace, name="team_replace"),
    path("trajecten/<int:trajectory_id>/journaal/", trajectories.journal, name="trajectory_journal"),
    path("trajecten/<int:trajectory_id>/journaal/<int:entry_id>/", trajectories.journal_entry, name="journal_entry"),
    path(
        "trajecten/<int:trajectory_id>/journaal/<int:entry_id>/verwijderen/",
        trajectories.journal_delete,
        name="journal_delete",
    ),
    path(
        "trajecten/<int:trajectory_id>/journaal/<int:entry_id>/einde/",
        trajectories.journal_end_pause,
        name="journal_end_pause",
    ),
    path("beheer/", programme.overview, name="manage"),
    path("beheer/scholen/", programme.schools, name="schools"),
    path("beheer/scholen/nieuw/", programme.school_add, name="school_add"),
    path("beheer/scholen/<int:school_id>/", programme.school_edit, name="school_edit"),
    path("beheer/scholen/<int:school_id>/traject/", programme.trajectory_add, name="trajectory_add"),
    path("beheer/onderdelen/", gallery.gallery, name="gallery"),
    path("beheer/mensen/", programme.people, name="people"),
]
