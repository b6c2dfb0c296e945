"""What the house can sell and for how much: availability by type and date, the price calendar, closed rooms."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kezhan.core import htmx
from kezhan.core.dates import each_day
from kezhan.core.door import requires
from kezhan.core.errors import DomainError, NotAllowed, NotFound
from kezhan.core.forms import read_date
from kezhan.core.rights import RIGHTS
from kezhan.hotel import api as hotel
from kezhan.reservations import operations, queries, rules
from kezhan.reservations.forms import ClosureForm, PriceForm
from kezhan.reservations.models import Closure, RatePlan

from .shared import may, tabs, today_of

DAYS = 14


def _window(request: HttpRequest, today: date) -> tuple[date, list[date]]:
    asked = read_date(request.GET.get("from", ""), today) if request.GET.get("from") else None
    first = asked or today
    return first, list(each_day(first, first + timedelta(days=DAYS)))


def _around(first: date) -> dict[str, str]:
    return {
        "earlier": (first - timedelta(days=DAYS)).isoformat(),
        "later": (first + timedelta(days=DAYS)).isoformat(),
    }


@requires("reservations.read")
def availability(request: HttpRequest) -> HttpResponse:
    """Rooms left by type and night; below zero is an overselling and shows red."""
    today, place = today_of(request), request.property  # type: ignore[attr-defined]
    first, days = _window(request, today)
    known = queries.grid(place, first, first + timedelta(days=DAYS))
    kinds = list(hotel.room_types_of(place, first))
    rows = [
        {"type": kind, "cells": [_cell(known.get((kind.pk, day)), day) for day in days]} for kind in kinds
    ]
    sums = [_sum([row["cells"][n] for row in rows]) for n in range(len(days))]
    context = {
        "days": days, "rows": rows, "sums": sums, "first": first, "today": today,
        "tabs": tabs(request, "availability"), "may_book": may(request, "reservations.book"),
    } | _around(first)  # fmt: skip
    return render(request, "reservations/availability.html", context)


def _cell(known: tuple[int, int, int, int] | None, day: date) -> dict[str, Any]:
    if known is None:
        return {"open": False, "day": day}
    left, sold, capacity, out = known
    return {"open": True, "day": day, "left": left, "sold": sold, "capacity": capacity, "out": out}


def _sum(cells: list[dict[str, Any]]) -> dict[str, Any]:
    cells = [cell for cell in cells if cell["open"]]
    supply = sum(cell["capacity"] - cell["out"] for cell in cells)
    sold = sum(cell["sold"] for cell in cells)
    return {"left": sum(cell["left"] for cell in cells), "share": sold / supply if supply else None}


@requires("reservations.read")
def prices(request: HttpRequest) -> HttpResponse:
    """The price calendar of one plan, and setting a range of it."""
    today, place = today_of(request), request.property  # type: ignore[attr-defined]
    may_manage = may(request, "reservations.manage_rates")
    plans = list(RatePlan.objects.of(place))
    plan = next((one for one in plans if one.code == request.GET.get("plan")), plans[0] if plans else None)
    first, days = _window(request, today)
    initial = {"rate_plan": plan.code if plan else "", "first": first, "end": days[-1] + timedelta(days=1)}
    form = PriceForm(request.POST or None, place=place, today=today, initial=initial)
    if request.method == "POST" and not may_manage:
        raise NotAllowed(right=RIGHTS.get("reservations.manage_rates").label)
    if request.method == "POST" and form.is_valid():
        try:
            return _set_prices(request, form.cleaned_data)
        except DomainError as error:
            form.refuse(error)
    known = queries.price_grid(place, plan.pk, first, first + timedelta(days=DAYS)) if plan else {}
    rows = [
        {"type": kind, "cells": [known.get((kind.pk, day)) for day in days]}
        for kind in hotel.room_types_of(place, first)
    ]
    context = {
        "plans": plans, "plan": plan, "days": [(day, rules.weekend(day)) for day in days], "rows": rows,
        "form": form, "first": first, "may_manage": may_manage, "tabs": tabs(request, "prices"),
    } | _around(first)  # fmt: skip
    return render(request, "reservations/prices.html", context, status=422 if form.errors else 200)


def _set_prices(request: HttpRequest, given: dict[str, Any]) -> HttpResponse:
    place = request.property  # type: ignore[attr-defined]
    plan = RatePlan.objects.of(place).get(code=given["rate_plan"])
    count = operations.set_prices(
        rate_plan=plan,
        room_type=hotel.room_type_by_code(place, given["room_type"]),
        first=given["first"],
        end=given["end"],
        price=given["price"],
        weekend_price=given["weekend_price"],
        actor=request.actor,  # type: ignore[attr-defined]
        now=timezone.now(),
    )
    htmx.toast(request, _("已设定 %(nights)s 晚的房价。") % {"nights": count})
    url = htmx.address(request, "reservations:prices")
    return htmx.to(request, f"{url}?plan={plan.code}&from={given['first'].isoformat()}")


@requires("reservations.read")
def closures(request: HttpRequest) -> HttpResponse:
    """Rooms closed now or later, and closing one."""
    today, place = today_of(request), request.property  # type: ignore[attr-defined]
    may_close = may(request, "reservations.close_rooms")
    initial = {"starts": today, "ends": today + timedelta(days=1)}
    form = ClosureForm(request.POST or None, place=place, today=today, initial=initial)
    if request.method == "POST" and not may_close:
        raise NotAllowed(right=RIGHTS.get("reservations.close_rooms").label)
    if request.method == "POST" and form.is_valid():
        try:
            return _close(request, form.cleaned_data)
        except DomainError as error:
            form.refuse(error)
    context = {
        "rows": queries.open_closures(place, today),
        "form": form,
        "may_close": may_close,
        "today": today,
        "tabs": tabs(request, "closures"),
    }
    return render(request, "reservations/closures.html", context, status=422 if form.errors else 200)


def _close(request: HttpRequest, given: dict[str, Any]) -> HttpResponse:
    place = request.property  # type: ignore[attr-defined]
    room = hotel.room_by_number(place, given["room"])
    operations.close_room(
        room_id=room.pk,
        property_id=place.pk,
        kind=given["kind"],
        starts=given["starts"],
        ends=given["ends"],
        reason=given["reason"],
        actor=request.actor,  # type: ignore[attr-defined]
        now=timezone.now(),
    )
    htmx.toast(request, _("%(room)s 房已封。") % {"room": room.number})
    return htmx.redirect(request, "reservations:closures")


@require_POST
@requires("reservations.close_rooms")
def release(request: HttpRequest, room: str, starts: str) -> HttpResponse:
    place = request.property  # type: ignore[attr-defined]
    try:
        day = date.fromisoformat(starts)
    except ValueError:
        raise NotFound() from None
    found = (
        Closure.objects.of(place).filter(room__number=room, starts_date=day, released_at__isnull=True).first()
    )
    if found is None:
        raise NotFound()
    operations.release_closure(
        closure_id=found.pk,
        property_id=place.pk,
        actor=request.actor,  # type: ignore[attr-defined]
        now=timezone.now(),
    )
    htmx.toast(request, _("%(room)s 房已解封。") % {"room": room})
    return htmx.redirect(request, "reservations:closures")
