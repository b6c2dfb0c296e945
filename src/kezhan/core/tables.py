"""Lists: sorted, paged by cursor without a silent limit, exported whole.

    COLUMNS = [
        Column("number", _("单号"), sort=("number",)),
        Column("arrival", _("到店"), lambda b: b.arrival_date, sort=("arrival_date", "number")),
        Column("total", _("金额"), lambda b: b.total, kind="money"),
    ]
    listing = Listing(request, rows, COLUMNS, sort="arrival", name=_("预抵"))
    if listing.wants_export:
        return listing.export()
    return render(request, "frontdesk/arrivals.html", {"listing": listing})

    {% include "core/_listing.html" %}        the whole table; or, where cells are drawn by hand,
    {% include "core/_listing_head.html" %} … {% include "core/_pager.html" %}

The last field of every sort must be unique and public (a number, a code): it stands in the address of the next page.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from django.core.exceptions import FieldError, ValidationError
from django.db.models import F, Model, Q, QuerySet
from django.http import FileResponse, HttpRequest

from .errors import InvalidInput
from .xlsx import workbook_response

Kind = Literal["text", "money", "number", "date", "moment", "long"]
PAGE = 50
SORT, CURSOR, EXPORT = "sort", "page", "export"


@dataclass(frozen=True)
class Column:
    """A column of a list: where its value comes from, how it is sorted and aligned.

    `value` is a function of the row or the name of an attribute (default: `key`). `cell`, when given, draws the cell on
    the page; the export always takes `value`.
    """

    key: str
    label: Any
    value: Callable[[Any], Any] | str = ""
    sort: tuple[str, ...] = ()
    kind: Kind = "text"
    cell: Callable[[Any], Any] | None = None

    def of(self, row: Any) -> Any:
        if callable(self.value):
            return self.value(row)
        found = row
        for part in (self.value or self.key).split("."):
            found = getattr(found, part, None)
        return found() if callable(found) else found


@dataclass(frozen=True)
class Head:
    label: Any
    kind: Kind
    url: str
    direction: str


class Listing:
    """One page of `rows`, in the order that the address asks for."""

    def __init__(
        self,
        request: HttpRequest,
        rows: QuerySet[Any],
        columns: Sequence[Column],
        *,
        sort: str,
        name: Any = "",
        size: int = PAGE,
    ) -> None:
        """`sort` is the key of the column sorted by at first, with a leading "-" for descending."""
        self.request, self.source, self.columns, self.name, self.size = request, rows, columns, name, size
        asked = request.GET.get(SORT, sort)
        sortable = {column.key for column in columns if column.sort}
        self.sort = asked if asked.removeprefix("-") in sortable else sort
        by = self.sort.removeprefix("-")
        self.order = next(column.sort for column in columns if column.key == by)
        self.descending = self.sort.startswith("-")

    # ------------------------------------------------------------ rows

    @cached_property
    def _page(self) -> tuple[list[Any], bool, bool]:
        """(rows, whether some stand before, whether some follow); one row more than shown is read to know."""
        backwards, values = read_cursor(self.request.GET.get(CURSOR, ""), len(self.order))
        rows = self._ordered(backwards)
        if values:
            rows = rows.filter(self._beyond(values, backwards))
        try:
            found = list(rows[: self.size + 1])
        except (ValueError, ValidationError, FieldError) as error:
            raise InvalidInput() from error
        more = len(found) > self.size
        found = found[: self.size]
        if backwards:
            return found[::-1], more, True
        return found, bool(values), more

    @property
    def rows(self) -> list[Any]:
        return self._page[0]

    @property
    def cells(self) -> list[list[tuple[Any, Kind]]]:
        """What the page shows, row by row."""
        return [[((c.cell or c.of)(row), c.kind) for c in self.columns] for row in self.rows]

    def _ordered(self, backwards: bool = False) -> QuerySet[Any]:
        down = self.descending != backwards
        return self.source.order_by(*[F(name).desc() if down else F(name).asc() for name in self.order])

    def _beyond(self, values: list[Any], backwards: bool) -> Q:
        """Rows after (before) the cursor: the first field further on, or equal and the next one further on, …"""
        step = "lt" if self.descending != backwards else "gt"
        condition = Q()
        equal = Q()
        for name, value in zip(self.order, values, strict=True):
            condition |= equal & Q(**{f"{name}__{step}": value})
            equal &= Q(**{name: value})
        return condition

    # ------------------------------------------------------------ addresses

    @property
    def next_url(self) -> str:
        return self._url(**{CURSOR: self._cursor(self.rows[-1])}) if self._page[2] and self.rows else ""

    @property
    def previous_url(self) -> str:
        return self._url(**{CURSOR: "-" + self._cursor(self.rows[0])}) if self._page[1] and self.rows else ""

    @property
    def first_url(self) -> str:
        return self._url(**{CURSOR: ""})

    @property
    def export_url(self) -> str:
        return self._url(**{CURSOR: "", EXPORT: "xlsx"})

    @property
    def heads(self) -> list[Head]:
        return [self._head(column) for column in self.columns]

    def _head(self, column: Column) -> Head:
        if not column.sort:
            return Head(column.label, column.kind, "", "")
        active = self.sort.removeprefix("-") == column.key
        direction = ("descending" if self.descending else "ascending") if active else ""
        turned = f"-{column.key}" if active and not self.descending else column.key
        return Head(column.label, column.kind, self._url(**{SORT: turned, CURSOR: ""}), direction)

    def _url(self, **changes: str) -> str:
        query = self.request.GET.copy()
        for key, value in changes.items():
            query.pop(key, None)
            if value:
                query[key] = value
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path

    def _cursor(self, row: Model) -> str:
        return write_cursor([_attribute(row, name) for name in self.order])

    # ------------------------------------------------------------ export

    @property
    def wants_export(self) -> bool:
        return self.request.GET.get(EXPORT) == "xlsx"

    def export(self) -> FileResponse:
        """All rows of the list, not only this page, in the order shown."""
        rows = (
            [column.of(row) for column in self.columns] for row in self._ordered().iterator(chunk_size=2000)
        )
        place = getattr(self.request, "property", None)
        zone = getattr(place, "timezone", "Asia/Shanghai")
        return workbook_response(
            str(self.name or "list"), [c.label for c in self.columns], rows, timezone=zone
        )


def _attribute(row: Any, path: str) -> Any:
    for part in path.split("__"):
        row = getattr(row, part)
    return row


def write_cursor(values: list[Any]) -> str:
    text = json.dumps(
        [value.isoformat() if hasattr(value, "isoformat") else value for value in values], default=str
    )
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(text: str, length: int) -> tuple[bool, list[Any]]:
    """(backwards, values); nothing for the first page. Raises InvalidInput for a text that we did not write."""
    if not text:
        return False, []
    backwards, body = text.startswith("-"), text.removeprefix("-")
    try:
        values = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (ValueError, binascii.Error) as error:
        raise InvalidInput() from error
    if not isinstance(values, list) or len(values) != length or not all(_plain(value) for value in values):
        raise InvalidInput()
    return backwards, values


def _plain(value: Any) -> bool:
    return isinstance(value, str | int | float) and not (isinstance(value, str) and "\0" in value)
