"""What every REST router of the house stands on: strict types, bounded pages, problem bodies (RFC 9457), lean answers.

The rules that routers keep stand in docs/rest.md.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Field as Column
from django.db.models import Model, Q, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from .dates import FIRST_DATE, LAST_DATE
from .errors import DomainError

PROBLEM_TYPE = "application/problem+json"
LONGEST_PAGE = 200


# --- schemas and types ------------------------------------------------------------------------------------------------


class In(Schema):
    """A request body: unknown fields and values of another type are refused, nothing is guessed."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Filter(Schema):
    """Parameters of an address (`Query[...]`): always text, so numbers are read from it; unknown ones are ignored."""


class Out(BaseModel):
    """What we answer. Plain pydantic: build it with the values, hand it to `answer`."""

    model_config = ConfigDict(extra="forbid")


_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_AMOUNT = r"^-?[0-9]{1,12}(\.[0-9]{1,2})?$"
# Exactly the days we accept, so that a client that checks against our text is never surprised.
_DATE_PATTERN = (
    r"^(?:2[01][0-9]{2}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)"
    r"|(?:0[13578]|1[02])-31)|(?:20(?:[02468][048]|[13579][26])|21(?:0[48]|[2468][048]|[13579][26]))-02-29)$"
)
_DATE_SCHEMA = {
    "type": "string",
    "pattern": _DATE_PATTERN,
    "description": "a date, YYYY-MM-DD",
    "examples": ["2026-11-22"],
}


def _date(value: Any) -> date:
    """Only text: a number would be read as seconds since 1970. Dates outside what the house plans with are typing errors."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise PydanticCustomError("date_parsing", "a date is written as 2026-11-22")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("date_parsing", "a date is written as 2026-11-22") from None
    if not FIRST_DATE <= day <= LAST_DATE:
        raise PydanticCustomError("date_out_of_range", "the date lies too far away")
    return day


def _amount(value: Any) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or not re.fullmatch(_AMOUNT, value, re.ASCII):
        raise PydanticCustomError("decimal_parsing", "an amount is written as 388.00")
    return Decimal(value)


def _zulu(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


Day = Annotated[date, BeforeValidator(_date), WithJsonSchema(_DATE_SCHEMA)]
Amount = Annotated[
    Decimal,
    BeforeValidator(_amount),
    PlainSerializer(lambda amount: f"{amount:.2f}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": _AMOUNT, "examples": ["388.00"]}),
]
Moment = Annotated[
    datetime,
    PlainSerializer(_zulu, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-11-22T04:00:00Z"]}),
]
Code = Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9_-]+$")]
Number = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9-]+$")]


def text(max_length: int, min_length: int = 0) -> Any:
    """Words of a person, without NUL, which PostgreSQL cannot store."""
    return Annotated[str, Field(min_length=min_length, max_length=max_length, pattern=r"^[^\x00]*$")]


def whole(least: int, most: int) -> Any:
    """A whole number between bounds, both included. 2.0 is one, as JSON Schema has it; true and "2" in a body are not."""
    return Annotated[int, Field(ge=least, le=most), BeforeValidator(_whole)]


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


# --- answers ----------------------------------------------------------------------------------------------------------


def answer(body: BaseModel, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """The JSON of a schema, written once: returning the schema itself would make the framework dump it twice."""
    return HttpResponse(
        body.model_dump_json(),
        status=status,
        content_type="application/json; charset=utf-8",
        headers=dict(headers or {}),
    )


def problem(
    status: int, code: str, title: Any, *, detail: Any = "", errors: Mapping[str, Any] | None = None
) -> HttpResponse:
    """An RFC 9457 body. `errors` maps a field to the sentence that says what is wrong with it."""
    body: dict[str, Any] = {
        "type": f"urn:kezhan:problem:{code}",
        "title": str(title),
        "status": status,
        "code": code,
    }
    if detail:
        body["detail"] = str(detail)
    if errors:
        body["errors"] = {name: str(words) for name, words in errors.items()}
    return problem_answer(body)


def problem_answer(body: Mapping[str, Any]) -> HttpResponse:
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False), status=body["status"], content_type=PROBLEM_TYPE
    )
    # An expected refusal is no line in the log, and whoever answers a fault has logged it: Django need not do so again.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


class Problem(Out):
    """How every refusal and fault looks (RFC 9457). `code` is stable, `title` and `detail` are words for a person."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    code: str
    detail: str | None = None
    clause: str | None = None
    errors: dict[str, str] | None = None


# --- pages ------------------------------------------------------------------------------------------------------------

T = TypeVar("T")
M = TypeVar("M", bound=Model)


class PageQuery(Filter):
    """`limit` rows after the place that `next` of the page before named."""

    limit: whole(1, LONGEST_PAGE) = 50  # type: ignore[valid-type]
    after: Annotated[str, Field(max_length=300, pattern=r"^[A-Za-z0-9_-]*$")] = ""


class Page(Out, Generic[T]):
    """Some rows, and the cursor of the next ones or null at the end."""

    items: list[T]
    next: str | None = None


class NoSuchPage(DomainError):
    code = "core.no_such_page"
    message = _("没有这一页。")
    unlock = _("请不带 after 参数，从第一页读起。")
    status = 404


def page(rows: QuerySet[M], query: PageQuery, *, by: Sequence[str], make: Callable[[M], T]) -> Page[T]:
    """The asked page of `rows` in order of `by`: model fields, "-" before one for descending, the last one unique.

    It continues after the last row's values instead of counting an offset, so that a deep page costs what the first costs
    and rows that arrive meanwhile shift nothing.
    """
    if query.after:
        rows = rows.filter(_beyond(rows.model, by, query.after))
    found = list(rows.order_by(*by)[: query.limit + 1])
    more = len(found) > query.limit
    found = found[: query.limit]
    return Page(items=[make(row) for row in found], next=_cursor(found[-1], by) if more else None)


def _cursor(row: Model, by: Sequence[str]) -> str:
    values = []
    for name in by:
        values.append(_field(type(row), name).value_to_string(row))
    raw = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _beyond(model: type[Model], by: Sequence[str], cursor: str) -> Q:
    values = _read_cursor(model, by, cursor)
    condition, same = Q(pk__in=[]), Q()
    for name, value in zip(by, values, strict=True):
        field, comparison = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
        condition |= same & Q(**{f"{field}__{comparison}": value})
        same &= Q(**{field: value})
    return condition


def _read_cursor(model: type[Model], by: Sequence[str], cursor: str) -> list[Any]:
    try:
        texts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if (
            not isinstance(texts, list)
            or len(texts) != len(by)
            or any("\x00" in str(value) for value in texts)
        ):
            raise NoSuchPage()
        return [_read_value(_field(model, name), str(value)) for name, value in zip(by, texts, strict=True)]
    except (binascii.Error, ValueError, ArithmeticError, RecursionError, ValidationError) as error:
        raise NoSuchPage() from error


def _read_value(field: Column, text: str) -> Any:
    """The value a cursor names. Made-up ones must not reach the database: it would stumble over what we never wrote."""
    value = field.to_python(text)
    if isinstance(value, datetime) and (value.tzinfo is None or not 1900 < value.year < 2300):
        raise NoSuchPage()
    if isinstance(value, Decimal) and not value.is_finite():
        raise NoSuchPage()
    return value


def _field(model: type[Model], name: str) -> Column:
    return next(field for field in model._meta.concrete_fields if field.name == name.lstrip("-"))
