"""Which requests pay for what a page needs."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, JsonResponse
from django.urls import resolve
from django.utils import translation

from kezhan.core.errors import DomainError
from kezhan.policy import api as policy

from .errors import problem

# Answered for machines: by token or for everybody, never by a session.
MACHINE_PATHS = ("/api/", "/healthz", "/readyz")


class FastLane:
    """Leads machines straight to their view and everybody else through the stack of pages.

    An availability question must not load a session, a person, messages and a language by cookie. The view is called
    here, so none of the middlewares below sees the request: no cookie signs anybody in on this lane, hence no CSRF check
    is needed on it. Stands directly after SecurityMiddleware.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.pages = get_response
        self.machine: Callable[[HttpRequest], HttpResponseBase] = convert_exception_to_response(serve)  # type: ignore[assignment]

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(MACHINE_PATHS):
            return self.pages(request)
        # Around the error handlers too: a thread keeps the language of the page it answered before.
        with translation.override(language_of(request)), policy.reading():
            return self.machine(request)


def language_of(request: HttpRequest) -> str:
    """What the client asks for; Chinese when it does not say."""
    asks = "HTTP_ACCEPT_LANGUAGE" in request.META
    return translation.get_language_from_request(request) if asks else settings.LANGUAGE_CODE


def serve(request: HttpRequest) -> HttpResponseBase:
    """Resolve and call the view. Faults and 404 are answered by the handlers of the URL root."""
    if request.path_info.startswith("/api/"):
        request.get_host()  # refuses a host that is not ours; probes of health come by address
    request.resolver_match = match = resolve(request.path_info)
    try:
        response = match.func(request, *match.args, **match.kwargs)
    except DomainError as error:
        response = refused(error)
    if isinstance(response, HttpResponseNotAllowed) and not response.content:
        return wrong_method(response)
    return response


def wrong_method(response: HttpResponseNotAllowed) -> JsonResponse:
    answer = problem(405)
    answer["Allow"] = response["Allow"]
    return answer


def refused(error: DomainError) -> JsonResponse:
    """A refusal that the REST layer did not answer itself."""
    return JsonResponse(error.problem(), status=error.status, content_type="application/problem+json")
