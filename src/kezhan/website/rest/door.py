"""Who may call: a good bearer token within its limit."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from kezhan.people.rest import TokenAuth

from .limits import count_call


class Bearer(TokenAuth):
    """The token of `people`, and its limit. Raises TooManyCalls."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        caller = super().authenticate(request, token)
        if caller is not None:
            count_call(caller.token.group_id, caller.token.pk)
        return caller


Bearer.__name__ = "bearer"  # what the OpenAPI text calls the scheme
