"""One stay: its people, nights and money, what can be done now, and what cannot and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, resolve
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kezhan.audit import api as audit
from kezhan.billing import api as billing
from kezhan.core import htmx
from kezhan.core.door import policy_of, requires, resolver
from kezhan.core.errors import DomainError
from kezhan.core.money import ZERO
from kezhan.core.templatetags.kezhan import house_name
from kezhan.guests import api as guests
from kezhan.hotel import api as hotel

from .. import operations, queries
from ..choices import StayStatus
from ..forms import CheckOutForm, DepartureForm, GuestForm, MoveForm, ReasonForm, UndoCheckInForm
from ..models import Stay

# Behind the door a request also carries `property` and `actor`.
Request = Any

BOTH = ["GET", "HEAD", "POST"]


def link(request: Request, name: str, **kwargs: Any) -> str:
    """The address of another app's page, or "" where that page is not mounted or not open to this person."""
    try:
        address = htmx.address(request, name, **kwargs)
    except NoReverseMatch:
        return ""
    policy = policy_of(resolve(address).func)
    right = policy.right if policy else ""
    return "" if right and not resolver().holds(request, right, request.property) else address


@require_safe
@requires("frontdesk.read")
def stay(request: Request, number: str) -> HttpResponse:
    found = queries.stay_of(request.property, number)
    return render(request, "frontdesk/stay.html", stay_context(request, found))


def stay_context(request: Request, found: Stay) -> dict[str, Any]:
    """What the stay page and the side sheets show."""
    place = request.property
    day = hotel.business_date(place)
    people = list(found.guests.select_related("guest", "document").order_by("-is_main", "pk"))
    booked = found.booking_room
    return {
        "stay": found,
        "room": found.room,
        "booking": booked.booking,
        "booked": booked,
        "day": day,
        "nights": list(booked.nights.order_by("date")),
        "people": [(row, guests.masked_phone(row.guest), _document(row)) for row in people],
        "missing": max(booked.adults + booked.children - len(people), 0),
        "balance": billing.balance(found.folio_id),
        "deposits": list(billing.Deposit.objects.filter(folio_id=found.folio_id).order_by("pk")),
        "actions": actions(request, found, day),
        "folio_url": link(request, "billing:folio", number=found.folio.number),
        "bill_url": link(request, "billing:bill", number=found.folio.number, language=_language()),
        "booking_url": link(request, "reservations:booking", number=booked.booking.number),
        "history": [
            (event, audit.words_of(event.verb)) for event in audit.events_of(found).order_by("-pk")[:12]
        ],
    }


def _language() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh-hans"


def _document(row: Any) -> str:
    return guests.masked_document(row.document) if row.document is not None else ""


def actions(request: Request, found: Stay, day: Any) -> list[dict[str, Any]]:
    """Everything that may be done with a stay; `why_not` is "" for what may be done now."""
    here = found.status == StayStatus.IN_HOUSE
    gone = found.status == StayStatus.DEPARTED
    not_here = "" if here else _("客人不在住")
    after_audit = _("只能在当天夜审之前撤销")
    table = (
        ("check_out", _("办理离店"), "frontdesk.check_out", not_here),
        ("guests", _("登记同住人"), "frontdesk.check_in", not_here),
        ("departure", _("延住或提前离店"), "frontdesk.check_in", not_here),
        ("move", _("换房"), "frontdesk.check_in", not_here),
        (
            "undo_check_in", _("撤销入住"), "frontdesk.undo",
            not_here or ("" if found.checked_in_business_date == day else after_audit),
        ),
        (
            "undo_check_out", _("撤销离店"), "frontdesk.undo",
            (_("客人还没有离店") if not gone else "") or ("" if found.checked_out_business_date == day else after_audit),
        ),
    )  # fmt: skip
    return [
        {
            "key": key,
            "label": label,
            "url": htmx.address(request, f"frontdesk:{key}", number=found.number),
            "why_not": why
            or ("" if resolver().holds(request, right, request.property) else _("您的岗位没有这项权限")),
        }
        for key, label, right, why in table
    ]


def _lines(found: Stay) -> list[tuple[billing.Posting, Any]]:
    """The guest's lines of the bill with their words."""
    rows = billing.Posting.objects.filter(folio_id=found.folio_id, ledger=billing.Ledger.GUEST)
    return [(row, _label(row)) for row in rows.select_related("charge_code").order_by("pk")]


def _label(row: billing.Posting) -> Any:
    code = row.charge_code
    if code is None:
        return f"{row.get_kind_display()} {row.get_tender_display()}"
    shipped = billing.SHIPPED_CODES.get(code.code)
    return house_name(code) if code.name or shipped is None else shipped.label


# ---------------------------------------------------------------- acts with a form


def _act(
    request: Request, found: Stay, form: Any, template: str, title: str, act: Callable[[Any], object], said: str,
    context: dict[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    """Show the form; posted, do the act and go back to the stay, or show the refusal in the form."""
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                act(form)
            except DomainError as error:
                form.refuse(error)
            else:
                htmx.toast(request, said)
                return htmx.redirect(request, "frontdesk:stay", number=found.number)
        status = 422
    shown = {**stay_context(request, found), "form": form, "title": title, **(context or {})}
    return render(request, template, shown, status=status)


def _who(request: Request) -> dict[str, Any]:
    return {"actor": request.actor, "now": timezone.now()}


@require_http_methods(BOTH)
@requires("frontdesk.check_out")
def check_out(request: Request, number: str) -> HttpResponse:
    found = queries.stay_of(request.property, number)
    money = billing.balance(found.folio_id)
    start = {"amount": money.guest if money.guest else None}
    form = CheckOutForm(request.POST) if request.method == "POST" else CheckOutForm(initial=start)
    context = {
        "lines": _lines(found),
        "held": queries.held_deposits(found.folio_id),
    }  # fmt: skip

    def act(form: CheckOutForm) -> None:
        operations.check_out(
            stay_id=found.pk, payments=form.payments(), deposit_tender=form.cleaned_data["deposit_tender"] or None,
            deduct=form.cleaned_data["deduct"] or ZERO, deduct_reason=form.cleaned_data["deduct_reason"], **_who(request),
        )  # fmt: skip

    said = _("%(room)s 房已办理离店") % {"room": found.room.number}
    return _act(request, found, form, "frontdesk/check_out.html", _("办理离店"), act, said, context)


@require_http_methods(BOTH)
@requires("frontdesk.check_in")
def guests_of(request: Request, number: str) -> HttpResponse:
    """Register one more person."""
    found = queries.stay_of(request.property, number)
    form = GuestForm(request.POST or None)
    return _act(
        request, found, form, "frontdesk/act.html", _("登记同住人"),
        lambda form: operations.register_guest(stay_id=found.pk, person=form.person(is_main=False), **_who(request)),
        _("已登记同住人"),
    )  # fmt: skip


@require_http_methods(BOTH)
@requires("frontdesk.check_in")
def move(request: Request, number: str) -> HttpResponse:
    found = queries.stay_of(request.property, number)
    rooms = queries.rooms_to_move_to(found, hotel.business_date(request.property))
    form = MoveForm(request.POST or None, rooms=rooms)

    def act(form: MoveForm) -> None:
        room = hotel.room_by_number(request.property, form.cleaned_data["room"])
        operations.move_room(
            stay_id=found.pk, room_id=room.pk, reason=form.cleaned_data["reason"], **_who(request)
        )

    return _act(request, found, form, "frontdesk/act.html", _("换房"), act, _("已换房"))


@require_http_methods(BOTH)
@requires("frontdesk.check_in")
def departure(request: Request, number: str) -> HttpResponse:
    found = queries.stay_of(request.property, number)
    form = DepartureForm(
        request.POST or None,
        today=hotel.business_date(request.property),
        initial={"departure": found.departure_date},
    )
    return _act(
        request, found, form, "frontdesk/act.html", _("延住或提前离店"),
        lambda form: operations.change_departure(stay_id=found.pk, **form.cleaned_data, **_who(request)),
        _("离店日期已更改"),
    )  # fmt: skip


@require_http_methods(BOTH)
@requires("frontdesk.undo")
def undo_check_in(request: Request, number: str) -> HttpResponse:
    found = queries.stay_of(request.property, number)
    form = UndoCheckInForm(request.POST or None)
    return _act(
        request, found, form, "frontdesk/act.html", _("撤销入住"),
        lambda form: operations.undo_check_in(
            stay_id=found.pk, reason=form.cleaned_data["reason"], room_entered=form.cleaned_data["entered"], **_who(request)
        ),
        _("入住已撤销，押金已退回"),
    )  # fmt: skip


@require_http_methods(BOTH)
@requires("frontdesk.undo")
def undo_check_out(request: Request, number: str) -> HttpResponse:
    found = queries.stay_of(request.property, number)
    form = ReasonForm(request.POST or None)
    return _act(
        request, found, form, "frontdesk/act.html", _("撤销离店"),
        lambda form: operations.undo_check_out(stay_id=found.pk, **form.cleaned_data, **_who(request)),
        _("离店已撤销"),
    )  # fmt: skip


@require_safe
@requires("frontdesk.read")
def receipt(request: Request, number: str) -> HttpResponse:
    """押金收据, to be printed and signed."""
    found = queries.stay_of(request.property, number)
    return render(request, "frontdesk/receipt.html", stay_context(request, found))
