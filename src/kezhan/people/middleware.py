"""Sets who acts, for every request, and how the browser keeps our cookies."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from kezhan.policy import api as policy

from . import gate

View = Callable[..., HttpResponseBase]
GetResponse = Callable[[HttpRequest], HttpResponse]


class PersonMiddleware:
    """Gives the request `actor`, `group` and the lazy list `properties`, and lets nobody past who must first change a
    password or set up a second step. Parameters are checked once for the whole request."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: gate.actor_of(request))  # type: ignore[attr-defined]
        request.group = SimpleLazyObject(lambda: gate.group_of(request))  # type: ignore[attr-defined]
        request.properties = SimpleLazyObject(lambda: gate.properties_of(request))  # type: ignore[attr-defined]
        with policy.reading():
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple, kwargs: dict
    ) -> HttpResponseBase | None:
        return gate.detour(request, view)


class SecureCookieMiddleware:
    """Marks every cookie Secure whenever the page came by https, also where only the proxy in front speaks it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if request.is_secure():
            for cookie in answer.cookies.values():
                cookie["secure"] = True
        return answer
