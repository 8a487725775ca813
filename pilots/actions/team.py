"""Who works in a trajectory."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models.functions import Lower

from pilots.audit import event, record
from pilots.models import TeamMember, Trajectory, User
from welbevinden.bulk import insert


def account_for(*, email: str, name: str, by: User | None) -> User:
    """The account with this e-mail address, or a new one that waits for its invitation."""
    found = User.objects.filter(email__iexact=email.strip()).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            user = User.objects.create_user(email=email, name=name)
            record("account-added", user, by=by)
            return user
    except IntegrityError:  # somebody else was just before us
        return User.objects.get(email__iexact=email.strip())


def accounts_for(names: Mapping[str, str], by: User | None) -> dict[str, User]:
    """The accounts with these e-mail addresses (with their names), new ones waiting, in a fixed number of queries."""
    wanted = {email.strip().lower(): (email, name) for email, name in sorted(names.items())}
    accounts = User.objects.alias(lowered=Lower("email")).filter(lowered__in=wanted)
    known = {user.email.lower() for user in accounts}
    new = [User(email=email, name=name) for email, (_, name) in wanted.items() if email not in known]
    for user in new:
        user.set_unusable_password()
    # Somebody else may add the same person at this moment: then it is theirs.
    User.objects.bulk_create(new, ignore_conflicts=True)
    found = {user.email.lower(): user for user in accounts.all()}
    insert(event("account-added", found[user.email], by=by) for user in new)
    return {given: found[email] for email, (given, _) in wanted.items()}


@transaction.atomic
def add_member(
    *, trajectory: Trajectory, email: str, name: str, role: str, by: User | None, at_start_meeting: bool = False
) -> tuple[TeamMember, bool]:
    """Give the person with this e-mail address a role. The second value says whether that was new."""
    user = account_for(email=email, name=name, by=by)
    member, added = TeamMember.objects.get_or_create(
        trajectory=trajectory, user=user, role=role, defaults={"at_start_meeting": at_start_meeting}
    )
    if added:
        record("member-added", member, by=by, trajectory_id=trajectory.pk, user=user.email, role=role)
    return member, added


@transaction.atomic
def remove_member(*, member: TeamMember, by: User | None) -> None:
    """Take a role from a person; the account stays."""
    record(
        "member-removed", member, by=by, trajectory_id=member.trajectory_id, user=member.user.email, role=member.role
    )
    member.delete()


@transaction.atomic
def replace_member(*, member: TeamMember, email: str, name: str, by: User | None) -> TeamMember:
    """Somebody else takes over the role."""
    trajectory, role = member.trajectory, member.role
    if member.user.email.lower() == email.strip().lower():
        return member
    before = member.user.email
    remove_member(member=member, by=by)
    successor = add_member(trajectory=trajectory, email=email, name=name, role=role, by=by)[0]
    # By this row a successor is known, also later, when the invitation goes out.
    record("member-replaced", successor, by=by, trajectory_id=trajectory.pk, before=before, role=role)
    return successor
