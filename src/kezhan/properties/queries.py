"""Reads, and what the trail asks us."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models.expressions import RawSQL

from kezhan.core.errors import NotFound

from .models import Group, HouseQuerySet, Property
from .rules import date_in_zone


def local_date(place: Property, at: datetime) -> date:
    """The calendar date at the property. Not its business date, which night audit rolls and `hotel` keeps."""
    return date_in_zone(at, place.timezone)


def property_by_code(code: str) -> Property:
    """Raises NotFound."""
    found = Property.objects.filter(code=code).select_related("group").first()
    if found is None:
        raise NotFound()
    return found


def group_by_code(code: str) -> Group:
    """Raises NotFound."""
    found = Group.objects.filter(code=code).first()
    if found is None:
        raise NotFound()
    return found


def properties_of(group: Any) -> HouseQuerySet:
    """Every house of a group (a Group or its id), closed ones too, by code."""
    return Property.objects.of_group(group).order_by("code")


class KnownTree:
    """Registered with `audit`, which is below us."""

    def group_of_property(self, property_id: int) -> Any:
        return RawSQL("(SELECT p.group_id FROM properties_property p WHERE p.id = %s)", [property_id])  # noqa: S611

    def code_of_group(self, group_id: int) -> str:
        return Group.objects.filter(pk=group_id).values_list("code", flat=True).first() or ""

    def group_of_code(self, code: str) -> int | None:
        return Group.objects.filter(code=code).values_list("pk", flat=True).first()

    def houses_of_group(self, group_id: int) -> list[Property]:
        return list(properties_of(group_id))
