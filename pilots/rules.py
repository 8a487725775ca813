"""Who may do what: pure questions about the roles a person has."""

from collections.abc import Collection, Iterable, Mapping

from pilots.roles import ROLES, May

# What somebody must be allowed in order to do a step.
STEP_PERMISSION: Mapping[int, May] = {
    1: May.MANAGE,
    2: May.PLAN_STEPS,
    3: May.RECORD_GROUPS,
    4: May.ANSWER_CHECKLIST,
    5: May.RELEASE_PLAN,
    6: May.CHOOSE,
    7: May.PLAN_STEPS,
    8: May.EVALUATE_GSA,
    9: May.EVALUATE,
}
STEP_ROLES: Mapping[int, frozenset[str]] = {
    number: frozenset(role.id for role in ROLES.values() if may in role.permissions)
    for number, may in STEP_PERMISSION.items()
}


def permissions(roles: Iterable[str]) -> frozenset[May]:
    """Everything that somebody with these roles may do. Several roles add up; none gives nothing."""
    return frozenset(may for role in roles for may in ROLES[role].permissions)


def can_do_step(number: int, roles: Collection[str]) -> bool:
    """Whether somebody with these roles can do step `number`."""
    return not STEP_ROLES[number].isdisjoint(roles)


def steps_of_role(role: str) -> frozenset[int]:
    """The numbers of the steps that somebody with this role can do."""
    return frozenset(number for number, roles in STEP_ROLES.items() if role in roles)
