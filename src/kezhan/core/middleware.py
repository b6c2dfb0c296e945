"""One place where a refusal becomes what a person reads."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from . import htmx
from .errors import DomainError
from .shell import CHOSEN_PROPERTY


class WrongMethod(DomainError):
    code = "core.wrong_method"
    message = _("这个地址不能直接打开。")
    unlock = _("它只接受页面上的按钮，请返回上一页操作。")
    status = 405


class RefusalMiddleware:
    """Turns a DomainError that a view did not catch into a fragment (htmx) or a page, with its own status.

    Also remembers the house a person works in, for pages whose address names none.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        place = getattr(request, "property", None)
        if place is not None and request.session.get(CHOSEN_PROPERTY) != place.code:
            request.session[CHOSEN_PROPERTY] = place.code
        if isinstance(answer, HttpResponseNotAllowed) and not answer.content:
            allowed = answer["Allow"]
            answer = refusal(request, WrongMethod())
            answer["Allow"] = allowed
        return answer

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refusal(request, exception) if isinstance(exception, DomainError) else None


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The answer for a refusal: what was refused, what would unlock it, which clause stands behind it."""
    context = {"error": error, "advice": error.advice, "clause": error.clause}
    if htmx.is_htmx(request):
        return htmx.at_refusals(render(request, "core/_refusal.html", context, status=error.status))
    return render(request, "core/refusal.html", context, status=error.status)
