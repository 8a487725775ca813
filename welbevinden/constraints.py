"""Database constraints with a sentence for people, written the same way everywhere."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import CheckConstraint, Q

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def one_of(field: str, values: Iterable[str | int], name: str) -> CheckConstraint:
    """The field holds one of `values`. Django's `choices` alone are only looked at by forms."""
    return CheckConstraint(condition=Q(**{f"{field}__in": list(values)}), name=name)


def holds(condition: Q, name: str, message: "StrOrPromise") -> CheckConstraint:
    """`condition` is true of every row; `message` is what a person reads when it is not."""
    return CheckConstraint(condition=condition, name=name, violation_error_message=message)


def set_exactly_when(fact: str, condition: Q, name: str, message: "StrOrPromise") -> CheckConstraint:
    """The field `fact` is filled when `condition` holds, and empty when it does not: state and facts agree."""
    filled = Q(**{f"{fact}__isnull": False})
    return CheckConstraint(
        condition=(condition & filled) | (~condition & ~filled), name=name, violation_error_message=message
    )
