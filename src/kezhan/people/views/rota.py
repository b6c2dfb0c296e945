"""The duty rota: a week of one house."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kezhan.core import door
from kezhan.core.door import requires
from kezhan.core.errors import DomainError, NotFound
from kezhan.people import operations, queries
from kezhan.people.forms import ShiftForm
from kezhan.people.requests import PersonRequest
from kezhan.properties.api import Property

from .tabs import tabs


@requires("people.read", scope="group")
def rota(request: PersonRequest) -> HttpResponse:
    """Who is on duty when; planning below for those who may."""
    now = timezone.now()
    place = _house(request)
    first = _monday(request, queries.today_at(place, place.group_id, now))
    may_manage = door.resolver().holds(request, "people.manage", None)
    staff = queries.staff_at(place, now)
    form = ShiftForm(
        request.POST or None, place=place, staff=staff, initial={"day": max(first, now.date())}, today=first
    )
    if request.method == "POST":
        if not may_manage:
            raise NotFound()
        if form.is_valid() and _plan(request, form, place):
            return redirect(_address(place, first))
    context = {
        "tabs": tabs(request, "rota"),
        "place": place,
        "houses": request.properties,
        "first": first,
        "before": first - timedelta(days=7),
        "after": first + timedelta(days=7),
        "table": queries.rota(place, first),
        "now": now,
        "form": form if may_manage else None,
    }
    return render(request, "people/rota.html", context, status=422 if form.errors else 200)


@require_POST
@requires("people.manage", scope="group")
def cancel(request: PersonRequest) -> HttpResponse:
    place = _house(request)
    shift = queries.shift_by_handle(place, request.POST.get("shift", ""))
    operations.cancel_shift(shift_id=shift.pk, actor=request.actor, now=timezone.now())
    messages.success(request, _("班次已取消。"))
    return redirect(
        _address(place, _monday(request, queries.today_at(place, place.group_id, timezone.now())))
    )


def _plan(request: PersonRequest, form: ShiftForm, place: Property) -> bool:
    starts_at, ends_at = form.period()
    try:
        operations.plan_shift(
            department=form.cleaned_data["department"],
            place=place,
            user_id=form.cleaned_data["user"].pk,
            starts_at=starts_at,
            ends_at=ends_at,
            actor=request.actor,
            now=timezone.now(),
        )
    except DomainError as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, _("已排班。"))
    return True


def _house(request: PersonRequest) -> Property:
    """The house asked for, or the first of the person's. Another group's house is not found."""
    asked = request.POST.get("house") or request.GET.get("house")
    houses = list(request.properties)
    found = (
        next((house for house in houses if house.code == asked), None) if asked else next(iter(houses), None)
    )
    if found is None:
        raise NotFound()
    return found


def _monday(request: PersonRequest, today: date) -> date:
    try:
        day = date.fromisoformat(request.POST.get("week") or request.GET.get("week", ""))
    except ValueError:
        day = today
    return day - timedelta(days=day.weekday())


def _address(place: Property, first: date) -> str:
    return f"{reverse('people:rota')}?house={place.code}&week={first}"
