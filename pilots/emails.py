"""The texts of our mails, and what of them may be kept."""

import re

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from pilots.models import Invitation, TeamMember, Trajectory, User
from pilots.vocabulary import vocabulary

#: Kinds of mail whose links are no key to anything: the admin may read them, and they are kept as they were sent.
#: Of all others the links are wiped as soon as the mail has gone.
READABLE_KINDS = frozenset({"member-added", "colleague-asked", "invitation-refused"})
WIPED = "[geheime link, gewist na verzending]"


def without_secrets(kind: str, body: str) -> str:
    """What is kept of a mail that was sent: its text, without links that open something for whoever has them.

    In the demo, which has no mail server, the mailbox page is where mail arrives, so there everything stays.
    """
    if settings.MAIL_STAYS_HERE or kind in READABLE_KINDS:
        return body
    return re.sub(r"https?://\S+", WIPED, body)


def _body(template: str, **words: object) -> str:
    """The text of a mail, without the gaps that a template leaves."""
    text = render_to_string(f"emails/{template}.txt", {"site_name": settings.SITE_NAME, **words})
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _role(member: TeamMember) -> str:
    """The role as this sector says it, for within a sentence; an abbreviation keeps its capitals."""
    return _in_sentence(vocabulary().person(member.role, member.trajectory.school.sector))


def _in_sentence(label: str) -> str:
    return label if label[:2].isupper() else label[0].lower() + label[1:]


def invitation(
    invitation: Invitation, member: TeamMember, *, link: str, gsa: User | None, takes_over: bool
) -> tuple[str, str]:
    """Subject and text of the question to come in. gsa: whom to ask; without one the person who invites."""
    school = member.trajectory.school
    body = _body(
        "invitation",
        name=invitation.user.name,
        by=invitation.invited_by,
        school=school,
        is_demo=member.trajectory.is_demo,
        role=_role(member),
        role_id=member.role,
        link=link,
        last_day=invitation.expires_at,
        contact=gsa or invitation.invited_by,
        contact_is_gsa=gsa is not None,
        takes_over=takes_over,
    )
    return _("Uitnodiging: meedoen met %(school)s in %(site)s") % {
        "school": school.name[:100], "site": settings.SITE_NAME
    }, body  # fmt: skip


def member_added(member: TeamMember, *, by: User, page: str, handover: str, gsa: User | None) -> tuple[str, str]:
    """Subject and text of the word to somebody who can log in already."""
    school = member.trajectory.school
    body = _body(
        "member_added",
        name=member.user.name,
        by=by,
        school=school,
        is_demo=member.trajectory.is_demo,
        role=_role(member),
        page=page,
        handover=handover,
        contact=gsa or by,
        contact_is_gsa=gsa is not None,
    )
    return _("Je hoort nu bij het team van %(school)s") % {"school": school.name[:100]}, body


def colleague_asked(user: User, trajectory: Trajectory, *, by: User, contact: User) -> tuple[str, str]:
    """Subject and text of the question to somebody with an account, who decides for themselves."""
    body = _body(
        "colleague_asked",
        name=user.name,
        by=by,
        school=trajectory.school,
        is_demo=trajectory.is_demo,
        role=_in_sentence(vocabulary().person("coordinator", trajectory.school.sector)),
        contact=contact,
    )
    return _("Een vraag van %(school)s") % {"school": trajectory.school.name[:100]}, body


def invitation_refused(invitation: Invitation) -> tuple[str, str]:
    """Subject and text of the word to who sent an invitation that came to the wrong person."""
    body = _body(
        "invitation_refused",
        name=invitation.invited_by.name if invitation.invited_by else "",
        email=invitation.user.email,
        invited=invitation.user.name,
        school=invitation.trajectory.school if invitation.trajectory else None,
    )
    return _("Een uitnodiging kwam bij de verkeerde terecht"), body
