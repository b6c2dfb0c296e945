"""The steps of a booking, each a button of its page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kezhan.core import htmx
from kezhan.core.door import requires
from kezhan.core.errors import DomainError
from kezhan.reservations import operations, queries
from kezhan.reservations.forms import ReasonForm
from kezhan.reservations.values import Booked

from .bookings import page_context
from .editor import show_voucher
from .shared import today_of


def _given(request: HttpRequest, number: str) -> dict[str, Any]:
    booking = queries.booking_by_number(request.property, number)  # type: ignore[attr-defined]
    return {
        "booking_id": booking.pk,
        "property_id": booking.property_id,
        "actor": request.actor,  # type: ignore[attr-defined]
        "now": timezone.now(),
    }


def _back(request: HttpRequest, number: str, words: str) -> HttpResponse:
    htmx.toast(request, words)
    return htmx.redirect(request, "reservations:booking", number=number)


@require_POST
@requires("reservations.book")
def eligibility(request: HttpRequest, number: str) -> HttpResponse:
    asked = request.POST.get("points", "").strip()
    points = int(asked) if asked.isdecimal() and len(asked) < 10 else 0
    booking = operations.check_eligibility(**_given(request, number), points_asked=points)
    return _back(request, number, _("资格已核：%(words)s。") % {"words": booking.get_eligibility_display()})


@require_POST
@requires("reservations.book")
def submit(request: HttpRequest, number: str) -> HttpResponse:
    booking = operations.submit(**_given(request, number))
    return _back(request, number, _("现在是：%(words)s。") % {"words": booking.get_status_display()})


@require_POST
@requires("reservations.book")
def confirm(request: HttpRequest, number: str) -> HttpResponse:
    return show_voucher(request, operations.confirm(**_given(request, number)))


@require_POST
@requires("reservations.book")
def issue_voucher(request: HttpRequest, number: str) -> HttpResponse:
    """A fresh link for the guest; the earlier ones stay as they were."""
    token = operations.issue_voucher(**_given(request, number))
    return show_voucher(request, Booked(queries.booking_by_number(request.property, number), token))  # type: ignore[attr-defined]


@require_POST
@requires("reservations.book")
def guest_confirmed(request: HttpRequest, number: str) -> HttpResponse:
    operations.guest_confirms(**_given(request, number))
    return _back(request, number, _("已记下：客人核对无误。"))


@requires("reservations.review")
def review(request: HttpRequest, number: str) -> HttpResponse:
    """A person decides; both answers need a reason."""

    def act(given: dict[str, Any], reason: str) -> HttpResponse:
        approved = request.POST.get("act") == "approve"
        operations.review(**given, approved=approved, reason=reason)
        return _back(request, number, _("审核通过，已留房。") if approved else _("审核未通过。"))

    buttons = [("approve", _("通过并留房")), ("refuse", _("不通过"))]
    return _with_reason(request, number, act, _("审核预订"), buttons)


@requires("reservations.book")
def decline(request: HttpRequest, number: str) -> HttpResponse:
    def act(given: dict[str, Any], reason: str) -> HttpResponse:
        operations.decline(**given, reason=reason)
        return _back(request, number, _("已记为未通过。"))

    return _with_reason(request, number, act, _("婉拒预订"), [("decline", _("婉拒"))])


@requires("reservations.cancel")
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    def act(given: dict[str, Any], reason: str) -> HttpResponse:
        booking = operations.cancel(**given, reason=reason)
        free = booking.cancelled_in_grace
        return _back(request, number, _("已取消，免费。") if free else _("已取消，按规则收取费用。"))

    return _with_reason(request, number, act, _("取消预订"), [("cancel", _("取消预订"))])


def _with_reason(
    request: HttpRequest,
    number: str,
    act: Callable[[dict[str, Any], str], HttpResponse],
    heading: str,
    buttons: list[tuple[str, str]],
) -> HttpResponse:
    form = ReasonForm(request.POST or None, today=today_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            return act(_given(request, number), form.cleaned_data["reason"])
        except DomainError as error:
            form.refuse(error)
    context = page_context(request, number) | {"form": form, "heading": heading, "buttons": buttons}
    return render(request, "reservations/reason.html", context, status=422 if form.errors else 200)
