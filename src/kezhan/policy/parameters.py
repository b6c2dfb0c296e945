"""Declarations: every number a regulation leaves open is a Parameter, declared by the app that reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from kezhan.core.registry import Registry

from .choices import Kind, Scope, Unit
from .rules import NotThatKind, in_bounds, to_plain, to_typed

ALL_SCOPES = (Scope.GROUP, Scope.PROPERTY, Scope.DEPARTMENT)


@dataclass(frozen=True)
class Column:
    """A column of a TABLE parameter."""

    name: str
    label: Any
    kind: Kind = Kind.MONEY


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A typed number of a regulation.

    `key` as in the catalogue of parameters; `module` is the app that reads it and groups the page. Hard bounds are law,
    with their `citation`: saving outside is refused. With `by_law=False` they lie in the nature of the number or in
    the product. Soft bounds warn. `given` marks a value the regulation states itself. `scopes` says where a value may
    be set. For a TABLE, `columns` name the columns and `ascending` the one whose values must rise.
    """

    key: str
    module: str
    label: Any
    kind: Kind
    default: Any
    unit: Unit = Unit.NONE
    hard_min: Any = None
    hard_max: Any = None
    citation: Any = ""
    by_law: bool = True
    soft_min: Any = None
    soft_max: Any = None
    clauses: tuple[str, ...] = ()
    scopes: tuple[Scope, ...] = ALL_SCOPES
    choices: tuple[tuple[str, Any], ...] = ()
    columns: tuple[Column, ...] = ()
    ascending: str = ""
    given: bool = False
    note: Any = ""
    _typed_default: Any = field(init=False, repr=False, compare=False, default=None)

    def __post_init__(self) -> None:
        if (self.hard_min is not None or self.hard_max is not None) and not self.citation:
            raise ImproperlyConfigured(f"{self.key}: a hard bound needs its citation")
        try:
            typed = self.typed(self.plain(self.default))
        except NotThatKind as error:
            raise ImproperlyConfigured(f"{self.key}: the default is not of kind {self.kind}") from error
        if not in_bounds(typed, self.hard_min, self.hard_max):
            raise ImproperlyConfigured(f"{self.key}: the default is outside its own bounds")
        object.__setattr__(self, "_typed_default", typed)

    @property
    def typed_default(self) -> Any:
        return self._typed_default

    def typed(self, plain: Any) -> Any:
        """The value as code uses it, from the JSON of a row. Raises NotThatKind."""
        return to_typed(self, plain)

    def plain(self, given: Any) -> Any:
        """The JSON of a value, from a typed value or a form's text. Raises NotThatKind."""
        return to_plain(self, given)


PARAMETERS: Registry[Parameter] = Registry("parameter")

_SPANS: Mapping[Unit, timedelta] = {
    Unit.SECONDS: timedelta(seconds=1),
    Unit.MINUTES: timedelta(minutes=1),
    Unit.HOURS: timedelta(hours=1),
    Unit.DAYS: timedelta(days=1),
    Unit.WEEKS: timedelta(weeks=1),
}


def declare(parameter: Parameter) -> Parameter:
    """Called from an app's hooks. A key declared twice fails at start."""
    return PARAMETERS.register(parameter.key, parameter)


def span(parameter: Parameter, count: int) -> timedelta:
    """A DURATION in minutes, hours, days or weeks as a timedelta; months and years have no fixed length."""
    try:
        return _SPANS[Unit(parameter.unit)] * count
    except KeyError:
        raise TypeError(f"{parameter.key} is counted in {parameter.unit or 'nothing'}") from None
