"""Answers that fit both a plain browser and htmx, so that a view need not ask which one it is talking to."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse

# Refusals and faults appear here whatever the request was aimed at: a table row is never replaced by a sentence.
REFUSALS = "#kz-refusals"
_UNDO = "undo:"


def is_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


def address(request: HttpRequest, url_name: str, *args: Any, **kwargs: Any) -> str:
    """Reverse `url_name`, adding the code of the house in view when the page belongs to one."""
    place = getattr(request, "property", None)
    if place is not None and not args:
        try:
            return reverse(url_name, kwargs={"property_code": place.code, **kwargs})
        except NoReverseMatch:
            pass
    return reverse(url_name, args=args, kwargs=kwargs)


def redirect(request: HttpRequest, url_name: str, *args: Any, **kwargs: Any) -> HttpResponse:
    """Go to a page of ours: 302 for a browser, HX-Redirect for htmx (which would swap the whole page into its target)."""
    return to(request, address(request, url_name, *args, **kwargs))


def to(request: HttpRequest, url: str) -> HttpResponse:
    """Like `redirect`, for an address that is already known."""
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def refresh(request: HttpRequest) -> HttpResponse:
    """Show the page the person is on anew: after a change that touches many of its parts."""
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return HttpResponseRedirect(request.get_full_path())


def render_fragment(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
    triggers: dict[str, Any] | None = None,
) -> HttpResponse:
    """A part of a page ("frontdesk/arrivals.html#rows"), followed by the toasts that wait. `triggers` are events that
    other parts of the page listen to, by name with their detail.
    """
    answer = render(request, template, context, status=status)
    if is_htmx(request):
        answer.content += render_to_string("core/_toasts_oob.html", request=request).encode()
    if triggers:
        answer["HX-Trigger"] = json.dumps(triggers)
    return answer


def at_refusals(answer: HttpResponse) -> HttpResponse:
    """Send a fragment to the place where every page shows refusals."""
    answer["HX-Retarget"] = REFUSALS
    answer["HX-Reswap"] = "innerHTML"
    return answer


def toast(request: HttpRequest, text: Any, *, undo_url: str = "", level: int = messages.SUCCESS) -> None:
    """Tell the person, on this answer or the next page, what was done. With `undo_url` (a POST address) it offers to take
    it back for ten seconds."""
    messages.add_message(request, level, str(text), extra_tags=f"{_UNDO}{undo_url}" if undo_url else "")


def undo_url_of(message: Any) -> str:
    tags = message.extra_tags or ""
    return tags[len(_UNDO) :] if tags.startswith(_UNDO) else ""
