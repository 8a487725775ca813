"""Addresses of this app, all of them within one trajectory."""

from django.urls import path

from focusgroups.views import ideas, options, overview, quotes, rounds, screen, session, votes

SESSION = "<int:group_id>/"
ROUND = SESSION + "ranking/<int:number>/"

urlpatterns = [
    path("", overview.focus_groups, name="focus_groups"),
    path("stemmen/", overview.three_voices, name="voices"),
    path("nieuw/<str:kind>/", session.focus_group_add, name="focus_group_add"),
    path(SESSION, session.focus_group, name="focus_group"),
    path(SESSION + "verwijderen/", session.focus_group_remove, name="focus_group_remove"),
    path(SESSION + "ideeen/", ideas.ideas, name="focus_group_ideas"),
    path(SESSION + "ideeen/nieuw/", ideas.idea_add, name="focus_group_idea_add"),
    path(SESSION + "ideeen/<uuid:uuid>/", ideas.idea_edit, name="focus_group_idea"),
    path(SESSION + "ideeen/<uuid:uuid>/verplaatsen/", ideas.idea_move, name="focus_group_idea_move"),
    path(SESSION + "ideeen/<uuid:uuid>/verwijderen/", ideas.idea_remove, name="focus_group_idea_remove"),
    path(SESSION + "ideeen/<uuid:uuid>/terugzetten/", ideas.idea_restore, name="focus_group_idea_restore"),
    path(SESSION + "opties/", options.options, name="focus_group_options"),
    path(SESSION + "opties/<uuid:uuid>/", options.option_edit, name="focus_group_option"),
    path(SESSION + "opties/<uuid:uuid>/verwijderen/", options.option_remove, name="focus_group_option_remove"),
    path(SESSION + "ranking/", rounds.ranking, name="focus_group_ranking"),
    path(SESSION + "ranking/nieuw/", rounds.round_add, name="focus_group_round_add"),
    path(ROUND, rounds.round_page, name="focus_group_round"),
    path(ROUND + "verwijderen/", rounds.round_remove, name="focus_group_round_remove"),
    path(ROUND + "regels/", votes.line_add, name="focus_group_line_add"),
    path(ROUND + "regels/lezen/", votes.line_read, name="focus_group_line_read"),
    path(ROUND + "regels/<uuid:uuid>/", votes.line_edit, name="focus_group_line"),
    path(ROUND + "totalen/", votes.tally, name="focus_group_tally"),
    path(ROUND + "volgorde/", votes.consensus, name="focus_group_consensus"),
    path(ROUND + "besluit/", votes.decide, name="focus_group_decide"),
    path(ROUND + "scherm/", screen.screen, name="focus_group_screen"),
    path(SESSION + "citaten/", quotes.quotes, name="focus_group_quotes"),
    path(SESSION + "citaten/<uuid:uuid>/", quotes.quote_edit, name="focus_group_quote"),
    path(SESSION + "citaten/<uuid:uuid>/vrijgeven/", quotes.quote_release, name="focus_group_quote_release"),
]
