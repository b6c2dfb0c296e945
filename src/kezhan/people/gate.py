"""The doorkeeper: answers for `core.door` who is signed in and what they may do at this very request."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from kezhan.core import door, htmx
from kezhan.core.actor import Actor
from kezhan.properties.api import Group, Property

from . import queries, sign_in

PASSWORD_PAGE = "account_change_password"  # noqa: S105
SECOND_STEP_PAGE = "mfa_index"
_WITHOUT_PASSWORD = {PASSWORD_PAGE, "account_logout"}
_WITHOUT_SECOND_STEP = {
    *_WITHOUT_PASSWORD,
    SECOND_STEP_PAGE,
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
}


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
        """The sign-in page, and back here afterwards; a fragment sends the browser there as a whole."""
        if not htmx.is_htmx(request):
            return redirect_to_login(request.get_full_path())
        page = request.htmx.current_url_abs_path  # type: ignore[attr-defined]
        return htmx.to(request, redirect_to_login(page or settings.LOGIN_REDIRECT_URL)["Location"])


def actor_of(request: HttpRequest) -> Actor | None:
    return request.user.actor() if request.user.is_authenticated else None


def group_of(request: HttpRequest) -> Group | None:
    return request.user.group if request.user.is_authenticated else None


def properties_of(request: HttpRequest) -> list[Property]:
    """The houses of the person, for the switch in the top bar."""
    if not request.user.is_authenticated:
        return []
    return list(queries.houses(request.user, standing(request)))


def detour(request: HttpRequest, view: Any) -> HttpResponseBase | None:
    """Where a person has to go first: a new password, then the second step their role asks for.

    Pages open to everybody are left alone, and so are machines: they have no session.
    """
    policy = door.policy_of(view)
    if (policy is not None and policy.kind in ("public", "token")) or not request.user.is_authenticated:
        return None
    if request.user.demo and not sign_in.demo_is_allowed(request):
        logout(request)
        return sign_in.refuse_demo(request)
    page = request.resolver_match.url_name if request.resolver_match else ""
    if request.user.must_change_password:
        return None if page in _WITHOUT_PASSWORD else htmx.to(request, reverse(PASSWORD_PAGE))
    if page not in _WITHOUT_SECOND_STEP and standing(request).needs_second_step:
        return htmx.to(request, reverse(SECOND_STEP_PAGE))
    return None
