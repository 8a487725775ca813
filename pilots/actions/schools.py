"""Schools, as the registers know them."""

from django.db import transaction
from django.db.models import Q

from pilots.audit import record
from pilots.models import School, User


def same_school(school: School) -> School | None:
    """Another school with the same BRIN and location, or the same name and place."""
    same = Q(name__iexact=school.name, place__iexact=school.place, sector=school.sector)
    if school.brin:
        same |= Q(brin=school.brin, location=school.location)
    return School.objects.filter(same).exclude(pk=school.pk).first()


@transaction.atomic
def save_school(*, school: School, by: User | None) -> School:
    """Add or change a school. Raises ValidationError for what the database would refuse."""
    school.full_clean()
    added = school.pk is None
    school.save()
    record("school-added" if added else "school-changed", school, by=by, name=school.name)
    return school
