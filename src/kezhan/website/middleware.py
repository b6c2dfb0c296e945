"""Which requests pay for what a page needs."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import resolve
from django.utils import translation

from kezhan.core.errors import DomainError

from .errors import answer

# Answered for machines: by token or for everybody, never by a session.
MACHINE_PATHS = ("/api/", "/healthz", "/readyz")


class FastLane:
    """Leads machines straight to their view and everybody else through the stack of pages.

    An availability question must not load a session, a person, messages and a language by cookie. The view is called
    here, so none of the middlewares below sees the request: no cookie signs anybody in on this lane, hence no CSRF check
    is needed on it. Stands directly after SecurityMiddleware.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.pages = get_response
        self.machine = convert_exception_to_response(serve)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(MACHINE_PATHS):
            return self.machine(request)
        return self.pages(request)


def serve(request: HttpRequest) -> HttpResponse:
    """Resolve and call the view. Faults and 404 are answered by the handlers of the URL root."""
    if request.path_info.startswith("/api/"):
        request.get_host()  # refuses a host that is not ours; probes of health come by address
    language = (
        translation.get_language_from_request(request) if "HTTP_ACCEPT_LANGUAGE" in request.META else ""
    )
    with translation.override(language or settings.LANGUAGE_CODE):
        match = resolve(request.path_info)
        request.resolver_match = match
        try:
            response = match.func(request, *match.args, **match.kwargs)
        except DomainError as error:
            response = refused(error)
    return answer(request, 405) if isinstance(response, HttpResponseNotAllowed) else response


def refused(error: DomainError) -> HttpResponse:
    """A refusal that the REST layer did not answer itself."""
    from django.http import JsonResponse

    return JsonResponse(error.problem(), status=error.status, content_type="application/problem+json")
