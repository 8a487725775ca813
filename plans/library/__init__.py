"""The advice library: content (YAML) that answers topics. Pure: no Django, no database, no clock."""

from plans.library.loading import library, load
from plans.library.model import Advice, Intervention, Library, Recognition, When

__all__ = ["Advice", "Intervention", "Library", "Recognition", "When", "library", "load"]
