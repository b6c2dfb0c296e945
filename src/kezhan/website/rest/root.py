"""The root of REST: ninja with our door, our problem bodies and an OpenAPI text that says both."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cached_property, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, path, re_path
from django.utils.translation import get_language, override
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from kezhan.core.door import Policy
from kezhan.core.errors import DomainError
from kezhan.core.schemas import PROBLEM_TYPE, Problem

from . import problems

View = Callable[..., HttpResponse]
LANGUAGE = "zh-hans"
_KEY_PARAMETER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A repeat with the same key, address and body within 24 hours gets the answer of the first.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}
_TITLES = {
    400: "Unreadable request",
    401: "No valid token",
    403: "Not allowed",
    404: "Not found, or not visible to this token",
    405: "Method not allowed",
    409: "Refused: the state of things does not allow it",
    413: "Too large",
    422: "Fields that are wrong, by name",
    429: "Too many calls",
    500: "Fault",
    503: "Busy, try again",
}


class Root(NinjaAPI):
    """Each address answers to a token; only the OpenAPI text is open to everybody. `mounted_at` ends with a slash."""

    def __init__(self, *args: Any, mounted_at: str = "api/v1/", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._prefix = mounted_at
        self._texts: dict[str, bytes] = {}
        problems.install(self)

    def _get_urls(self) -> list[Any]:
        patterns = [
            _guard(pattern)
            for pattern in super()._get_urls()
            if isinstance(pattern, URLPattern) and pattern.name not in ("openapi-json", "api-root")
        ]
        return [
            path("openapi.json", self.openapi_text, name="openapi-json"),
            *patterns,
            re_path(r"^(?:.*)$", self.nothing_here, name="api-root"),
        ]

    @cached_property
    def openapi_text(self) -> View:
        def openapi(request: HttpRequest) -> HttpResponse:
            if request.method not in ("GET", "HEAD"):
                return _not_allowed(["GET", "HEAD"])
            text = self.openapi_bytes(get_language() or LANGUAGE)
            return HttpResponse(text, content_type="application/json; charset=utf-8")

        openapi.access_policy = Policy("public", reason="describes the interface, holds no data")  # type: ignore[attr-defined]
        return openapi

    @cached_property
    def nothing_here(self) -> View:
        """Addresses we do not have: a stranger learns no more than that a token is needed."""

        def missing(request: HttpRequest) -> HttpResponse:
            try:
                known = any(check(request) for check in self.auth or [])  # type: ignore[union-attr]
            except DomainError as refusal:
                return self.on_exception(request, refusal)
            return problems.plain(404) if known else problems.unauthorised()

        missing.csrf_exempt = True  # type: ignore[attr-defined]
        missing.access_policy = Policy("token")  # type: ignore[attr-defined]
        return missing

    def openapi_bytes(self, language: str) -> bytes:
        """Made once per process and language: who reads it is a person as well as a program."""
        if language not in self._texts:
            with override(language):
                self._texts[language] = json.dumps(
                    Text(self, self._prefix), ensure_ascii=False, default=str
                ).encode()
        return self._texts[language]


def _guard(pattern: URLPattern) -> URLPattern:
    """Declare the door of ninja's view, and give its plain 405 the body of all our refusals."""
    view = pattern.callback

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if isinstance(response, HttpResponseNotAllowed):
            return _not_allowed(response["Allow"].split(", "))
        return response

    guarded.access_policy = Policy("token")  # type: ignore[attr-defined]
    pattern.callback = guarded
    return pattern


def _not_allowed(methods: list[str]) -> HttpResponse:
    response = problems.plain(405)
    response["Allow"] = ", ".join(methods)
    return response


class Text(OpenAPISchema):
    """Ninja's OpenAPI 3.1 text, and what holds for every operation: it may be refused, some may be repeated."""

    def operation_details(self, operation: Operation) -> dict[str, Any]:
        details = super().operation_details(operation)
        if getattr(operation.view_func, "takes_idempotency_key", False):
            details["parameters"].append(_KEY_PARAMETER)
        body = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for status, title in _TITLES.items():
            details["responses"].setdefault(status, {"description": title, "content": body})
        return details

    def get_components(self) -> dict[str, Any]:
        components = super().get_components()
        components.setdefault("schemas", {})["Problem"] = Problem.model_json_schema()
        return components
