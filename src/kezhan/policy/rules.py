"""Pure functions: values between JSON, code and form, and their bounds."""

from __future__ import annotations

from datetime import time
from decimal import Decimal, InvalidOperation
from typing import Any

from .choices import Kind

TEXT_CHARS = 200
TABLE_ROWS = 50
_YES = {"1", "true", "yes", "on"}
_NO = {"0", "false", "no", "off", ""}
LARGEST = Decimal(10) ** 12


class NotThatKind(ValueError):
    """The text or value cannot be read as the parameter's kind."""


def to_plain(parameter: Any, given: Any) -> Any:
    """JSON of `given`: numbers with places and times become text, so that nothing is rounded on the way."""
    match parameter.kind:
        case Kind.DURATION | Kind.INTEGER:
            return _integer(given)
        case Kind.DECIMAL | Kind.PERCENT:
            return format(_decimal(given).normalize(), "f")
        case Kind.MONEY:
            return format(_money(given), "f")
        case Kind.TIME:
            return _time(given).isoformat("minutes")
        case Kind.CHOICE:
            return _choice(parameter, given)
        case Kind.BOOL:
            return _bool(given)
        case Kind.TEXT:
            return _text(given)
        case Kind.TABLE:
            return _table(parameter, given)
    raise NotThatKind(parameter.kind)


def to_typed(parameter: Any, plain: Any) -> Any:
    match parameter.kind:
        case Kind.DURATION | Kind.INTEGER:
            return _integer(plain)
        case Kind.DECIMAL | Kind.PERCENT:
            return _decimal(plain)
        case Kind.MONEY:
            return _money(plain)
        case Kind.TIME:
            return _time(plain)
        case Kind.TABLE:
            return tuple(
                {column.name: to_typed(column, row[column.name]) for column in parameter.columns}
                for row in _table(parameter, plain)
            )
    return to_plain(parameter, plain)


def in_bounds(typed: Any, low: Any, high: Any) -> bool:
    """Whether a value lies within both bounds; None is no bound. A table has none."""
    if isinstance(typed, tuple | str | bool):
        return True
    return (low is None or typed >= low) and (high is None or typed <= high)


def _integer(given: Any) -> int:
    if isinstance(given, bool):
        raise NotThatKind(given)
    number = _decimal(given)
    if number != int(number):
        raise NotThatKind(given)
    return int(number)


def _decimal(given: Any) -> Decimal:
    if isinstance(given, bool | float):
        raise NotThatKind(given)
    try:
        number = Decimal(str(given).strip())
    except InvalidOperation as error:
        raise NotThatKind(given) from error
    if not number.is_finite() or abs(number) >= LARGEST or number.as_tuple().exponent < -6:  # type: ignore[operator]
        raise NotThatKind(given)
    return number


def _money(given: Any) -> Decimal:
    amount = _decimal(given)
    if amount != amount.quantize(Decimal("0.01")):
        raise NotThatKind(given)
    return amount.quantize(Decimal("0.01"))


def _time(given: Any) -> time:
    if isinstance(given, time):
        return given.replace(second=0, microsecond=0)
    try:
        return time.fromisoformat(str(given).strip()).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError as error:
        raise NotThatKind(given) from error


def _choice(parameter: Any, given: Any) -> str:
    if given not in {code for code, _label in parameter.choices}:
        raise NotThatKind(given)
    return str(given)


def _bool(given: Any) -> bool:
    text = str(given).strip().lower()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise NotThatKind(given)


def _text(given: Any) -> str:
    text = str(given).strip()
    if len(text) > TEXT_CHARS or "\x00" in text:
        raise NotThatKind(given)
    return text


def _table(parameter: Any, given: Any) -> list[dict[str, Any]]:
    """Rows as dicts, or as sequences in the order of the columns, or plain values when there is one column."""
    if isinstance(given, str | bytes) or not hasattr(given, "__iter__"):
        raise NotThatKind(given)
    rows = [_row(parameter, row) for row in given]
    if not rows or len(rows) > TABLE_ROWS:
        raise NotThatKind(given)
    if parameter.ascending:
        ordered = [
            to_typed(_column(parameter, parameter.ascending), row[parameter.ascending]) for row in rows
        ]
        if any(after <= before for before, after in zip(ordered, ordered[1:], strict=False)):
            raise NotThatKind(given)
    return rows


def _row(parameter: Any, row: Any) -> dict[str, Any]:
    columns = parameter.columns
    if isinstance(row, dict):
        cells = [row.get(column.name) for column in columns]
    elif isinstance(row, list | tuple):
        cells = list(row)
    else:
        cells = [row]
    if len(cells) != len(columns):
        raise NotThatKind(row)
    return {column.name: to_plain(column, cell) for column, cell in zip(columns, cells, strict=True)}


def _column(parameter: Any, name: str) -> Any:
    return next(column for column in parameter.columns if column.name == name)
