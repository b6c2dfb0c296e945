"""The door every request passes: each view declares its policy, and a test walks the URL table for one without.

Who holds which right is known to `people`, far above; it registers a resolver here. Pages of a property carry its code in
the address (`/p/<property_code>/...`), so that two tabs may show two hotels and no click lands in the wrong one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Literal, Protocol

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from .errors import NotAllowed, NotFound
from .rights import RIGHTS

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Policy:
    """`public` for everybody (with the reason), `signed_in` for any person, `right` for holders, `token` for REST."""

    kind: Literal["public", "signed_in", "right", "token"]
    right: str = ""
    scope: Literal["property", "group", "none"] = "none"
    reason: str = ""


class Resolver(Protocol):
    """What `people` registers."""

    def is_signed_in(self, request: HttpRequest) -> bool: ...

    def enter_property(self, request: HttpRequest, property_code: str) -> Any | None:
        """The property of that code if this person holds any post there; it becomes `request.property`."""

    def holds(self, request: HttpRequest, right: str, property: Any | None) -> bool:
        """Whether the person holds the right at the property (or, without one, in their group) at this very request."""

    def to_sign_in(self, request: HttpRequest) -> HttpResponse: ...


_resolver: Resolver | None = None


def register_resolver(resolver: Resolver) -> None:
    global _resolver
    if _resolver is not None:
        raise ImproperlyConfigured("a resolver is registered twice")
    _resolver = resolver


def resolver() -> Resolver:
    if _resolver is None:
        raise ImproperlyConfigured("no app has registered a resolver of rights")
    return _resolver


def public(reason: str) -> Callable[[View], View]:
    """Open to everybody, e.g. the sign-in page or a guest's voucher behind its token; `reason` is kept for reviewers."""
    return _declare(Policy("public", reason=reason))


def signed_in(view: View) -> View:
    """Open to every person who has signed in, e.g. the home page or one's own password."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not resolver().is_signed_in(request):
            return resolver().to_sign_in(request)
        return view(request, *args, **kwargs)

    return _declare(Policy("signed_in"))(guarded)


def requires(right: str, *, scope: Literal["property", "group"] = "property") -> Callable[[View], View]:
    """Only for holders of `right`. With scope "property" the address brings `property_code`; the view then finds the
    property as `request.property` and does not receive the code. Another hotel's code answers "not found".
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            doorkeeper = resolver()
            if not doorkeeper.is_signed_in(request):
                return doorkeeper.to_sign_in(request)
            place = None
            if scope == "property":
                place = doorkeeper.enter_property(request, kwargs.pop("property_code"))
                if place is None:
                    raise NotFound()
                request.property = place  # type: ignore[attr-defined]
            if not doorkeeper.holds(request, right, place):
                raise NotAllowed(right=RIGHTS.get(right).label)
            return view(request, *args, **kwargs)

        return _declare(Policy("right", right=right, scope=scope))(guarded)

    return decorate


def _declare(policy: Policy) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access_policy = policy  # type: ignore[attr-defined]
        return view

    return mark


def policy_of(view: Any) -> Policy | None:
    """The declared policy of a view, looking through the wrappers of decorators."""
    while view is not None:
        policy = getattr(view, "access_policy", None)
        if policy is not None:
            return policy
        view = getattr(view, "__wrapped__", None)
    return None
