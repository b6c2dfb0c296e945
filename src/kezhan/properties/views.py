"""门店: the group's houses and their data, for holders of `properties.manage`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kezhan.core import htmx
from kezhan.core.actor import Actor
from kezhan.core.door import requires
from kezhan.core.errors import DomainError, NotFound

from . import operations, queries
from .forms import Closing, HouseData, NewHouse
from .models import Property


@require_safe
@requires("properties.manage", scope="group")
def houses(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    rows = [(house, _state(house, now)) for house in queries.properties_of(_group(request))]
    return render(request, "properties/houses.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@requires("properties.manage", scope="group")
def open_house(request: HttpRequest) -> HttpResponse:
    """A new house of the group."""
    form = NewHouse(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            house = operations.open_property(
                group=_group(request), actor=_actor(request), now=timezone.now(), **form.cleaned_data
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            htmx.toast(request, _("%(name)s 已建立。") % {"name": house.name})
            return htmx.redirect(request, "properties:house", code=house.code)
    return render(request, "properties/open_house.html", {"form": form}, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@requires("properties.manage", scope="group")
def house(request: HttpRequest, code: str) -> HttpResponse:
    """One house: its data, and its closing."""
    found = _house(request, code)
    form = HouseData.of(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.update_property(
                property_id=found.pk, actor=_actor(request), now=timezone.now(), **form.cleaned_data
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            htmx.toast(request, _("已保存。"))
            return htmx.redirect(request, "properties:house", code=code)
    return _page(request, found, form, Closing(), _status(form))


@require_POST
@requires("properties.manage", scope="group")
def close_house(request: HttpRequest, code: str) -> HttpResponse:
    found = _house(request, code)
    form = Closing(request.POST)
    if form.is_valid():
        try:
            operations.close_property(
                property_id=found.pk, actor=_actor(request), now=timezone.now(), **form.cleaned_data
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            htmx.toast(request, _("停业日期已登记。"))
            return htmx.redirect(request, "properties:house", code=code)
    return _page(request, found, HouseData.of(found), form, 422)


def _page(
    request: HttpRequest, found: Property, form: HouseData, closing: Closing, status: int
) -> HttpResponse:
    context = {"house": found, "form": form, "closing": closing, "state": _state(found, timezone.now())}
    return render(request, "properties/house.html", context, status=status)


def _group(request: HttpRequest) -> Any:
    return request.group  # type: ignore[attr-defined]


def _house(request: HttpRequest, code: str) -> Property:
    """A house of the person's own group, or "not found"."""
    found = queries.properties_of(_group(request)).filter(code=code).first()
    if found is None:
        raise NotFound()
    return found


def _state(house: Property, now: Any) -> str:
    """open, before its opening, closing on a coming date, or closed."""
    today = queries.local_date(house, now)
    if house.closed_date is not None:
        return "closed" if house.closed_date <= today else "closing"
    return "open" if house.opened_date <= today else "before"


def _status(form: Any) -> int:
    return 422 if form.is_bound else 200


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]
