"""What is planned in a trajectory, as a calendar file (RFC 5545). Days, not hours, so that no clock can shift them."""

from datetime import date, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from pilots.models import StepDate, Trajectory
from pilots.vocabulary import vocabulary
from plans.models import SupportSession


def calendar_of(trajectory: Trajectory) -> bytes:
    """The planned steps and support sessions of a trajectory, each a whole day under a name that never changes.

    Holds no personal data: the school's name, the step or the kind of support, and the day. Two queries.
    """
    words = vocabulary()
    made = timezone.now()
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//NL")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{settings.SITE_NAME}: {trajectory.school.name}")
    for step in StepDate.objects.filter(trajectory=trajectory):
        if day := step.done or step.planned:
            label = _("Stap %(number)s: %(label)s") % {"number": step.step, "label": words.steps[step.step].label}
            calendar.add_component(_event(f"{trajectory.pk} step {step.step}", label, day, trajectory, made))
    for session in SupportSession.objects.filter(trajectory=trajectory):
        if day := session.held_on or session.planned_on:
            label = words.support_components[session.component].label
            calendar.add_component(_event(f"support {session.uuid}", label, day, trajectory, made))
    return bytes(calendar.to_ical())


def _event(name: str, label: str, day: date, trajectory: Trajectory, made: datetime) -> Event:
    event = Event()
    event.add("uid", f"{uuid5(NAMESPACE_URL, f'welbevinden {name}')}@welbevinden")
    event.add("dtstamp", made)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", f"{label} · {trajectory.school.name}")
    event.add("transp", "TRANSPARENT")
    return event
