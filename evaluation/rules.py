"""Who may see and write which evaluation interview. What may not be seen does not exist for that person."""

from collections.abc import Collection

from evaluation.enums import Side
from pilots.roles import May

SEE = {Side.GSA: May.SEE_GSA_EVALUATION, Side.SCHOOL: May.SEE}
WRITE = {Side.GSA: May.EVALUATE_GSA, Side.SCHOOL: May.EVALUATE}


def may_see(may: Collection[May], side: str) -> bool:
    """Whether somebody with these permissions sees the interviews with this side."""
    return SEE[Side(side)] in may


def may_write(may: Collection[May], side: str) -> bool:
    """Whether somebody with these permissions holds the interviews with this side."""
    return WRITE[Side(side)] in may
