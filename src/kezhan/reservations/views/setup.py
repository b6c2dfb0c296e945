"""What a house sets once: its first business day, price lists with their base prices, booking codes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kezhan.core import htmx
from kezhan.core.door import requires
from kezhan.core.errors import DomainError, NotFound
from kezhan.hotel import api as hotel
from kezhan.properties import api as properties
from kezhan.reservations import operations
from kezhan.reservations.forms import BasePriceForm, CodeForm, OpeningForm, PlanForm
from kezhan.reservations.models import BasePrice, BookingCode, RatePlan

from .shared import tabs, today_of


@require_http_methods(["GET", "HEAD", "POST"])
@requires("hotel.manage")
def opening(request: HttpRequest) -> HttpResponse:
    """开启营业: the date from which this house counts its days."""
    place = request.property  # type: ignore[attr-defined]
    today = properties.local_date(place, timezone.now())
    form = OpeningForm(request.POST or None, today=today, initial={"business_date": today})
    if form.is_valid():
        try:
            operations.open_for_business(place=place, **form.cleaned_data, **_by(request))
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            htmx.toast(request, _("营业日已开启。接下来建立房型与房间。"))
            return htmx.redirect(request, "website:home")
    return render(request, "reservations/opening.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@requires("reservations.manage_rates")
def setup(request: HttpRequest) -> HttpResponse:
    return _page(request, request.GET.get("plan", ""))


@require_POST
@requires("reservations.manage_rates")
def set_base_prices(request: HttpRequest, plan: str) -> HttpResponse:
    row = RatePlan.objects.of(request.property).filter(code=plan).first()  # type: ignore[attr-defined]
    if row is None:
        raise NotFound()
    form = _base_prices(request, row, request.POST)
    if form.is_valid():
        try:
            opened = operations.price_and_open(rate_plan=row, prices=form.prices(), **_by(request))
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            htmx.toast(request, _("基础房价已保存，新开放 %(nights)s 个可售房晚。") % {"nights": opened})
            return htmx.to(request, f"{htmx.address(request, 'reservations:setup')}?plan={row.code}")
    return _page(request, plan, price_form=form)


@require_POST
@requires("reservations.manage_rates")
def add_plan(request: HttpRequest) -> HttpResponse:
    form = PlanForm(request.POST)
    if form.is_valid():
        try:
            row = operations.add_rate_plan(
                place=request.property,  # type: ignore[attr-defined]
                **form.cleaned_data,
                **_by(request),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            htmx.toast(request, _("价格 %(code)s 已建立，请设定它的基础房价。") % {"code": row.code})
            return htmx.to(request, f"{htmx.address(request, 'reservations:setup')}?plan={row.code}")
    return _page(request, "", plan_form=form)


@require_POST
@requires("reservations.manage_rates")
def add_code(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            row = operations.add_booking_code(
                place=request.property,  # type: ignore[attr-defined]
                **form.cleaned_data,
                **_by(request),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            htmx.toast(request, _("分类 %(code)s 已建立。") % {"code": row.code})
            return htmx.redirect(request, "reservations:setup")
    return _page(request, "", code_form=form)


def _page(request: HttpRequest, plan_code: str, **forms: Any) -> HttpResponse:
    """Plans, the base prices of one of them, codes. `forms` holds the one that was refused."""
    place = request.property  # type: ignore[attr-defined]
    today_of(request)  # refuses before the first business day
    plans = list(RatePlan.objects.of(place))
    plan = next((one for one in plans if one.code == plan_code), plans[0] if plans else None)
    context = {
        "plans": plans,
        "plan": plan,
        "codes": BookingCode.objects.of(place).order_by("axis", "position", "code"),
        "price_form": _base_prices(request, plan) if plan else None,
        "plan_form": PlanForm(),
        "code_form": CodeForm(),
        "tabs": tabs(request, "setup"),
    } | forms
    return render(request, "reservations/setup.html", context, status=422 if forms else 200)


def _base_prices(request: HttpRequest, plan: RatePlan, data: Any = None) -> BasePriceForm:
    types = list(hotel.room_types_of(plan.property, today_of(request)))
    known = BasePrice.objects.of(plan.property).filter(rate_plan=plan)
    return BasePriceForm(data, types=types, known={row.room_type_id: row for row in known})


def _by(request: HttpRequest) -> dict[str, Any]:
    return {"actor": request.actor, "now": timezone.now()}  # type: ignore[attr-defined]
