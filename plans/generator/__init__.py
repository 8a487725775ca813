"""The plan generator: a school's situation and the advice library in, a draft plan out.

Pure: no Django, no clock, no database, no chance. `generate(situation, library())` gives the plan,
`Plan.as_json()` its fixed outward form, `plan_schema()` the JSON Schema of that form.
"""

from plans.generator.draft import generate
from plans.generator.plan import Action, Attention, Coverage, Plan, SectionPlan, Strength
from plans.generator.schema import plan_schema
from plans.generator.situation import (
    Answer,
    Checklist,
    Group,
    Idea,
    Kept,
    Offer,
    Option,
    Session,
    SetAside,
    Situation,
)

__all__ = [
    "Action",
    "Answer",
    "Attention",
    "Checklist",
    "Coverage",
    "Group",
    "Idea",
    "Kept",
    "Offer",
    "Option",
    "Plan",
    "SectionPlan",
    "Session",
    "SetAside",
    "Situation",
    "Strength",
    "generate",
    "plan_schema",
]
