"""The trail as rows of a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from .models import Event
from .rules import canonical
from .verbs import words_of


def columns() -> list[str]:
    return [
        _("时间"), _("门店"), _("人员"), _("代表"), _("途径"), _("动作"), _("动作代码"), _("对象"), _("对象类型"),
        _("原因"), _("要点"), _("改前摘要"), _("改后摘要"),
    ]  # fmt: skip


def rows(events: Iterable[Event], zones: dict[int | None, tuple[str, str]]) -> Iterator[list[str]]:
    """`zones` gives (code, time zone) of each property id: a line shows the time its own house had."""
    for event in events:
        yield _cells(event, *zones.get(event.property_id, zones[None]))


def _cells(event: Event, code: str, zone: str) -> list[str]:
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
