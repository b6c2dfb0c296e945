"""The trail on screen, for those who hold `audit.read` in the group."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kezhan.core import door, htmx
from kezhan.core.actor import Actor
from kezhan.core.door import requires
from kezhan.core.xlsx import workbook_response

from . import operations, queries, sheets
from .checkpoints import export_checkpoint, last_checkpoint
from .forms import DAYS_SHOWN, EventFilter
from .models import ChainHead, Event
from .queries import Wanted
from .sealing import sealing_lag
from .tree import House, tree
from .verbs import words_of

DEFAULT_ZONE = "Asia/Shanghai"


@require_safe
@requires("audit.read", scope="group")
def events(request: HttpRequest) -> HttpResponse:
    """The group's events, newest first, fifty a page."""
    houses = {house.pk: house for house in tree().houses_of_group(_group_id(request))}
    form, wanted = _wanted(request, houses)
    page = None
    if wanted is not None:
        page = queries.page_of(
            queries.wanted_events(_group_id(request), wanted), request.GET.get("after", "")
        )
    context = {
        "form": form,
        "wanted": wanted,
        "houses": houses.values(),
        "rows": [_row(event, houses) for event in page.events] if page else [],
        "next_cursor": page.next_cursor if page else "",
    }
    return render(request, "audit/events.html", context, status=200 if wanted is not None else 422)


@require_safe
@requires("audit.read", scope="group")
def export(request: HttpRequest) -> HttpResponseBase:
    """The filtered events as a workbook. That somebody took them along is itself an event."""
    houses = {house.pk: house for house in tree().houses_of_group(_group_id(request))}
    _form, wanted = _wanted(request, houses)
    if wanted is None:
        return events(request)
    found = queries.wanted_events(_group_id(request), wanted)
    zones: dict[int | None, tuple[str, str]] = {
        pk: (house.code, house.timezone) for pk, house in houses.items()
    }
    lines = sheets.rows(queries.exported(found), zones | {None: ("", wanted.zone)})
    name = f"audit-{wanted.first:%Y%m%d}-{wanted.last:%Y%m%d}"
    answer = workbook_response(name, sheets.columns(), lines)
    operations.record(
        "audit.trail_exported", actor=_actor(request), subject=None, at=timezone.now(), group_id=_group_id(request),
        facts={"first": wanted.first, "last": wanted.last},
    )  # fmt: skip
    return answer


@require_safe
@requires("audit.read", scope="group")
def chain(request: HttpRequest) -> HttpResponse:
    """How far the seals are, the last checkpoint, and what a chain can and cannot prove."""
    group_id = _group_id(request)
    context = {
        "head": ChainHead.objects.filter(pk=group_id, seq__gt=0).first(),
        "checkpoint": last_checkpoint(group_id),
        "lag": sealing_lag(timezone.now()),
        "code": tree().code_of_group(group_id),
        "file": settings.KEZHAN_CHECKPOINT_FILE,
        "may_export": door.resolver().holds(request, "audit.export_checkpoint", None),
    }
    return render(request, "audit/chain.html", context)


@require_POST
@requires("audit.export_checkpoint", scope="group")
def checkpoint(request: HttpRequest) -> HttpResponse:
    """Write a checkpoint now, beside the daily one."""
    now = timezone.now()
    written = export_checkpoint(now)
    operations.record(
        "audit.checkpoint_exported", actor=_actor(request), subject=None, at=now, group_id=_group_id(request),
        facts={"lines": written},
    )  # fmt: skip
    htmx.toast(request, _("检查点已写入文件。") if written else _("上次导出之后没有新的封存记录。"))
    return htmx.redirect(request, "audit:chain")


def _group_id(request: HttpRequest) -> int:
    return request.group.pk  # type: ignore[attr-defined]


def _wanted(request: HttpRequest, houses: dict[int, House]) -> tuple[EventFilter, Wanted | None]:
    """The filter of the address; without days the last seven. None when it cannot be read."""
    house = next((house for house in houses.values() if house.code == request.GET.get("house")), None)
    zone = next((h.timezone for h in ([house] if house else houses.values())), DEFAULT_ZONE)
    today = timezone.now().astimezone(ZoneInfo(zone)).date()
    first_shown = today - timedelta(days=DAYS_SHOWN - 1)
    form = EventFilter(request.GET or None, today=today, initial={"first": first_shown, "last": today})
    if not form.is_bound:
        return form, Wanted(first_shown, today, zone)
    if not form.is_valid():
        return form, None
    data = form.cleaned_data
    last: date = data["last"] or max(today, data["first"] or today)
    first: date = data["first"] or last - timedelta(days=DAYS_SHOWN - 1)
    found = Wanted(
        first,
        last,
        zone,
        data["person"],
        data["verb"],
        data["subject"],
        house.pk if house is not None else None,
    )
    return form, found


def _row(event: Event, houses: dict[int, House]) -> dict[str, Any]:
    return {"event": event, "words": words_of(event.verb), "place": houses.get(event.property_id or 0)}


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]
