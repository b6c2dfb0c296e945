"""设置/参数: every number a regulation leaves open, where it comes from, and how to change it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kezhan.core import door, htmx
from kezhan.core.actor import Actor
from kezhan.core.door import requires
from kezhan.core.errors import DomainError, NotFound
from kezhan.properties import api as properties

from . import operations, pages
from .forms import ValueForm
from .parameters import PARAMETERS, Parameter
from .words import typed_text


@require_safe
@requires("policy.read", scope="group")
def parameters(request: HttpRequest) -> HttpResponse:
    """All parameters by module, as they stand at the group or the house that was chosen."""
    place, houses = _place(request)
    today = pages.today_at(place, houses, timezone.now())
    context = {
        "place": place,
        "today": today,
        "modules": pages.modules(place, today),
        **pages.scope_choices(houses, place.house),
    }
    return render(request, "policy/parameters.html", context)


@require_safe
@requires("policy.read", scope="group")
def parameter(request: HttpRequest, key: str) -> HttpResponse:
    """One parameter: value, origin, bounds, history, and the form for those who may change it."""
    return _page(request, _declared(key), None)


@require_POST
@requires("policy.change", scope="group")
def set_value(request: HttpRequest, key: str) -> HttpResponse:
    """Set the value at the place of the address."""
    declared = _declared(key)
    place, houses = _place(request)
    now = timezone.now()
    today = pages.today_at(place, houses, now)
    form = _form(declared, place, today, request.POST)
    if form.is_valid() and _set(request, form, declared, place, today, now):
        htmx.toast(request, _("“%(label)s”已设置。") % {"label": declared.label})
        if not pages.within_advice(declared, form.cleaned_data["value"]):
            told = {"label": declared.label, "bounds": pages.soft_bounds(declared)}
            htmx.toast(
                request, _("注意：“%(label)s”超出建议范围 %(bounds)s。") % told, level=messages.WARNING
            )
        return htmx.to(request, _address(declared, place))
    return _page(request, declared, form)


def _set(
    request: HttpRequest, form: ValueForm, declared: Parameter, place: pages.Place, today: Any, now: Any
) -> bool:
    data = form.cleaned_data
    try:
        operations.set_value(
            declared.key, data["value"], effective_date=data["effective_date"], today=today, reason=data["reason"],
            actor=_actor(request), now=now, **place.where(),
        )  # fmt: skip
    except DomainError as refusal:
        form.refuse(refusal)
        return False
    return True


def _page(request: HttpRequest, declared: Parameter, form: ValueForm | None) -> HttpResponse:
    place, houses = _place(request)
    today = pages.today_at(place, houses, timezone.now())
    may_change = door.resolver().holds(request, "policy.change", None)
    offered = place.scope in declared.scopes
    context = {
        "place": place,
        "today": today,
        "line": pages.line(declared, place, today),
        "default_words": pages.words(declared, declared.typed_default),
        "history": list(pages.past(declared, place.group)),
        "form": form or (_form(declared, place, today) if may_change and offered else None),
        "may_change": may_change,
        "offered": offered,
        "scope_labels": [scope.label for scope in declared.scopes],
        **pages.scope_choices(houses, place.house),
    }
    return render(request, "policy/parameter.html", context, status=422 if form is not None else 200)


def _form(declared: Parameter, place: pages.Place, today: Any, data: Any = None) -> ValueForm:
    line = pages.line(declared, place, today)
    initial = {"value": typed_text(declared, line.origin.value), "effective_date": today}
    return ValueForm(data, parameter=declared, may_give_up=line.here, today=today, initial=initial)


def _place(request: HttpRequest) -> tuple[pages.Place, list[properties.Property]]:
    """The group, or the house and department of the query. Raises NotFound for another group's house."""
    group = request.group  # type: ignore[attr-defined]
    houses = list(properties.properties_of(group))
    code, department = request.GET.get("house", ""), request.GET.get("department", "")
    if not code:
        return pages.Place(group), houses
    house = next((house for house in houses if house.code == code), None)
    if house is None:
        raise NotFound()
    known = {known for known, _label in pages.departments_of(house)}
    if department and department not in known:
        raise NotFound()
    return pages.Place(group, house, department), houses


def _declared(key: str) -> Parameter:
    if key not in PARAMETERS:
        raise NotFound()
    return PARAMETERS.get(key)


def _address(declared: Parameter, place: pages.Place) -> str:
    parts = {"house": place.house.code if place.house else "", "department": place.department}
    query = urlencode({name: value for name, value in parts.items() if value})
    address = reverse("policy:parameter", args=[declared.key])
    return f"{address}?{query}" if query else address


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]
