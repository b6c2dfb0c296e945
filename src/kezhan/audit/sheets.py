"""The trail as a workbook."""

from __future__ import annotations

from collections.abc import Iterable
from tempfile import TemporaryFile
from typing import IO, Any
from zoneinfo import ZoneInfo

import xlsxwriter
from django.utils.translation import gettext as _

from .models import Event
from .rules import canonical
from .verbs import words_of


def write_events(events: Iterable[Event], zones: dict[int | None, tuple[str, str]]) -> IO[bytes]:
    """An open file at its beginning; the caller closes it. `zones` gives (code, time zone) of each property id."""
    out = TemporaryFile()  # noqa: SIM115
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    sheet = book.add_worksheet(_("审计记录"))
    bold = book.add_format({"bold": True})
    for column, (title, width) in enumerate(_columns()):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, bold)
    sheet.freeze_panes(1, 0)
    for row, event in enumerate(events, start=1):
        for column, text in enumerate(_cells(event, *zones.get(event.property_id, zones[None]))):
            sheet.write_string(row, column, text)
    book.close()
    out.seek(0)
    return out


def _columns() -> list[tuple[str, int]]:
    return [
        (_("时间"), 20), (_("门店"), 12), (_("人员"), 14), (_("代表"), 12), (_("途径"), 10), (_("动作"), 22),
        (_("动作代码"), 28), (_("对象"), 18), (_("对象类型"), 24), (_("原因"), 30), (_("要点"), 50),
        (_("改前摘要"), 20), (_("改后摘要"), 20),
    ]  # fmt: skip


def _cells(event: Event, code: str, zone: str) -> list[Any]:
    return [
        f"{event.at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}",
        code,
        event.actor_name,
        event.principal,
        str(event.get_origin_display()),
        str(words_of(event.verb)),
        event.verb,
        event.subject_label,
        event.subject_kind,
        event.reason,
        canonical(event.facts).decode() if event.facts else "",
        event.before_digest[:16],
        event.after_digest[:16],
    ]
