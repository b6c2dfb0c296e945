"""前台: four lanes, each with its count and the next thing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kezhan.billing import api as billing
from kezhan.core.door import requires, resolver
from kezhan.hotel import api as hotel

from .. import queries
from ..models import Stay
from ..night_audit import blockers

# Behind the door a request also carries `property` and `actor`.
Request = Any

# A lane shows so many at once; the page says how many there are, and shows all of them on request.
SHOWN = 30


@require_safe
@requires("frontdesk.read")
def today(request: Request) -> HttpResponse:
    place = request.property
    day = hotel.business_date(place)
    text = request.GET.get("q", "").strip()
    lane = request.GET.get("lane", "")
    expected = queries.arrivals(place, day)
    here = queries.in_house(place)
    leaving = queries.departures(place, day)
    found = queries.find(place, text) if text else ([], [])
    holds = lambda right: resolver().holds(request, right, place)  # noqa: E731
    context = {
        "day": day,
        "q": text,
        "found_arrivals": found[0],
        "found_stays": found[1],
        "lane": lane,
        "counts": queries.counts(place, day),
        "arrivals": _shown(expected, lane == "arrivals"),
        "in_house": _shown(here, lane == "in_house"),
        "departures": _with_balances(_shown(leaving, lane == "departures")),
        "blockers": blockers(place),
        "departed": list(queries.departed_today(place, day)[:10]),
        "may": {right: holds(f"frontdesk.{right}") for right in ("check_in", "check_out", "night_audit")},
        "shown": SHOWN,
    }
    return render(request, "frontdesk/today.html", context)


def _shown(rows: Any, whole: bool) -> list[Any]:
    return list(rows if whole else rows[:SHOWN])


def _with_balances(stays: Sequence[Stay]) -> list[tuple[Stay, billing.Balance]]:
    money = billing.balances([stay.folio_id for stay in stays])
    return [(stay, money[stay.folio_id]) for stay in stays]
