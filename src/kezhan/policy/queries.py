"""Reading parameters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from kezhan.properties import api as properties

from .choices import Scope
from .models import ParameterValue, ParameterValueQuerySet
from .parameters import PARAMETERS, Parameter, span
from .snapshot import Entry, snapshot


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a value comes from. `scope` is "" for the default of the product; `value_id` goes into a record that was
    decided by the value.
    """

    parameter: Parameter
    value: Any
    scope: str = ""
    scope_key: str = ""
    value_id: int | None = None
    effective_date: date | None = None
    recorded_at: datetime | None = None
    actor_name: str = ""


def value(
    key: str,
    *,
    property: properties.Property | None = None,
    group: properties.Group | None = None,
    department: str = "",
    on: date | None = None,
) -> Any:
    """The typed value in force on a business date: department, else property, else group, else default.

    Pass `on`, the business date, wherever a hotel's day matters; without it today's date at the property counts. Pass
    `group` alone for what a group decides as one. Costs at most one small query for each request or transaction.
    """
    found = _find(key, property, group, department, on)
    return found[2].value if found is not None else PARAMETERS.get(key).typed_default


def duration(key: str, **where: Any) -> timedelta:
    """A DURATION in minutes, hours, days or weeks as a timedelta. Arguments as for `value`."""
    return span(PARAMETERS.get(key), value(key, **where))


def explain(
    key: str,
    *,
    property: properties.Property | None = None,
    group: properties.Group | None = None,
    department: str = "",
    on: date | None = None,
) -> Provenance:
    """The value with its origin. Arguments as for `value`."""
    parameter = PARAMETERS.get(key)
    found = _find(key, property, group, department, on)
    if found is None:
        return Provenance(parameter, parameter.typed_default)
    scope, scope_key, entry = found
    return Provenance(
        parameter, entry.value, scope, scope_key, entry.value_id, entry.effective_date, entry.recorded_at,
        entry.actor_name,
    )  # fmt: skip


def _find(
    key: str,
    place: properties.Property | None,
    group: properties.Group | None,
    department: str,
    on: date | None,
) -> tuple[str, str, Entry] | None:
    PARAMETERS.get(key)
    group_id = place.group_id if place is not None else group.pk if group is not None else None
    if group_id is None:
        return None
    if on is None:
        on = properties.local_date(place, timezone.now()) if place is not None else timezone.now().date()
    held = snapshot(group_id, place)
    for scope, scope_key in _scopes(place, department):
        entry = held.at(key, scope, scope_key, on)
        if entry is not None:
            return scope, scope_key, entry
    return None


def _scopes(place: properties.Property | None, department: str) -> list[tuple[str, str]]:
    """Nearest first."""
    scopes = [(Scope.GROUP.value, "")]
    if place is not None:
        scopes.insert(0, (Scope.PROPERTY.value, place.code))
        if department:
            scopes.insert(0, (Scope.DEPARTMENT.value, f"{place.code}/{department}"))
    return scopes


def history(key: str, group: properties.Group) -> ParameterValueQuerySet:
    """Every value ever set in the group, newest first; superseded ones too."""
    return (
        ParameterValue.objects.of(group).filter(parameter=key).order_by("-effective_date", "-revision", "-pk")
    )
