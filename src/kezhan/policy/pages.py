"""What the pages of parameters show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.apps import apps

from kezhan.core.shell import business_date
from kezhan.properties import api as properties

from .choices import Scope
from .departments import departments_of
from .models import ParameterValue
from .parameters import PARAMETERS, Parameter
from .queries import Provenance, explain, history
from .rules import NotThatKind, in_bounds
from .snapshot import reading
from .words import hard_bounds, soft_bounds, words


@dataclass(frozen=True)
class Place:
    """Where a value is looked at and set: the group, one of its properties, or a department there."""

    group: properties.Group
    house: properties.Property | None = None
    department: str = ""

    @property
    def scope(self) -> Scope:
        if self.house is None:
            return Scope.GROUP
        return Scope.DEPARTMENT if self.department else Scope.PROPERTY

    @property
    def scope_key(self) -> str:
        if self.house is None:
            return ""
        return f"{self.house.code}/{self.department}" if self.department else self.house.code

    @property
    def query(self) -> str:
        parts = [f"house={self.house.code}"] if self.house is not None else []
        return "&".join([*parts, f"department={self.department}"] if self.department else parts)

    def where(self) -> dict[str, Any]:
        """Arguments for `set_value`."""
        if self.house is None:
            return {"group": self.group}
        return {"property": self.house, "department": self.department}

    def asked(self, on: date) -> dict[str, Any]:
        """Arguments for `explain`."""
        return {"property": self.house, "group": self.group, "department": self.department, "on": on}


@dataclass(frozen=True)
class Line:
    """One parameter as the list shows it."""

    parameter: Parameter
    origin: Provenance
    words: str
    here: bool
    planned: ParameterValue | None
    planned_words: str
    hard: str
    soft: str

    @property
    def scope_label(self) -> Any:
        return Scope(self.origin.scope).label if self.origin.scope else ""


@dataclass(frozen=True)
class Module:
    label: Any
    lines: list[Line]


def today_at(place: Place, houses: list[properties.Property], now: Any) -> date:
    """The business date values are read for and must not begin before. For a group the latest date on any wall of its
    houses, so that no house finds its past changed.
    """
    if place.house is not None:
        return business_date(place.house) or properties.local_date(place.house, now)
    return max((properties.local_date(house, now) for house in houses), default=now.date())


def modules(place: Place, on: date) -> list[Module]:
    """Every declared parameter by module: two queries whatever their number."""
    planned = _planned(place, on)
    with reading():
        lines = [_line(parameter, place, on, planned.get(parameter.key)) for _key, parameter in PARAMETERS]
    lines.sort(key=lambda line: line.parameter.module)
    return [
        Module(apps.get_app_config(module).verbose_name, list(group))
        for module, group in groupby(lines, key=lambda line: line.parameter.module)
    ]


def line(parameter: Parameter, place: Place, on: date) -> Line:
    return _line(parameter, place, on, _planned(place, on, parameter.key).get(parameter.key))


def _line(parameter: Parameter, place: Place, on: date, planned: ParameterValue | None) -> Line:
    origin = explain(parameter.key, **place.asked(on))
    return Line(
        parameter=parameter,
        origin=origin,
        words=words(parameter, origin.value),
        here=(origin.scope, origin.scope_key) == (place.scope, place.scope_key),
        planned=planned,
        planned_words=words_of_row(parameter, planned) if planned else "",
        hard=hard_bounds(parameter),
        soft=soft_bounds(parameter),
    )


def _planned(place: Place, on: date, key: str = "") -> dict[str, ParameterValue]:
    """The next value of this very scope that is set but not in force yet, by parameter."""
    rows = ParameterValue.objects.of(place.group).filter(
        scope=place.scope, scope_key=place.scope_key, effective_date__gt=on, superseded_by__isnull=True
    )
    if key:
        rows = rows.filter(parameter=key)
    return {row.parameter: row for row in rows.order_by("-effective_date")}


@dataclass(frozen=True)
class Past:
    row: ParameterValue
    words: str
    scope_label: Any
    superseded: bool


def past(parameter: Parameter, group: properties.Group) -> Iterator[Past]:
    """Every value ever set in the group, newest first."""
    for row in history(parameter.key, group).select_related("superseded_by")[:200]:
        yield Past(row, words_of_row(parameter, row), Scope(row.scope).label, hasattr(row, "superseded_by"))


def words_of_row(parameter: Parameter, row: ParameterValue) -> str:
    """The stored value in words; "" where the scope gave its own up; the raw text if it no longer fits its kind."""
    if row.value is None:
        return ""
    try:
        return words(parameter, parameter.typed(row.value))
    except NotThatKind:
        return str(row.value)


def within_advice(parameter: Parameter, plain: Any) -> bool:
    """Whether a value that was just set lies within the soft bounds; giving a value up always does."""
    return plain is None or in_bounds(parameter.typed(plain), parameter.soft_min, parameter.soft_max)


def scope_choices(houses: list[properties.Property], house: properties.Property | None) -> dict[str, Any]:
    return {"houses": houses, "departments": departments_of(house) if house is not None else ()}
