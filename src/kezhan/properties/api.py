"""What other apps may call."""

from .models import Edition, Group, GroupQuerySet, OfGroup, OfProperty, Property, PropertyQuerySet
from .operations import (
    CLOSING_CHECKS,
    AlreadyClosed,
    CannotClose,
    CodeTaken,
    close_property,
    open_group,
    open_property,
    update_property,
)
from .queries import group_by_code, local_date, properties_of, property_by_code
from .rules import zone

__all__ = [
    "CLOSING_CHECKS",
    "AlreadyClosed",
    "CannotClose",
    "CodeTaken",
    "Edition",
    "Group",
    "GroupQuerySet",
    "OfGroup",
    "OfProperty",
    "Property",
    "PropertyQuerySet",
    "close_property",
    "group_by_code",
    "local_date",
    "open_group",
    "open_property",
    "properties_of",
    "property_by_code",
    "update_property",
    "zone",
]
