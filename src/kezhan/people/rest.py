"""How REST routers know the caller: a bearer token, and what it may do where."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from kezhan.properties.api import Property

from . import queries


class TokenAuth(HttpBearer):
    """One query by digest. Sets `request.actor`, `request.group` and `request.caller`; without a good token ninja
    answers 401."""

    def authenticate(self, request: HttpRequest, token: str) -> queries.Caller | None:
        caller = queries.authenticate_token(token, now=timezone.now())
        if caller is not None:
            request.caller = caller  # type: ignore[attr-defined]
            request.actor = caller.actor  # type: ignore[attr-defined]
            request.group = caller.token.group  # type: ignore[attr-defined]
        return caller


def require_scope(request: HttpRequest, right: str, property_code: str) -> Property:
    """The house the address names, if the token may do `right` there.

    Raises NotFound (404) for a house outside the token, NotAllowed (403) for a right outside its scopes.
    """
    return request.caller.place(right, property_code)  # type: ignore[attr-defined]
