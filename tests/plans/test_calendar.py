"""The calendar file of a trajectory."""

import datetime
from typing import Any

import pytest
from django.urls import reverse
from icalendar import Calendar

from pilots.actions import plan_steps
from tests.builders import client_of, full_team, make_school, make_trajectory
from tests.plans.builders import plan_session

pytestmark = pytest.mark.django_db


def test_a_calendar_with_whole_days_and_names_that_stay() -> None:
    trajectory = make_trajectory(make_school(name="De Regenboog; school, groep"))
    team = full_team(trajectory)
    # The night in which the clock goes back is a day like any other.
    plan_steps(
        trajectory=trajectory,
        planned={2: datetime.date(2026, 10, 25), 3: None},
        done={2: None},
        attended={},
        by=team["gsa"],
    )
    session = plan_session(trajectory, note="Bel mevrouw De Wit", topic="Praten met Amina")
    url = reverse("trajectory_calendar", kwargs={"trajectory_id": trajectory.pk})
    response = client_of(team["coordinator"]).get(url)
    assert response["Content-Type"].startswith("text/calendar")
    first = Calendar.from_ical(response.content)
    events: dict[str, Any] = {str(event["summary"]): event for event in first.walk("VEVENT")}
    assert len(events) == 2
    start = next(event for summary, event in events.items() if "Stap 2" in summary)
    assert start["dtstart"].dt == datetime.date(2026, 10, 25)
    assert start["dtend"].dt == datetime.date(2026, 10, 26)
    assert "De Regenboog; school, groep" in str(start["summary"])
    for word in ("De Wit", "Amina", *(user.name for user in team.values()), *(user.email for user in team.values())):
        assert word not in response.content.decode()
    # Moved, it is the same event for whoever loads the file again.
    session.planned_on = datetime.date(2027, 2, 1)
    session.save()
    second = Calendar.from_ical(client_of(team["gsa"]).get(url).content)
    assert {str(each["uid"]) for each in second.walk("VEVENT")} == {str(each["uid"]) for each in first.walk("VEVENT")}


def test_a_calendar_of_nothing_planned() -> None:
    trajectory = make_trajectory()
    team = full_team(trajectory)
    response = client_of(team["director"]).get(reverse("trajectory_calendar", kwargs={"trajectory_id": trajectory.pk}))
    assert Calendar.from_ical(response.content).walk("VEVENT") == []
