"""Lists as xlsx. Text stays text: a guest called "=1+1" is a name, not a formula."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import IO, Any
from zoneinfo import ZoneInfo

import xlsxwriter
from django.http import FileResponse
from django.utils.encoding import force_str
from django.utils.translation import gettext as _

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# One less than what a sheet holds, for the head; longer lists go on in the next sheet.
ROWS_OF_A_SHEET = 1_048_575
LONGEST_TEXT = 32_767
_FORMATS = {
    "head": {"bold": True, "bottom": 1, "text_wrap": True},
    "money": {"num_format": "#,##0.00"},
    "date": {"num_format": "yyyy-mm-dd"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm"},
    "time": {"num_format": "hh:mm"},
}


def workbook_response(
    name: str, columns: Sequence[Any], rows: Iterable[Sequence[Any]], *, timezone: str = "Asia/Shanghai"
) -> FileResponse:
    """Download `name`.xlsx. `columns` are the heads; cells may be text, Decimal, int, date, aware datetime (shown in
    `timezone`), bool or None."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - FileResponse closes it
    write_workbook(file, columns, rows, timezone=timezone)
    file.seek(0)
    return FileResponse(file, content_type=TYPE, as_attachment=True, filename=f"{name}.xlsx")


def write_workbook(
    file: IO[bytes], columns: Sequence[Any], rows: Iterable[Sequence[Any]], *, timezone: str = "Asia/Shanghai"
) -> int:
    """Write the list row by row, so that memory does not grow with it; returns how many rows it has."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
    }
    book = xlsxwriter.Workbook(file, options)
    formats = {key: book.add_format(look) for key, look in _FORMATS.items()}
    zone = ZoneInfo(timezone)
    count, sheet = 0, _new_sheet(book, columns, formats)
    for row in rows:
        at = count % ROWS_OF_A_SHEET + 1
        if count and at == 1:
            sheet = _new_sheet(book, columns, formats)
        for column, value in enumerate(row):
            _write(sheet, at, column, value, formats, zone)
        count += 1
    book.close()
    return count


def _new_sheet(book: Any, columns: Sequence[Any], formats: dict[str, Any]) -> Any:
    sheet = book.add_worksheet()
    for at, label in enumerate(columns):
        head = force_str(label)
        sheet.set_column(at, at, max(10, min(40, 4 + sum(2 if ord(c) > 255 else 1 for c in head))))
        sheet.write_string(0, at, head, formats["head"])
    sheet.freeze_panes(1, 0)
    return sheet


def _write(sheet: Any, row: int, column: int, value: Any, formats: dict[str, Any], zone: ZoneInfo) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_string(row, column, _("是") if value else _("否"))
    elif isinstance(value, Decimal):
        sheet.write_number(row, column, value, formats["money"])
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, value.astimezone(zone).replace(tzinfo=None), formats["moment"])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, formats["date"])
    elif isinstance(value, time):
        sheet.write_datetime(row, column, value, formats["time"])
    else:
        sheet.write_string(row, column, force_str(value)[:LONGEST_TEXT])
