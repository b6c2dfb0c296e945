"""设置 › 房型与房间."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kezhan.core import door, htmx
from kezhan.core.door import requires
from kezhan.core.errors import DomainError

from . import operations, queries
from .choices import Cleanliness, Occupancy
from .forms import RetireForm, RoomForm, RoomTypeForm
from .rules import STATUS_WORDS, status_code

# The door sets `property`, the middlewares `actor` and `htmx`: no class of Django's has them.
Request = Any
METHODS = ["GET", "HEAD", "POST"]


@require_safe
@requires("hotel.read")
def rooms(request: Request) -> HttpResponse:
    """All rooms by floor and all types, retired ones at the end of their table."""
    types = list(queries.room_types_of(request.property))
    listed = list(queries.rooms_of(request.property))
    for room in listed:
        room.status_code = status_code(room.occupancy, room.cleanliness)
        room.status_words = STATUS_WORDS[room.status_code]
        room.status_tone = _tone(room)
    counts = {
        row.pk: sum(room.room_type_id == row.pk and not room.retired_date for room in listed) for row in types
    }
    for row in types:
        row.room_count = counts[row.pk]
    context = {
        "types": sorted(types, key=lambda row: row.retired_date is not None),
        "rooms": sorted(listed, key=lambda room: room.retired_date is not None),
        "in_use": sum(counts.values()),
        "may_manage": door.resolver().holds(request, "hotel.manage", request.property),
    }
    return render(request, "hotel/rooms.html", context)


def _tone(room: Any) -> str:
    if room.occupancy == Occupancy.OCCUPIED:
        return "busy"
    return "due" if room.cleanliness == Cleanliness.DIRTY else "ok"


@require_http_methods(METHODS)
@requires("hotel.manage")
def add_type(request: Request) -> HttpResponse:
    form = RoomTypeForm(request.POST or None)
    return _answer(
        request,
        form,
        _("新增房型"),
        lambda data: operations.add_room_type(place=request.property, **data, **_by(request)),
        _("房型 %(code)s 已建立。"),
    )


@require_http_methods(METHODS)
@requires("hotel.manage")
def add_room(request: Request) -> HttpResponse:
    today = _today(request)
    types = list(queries.room_types_of(request.property, today))
    form = RoomForm(request.POST or None, types=types, today=today, initial={"opened_date": today})
    return _answer(
        request,
        form,
        _("新增房间"),
        lambda data: operations.add_room(place=request.property, **data, **_by(request)),
        _("房间 %(number)s 已建立。"),
    )


@require_http_methods(METHODS)
@requires("hotel.manage")
def retire_room(request: Request, number: str) -> HttpResponse:
    room = queries.room_by_number(request.property, number)
    form = RetireForm(request.POST or None, today=_today(request))
    return _answer(
        request,
        form,
        _("停用房间 %(number)s") % {"number": number},
        lambda data: operations.retire_room(
            room_id=room.pk, property_id=request.property.pk, **data, **_by(request)
        ),
        _("房间 %(number)s 的停用已登记。"),
    )


@require_http_methods(METHODS)
@requires("hotel.manage")
def retire_type(request: Request, code: str) -> HttpResponse:
    row = queries.room_type_by_code(request.property, code)
    form = RetireForm(request.POST or None, today=_today(request))
    return _answer(
        request,
        form,
        _("停用房型 %(code)s") % {"code": code},
        lambda data: operations.retire_room_type(
            room_type_id=row.pk, property_id=request.property.pk, **data, **_by(request)
        ),
        _("房型 %(code)s 的停用已登记。"),
    )


def _today(request: Request) -> date:
    return queries.business_date(request.property)


def _by(request: Request) -> dict[str, Any]:
    return {"actor": request.actor, "now": timezone.now()}


def _answer(request: Request, form: Any, title: str, act: Callable[[dict], Any], done: str) -> HttpResponse:
    """Do it and go back to the list, or show the form with what stands in the way."""
    if request.method == "POST" and form.is_valid():
        try:
            row = act(form.cleaned_data)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            htmx.toast(
                request, done % {"number": getattr(row, "number", ""), "code": getattr(row, "code", "")}
            )
            return htmx.redirect(request, "hotel:rooms")
    template = "core/_act_form.html" if htmx.is_htmx(request) else "hotel/form.html"
    status = 422 if request.method == "POST" else 200
    return render(request, template, {"form": form, "form_title": title}, status=status)
