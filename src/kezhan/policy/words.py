"""Values and bounds in words, as a person reads them."""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from .choices import Kind, Unit
from .parameters import Parameter

_WITHOUT_GAP = {Unit.PERCENT}


def words(parameter: Parameter, typed: Any) -> str:
    """24 小时, 10 %, ¥300.00, 18:00, 是, 3,000.00 / 10,000.00."""
    match parameter.kind:
        case Kind.BOOL:
            return _("是") if typed else _("否")
        case Kind.CHOICE:
            return str(dict(parameter.choices).get(typed, typed))
        case Kind.TABLE:
            return " / ".join(" ".join(_cell(cell) for cell in row.values()) for row in typed)
    unit = str(Unit(parameter.unit).label) if parameter.unit else ""
    return f"{_cell(typed)} {unit}".strip()


def _cell(value: Any) -> str:
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, Decimal):
        return f"{value:,f}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)


def typed_text(parameter: Parameter, typed: Any) -> str:
    """A value as it is typed into the form; a table has one row on each line."""
    if parameter.kind == Kind.TABLE:
        return "\n".join(" ".join(str(cell) for cell in row.values()) for row in typed)
    if parameter.kind == Kind.BOOL:
        return "yes" if typed else "no"
    return f"{typed:%H:%M}" if isinstance(typed, time) else str(typed)


def hard_bounds(parameter: Parameter) -> str:
    return _range(parameter, parameter.hard_min, parameter.hard_max)


def soft_bounds(parameter: Parameter) -> str:
    return _range(parameter, parameter.soft_min, parameter.soft_max)


def _range(parameter: Parameter, low: Any, high: Any) -> str:
    if low is not None and high is not None:
        return words(parameter, low) if low == high else f"{_cell(low)} – {words(parameter, high)}"
    if low is not None:
        return f"≥ {words(parameter, low)}"
    return f"≤ {words(parameter, high)}" if high is not None else ""
