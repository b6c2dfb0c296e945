"""The administrator's page: what waits, runs or was given up, who works on it, and one more try."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kezhan.core import htmx
from kezhan.core.door import requires

from . import queries
from .choices import TaskState
from .operations import retry as retrying

TABS = {"waiting": TaskState.READY, "running": TaskState.RUNNING, "dead": TaskState.DEAD}


@require_safe
@requires("outbox.manage", scope="group")
def overview(request: HttpRequest) -> HttpResponse:
    """`?show=waiting|running|dead`; the part that moves asks for itself every five seconds."""
    counts = queries.counts(_group_id(request))
    show = request.GET.get("show", "")
    if show not in TABS:
        show = "dead" if counts["DEAD"] else "waiting"
    now = timezone.now()
    context = {
        "show": show,
        "counts": counts,
        "lines": queries.lines(_group_id(request), TABS[show]),
        "shown": queries.SHOWN,
        "processes": queries.processes(now),
        "alive": queries.alive(now),
        "scheduler_alive": queries.scheduler_alive(now),
        "schedules": queries.schedules(),
        "now": now,
    }
    template = "outbox/overview.html#live" if htmx.is_htmx(request) else "outbox/overview.html"
    return render(request, template, context)


@require_POST
@requires("outbox.manage", scope="group")
def retry(request: HttpRequest, token: UUID) -> HttpResponse:
    retrying.retry(token, group_id=_group_id(request), actor=request.actor, now=timezone.now())  # type: ignore[attr-defined]
    htmx.toast(request, _("已重新排队。"))
    return htmx.redirect(request, "outbox:overview")


def _group_id(request: HttpRequest) -> Any:
    return request.group.pk  # type: ignore[attr-defined]
