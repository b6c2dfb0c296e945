"""夜审: what blocks it, the run, what it froze."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kezhan.billing import api as billing
from kezhan.core import htmx
from kezhan.core.door import requires
from kezhan.core.errors import NotFound
from kezhan.hotel import api as hotel
from kezhan.properties.api import local_date

from .. import night_audit as audits
from ..choices import AuditStatus
from ..forms import RunForm, day_of
from ..models import NightAudit, NightAuditReport
from ..rules import report_digest
from .stays import link

# Behind the door a request also carries `property` and `actor`.
Request = Any

HISTORY = 31


@require_safe
@requires("frontdesk.night_audit")
def night_audit(request: Request) -> HttpResponse:
    place = request.property
    day = hotel.business_date(place)
    running = (
        NightAudit.objects.of(place).filter(status=AuditStatus.RUNNING).order_by("business_date").first()
    )
    found = audits.blockers(place)
    context = {
        "day": day,
        "today": local_date(place, timezone.now()),
        "running": running,
        "close_day": running.business_date if running else day,
        "blocking": [(blocker, _url(request, blocker)) for blocker in found if blocker.blocks],
        "by_rule": [(blocker, _url(request, blocker)) for blocker in found if not blocker.blocks],
        "steps": audits.steps_of(running),
        "history": NightAuditReport.objects.of(place)
        .select_related("audit")
        .order_by("-business_date")[:HISTORY],
    }
    return render(request, "frontdesk/night_audit.html", context)


def _url(request: Request, blocker: audits.Blocker) -> str:
    return link(request, blocker.url_name, **blocker.url_kwargs) if blocker.url_name else ""


@require_POST
@requires("frontdesk.night_audit")
def run(request: Request) -> HttpResponse:
    """Run it, or go on with it. Who comes second is told who began."""
    form = RunForm(request.POST)
    if not form.is_valid():
        raise NotFound()
    day = form.cleaned_data["business_date"]
    known = (
        NightAudit.objects.of(request.property).filter(business_date=day, status=AuditStatus.DONE).exists()
    )
    done = audits.run(place=request.property, business_date=day, actor=request.actor, now=timezone.now())
    words = {"day": f"{day:%m-%d}", "who": done.started_by}
    said = (
        _("%(day)s 的夜审已由 %(who)s 做完")
        if known or done.started_by != request.actor.name
        else _("%(day)s 夜审完成")
    )
    htmx.toast(request, said % words)
    return htmx.redirect(request, "frontdesk:report", day=day.isoformat())


@require_safe
@requires("frontdesk.night_audit")
def report(request: Request, day: str) -> HttpResponse:
    wanted = day_of(day, date.min)
    found = (
        NightAuditReport.objects.of(request.property)
        .filter(business_date=wanted)
        .select_related("audit")
        .first()
    )
    if found is None:
        raise NotFound()
    context: dict[str, Any] = {
        "report": found,
        "content": found.content,
        "whole": found.digest == report_digest(found.content, found.previous_digest),
        "steps": audits.steps_of(found.audit),
        "revenue": [
            (billing.ChargeKind(kind).label, line) for kind, line in found.content["revenue"].items()
        ],
        "tenders": [
            (billing.PostingKind(line["kind"]).label, billing.Tender(line["tender"]).label, line)
            for line in found.content["tenders"]
        ],
        "ledgers": [(billing.Ledger(line["ledger"]).label, line) for line in found.content["ledgers"]],
    }
    return render(request, "frontdesk/report.html", context)
