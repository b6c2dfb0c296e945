"""The home page and the small switches of the frame."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from kezhan.core import door
from kezhan.core import home as home_cards
from kezhan.core.errors import NotFound
from kezhan.core.shell import CHOSEN_PROPERTY, Shell


@require_safe
@door.signed_in
def home(request: HttpRequest) -> HttpResponse:
    """工作台: where am I, what needs me now, what can I do."""
    shell = Shell(request, timezone.now())
    place = shell.house
    cards = []
    for card in home_cards.cards() if place is not None else ():
        if door.resolver().holds(request, card.right, place):
            context = card.context(request, place)
            if context is not None:
                cards.append(
                    {"template": card.template, "context": context, "wide": card.wide, "key": card.key}
                )
    return render(request, "website/home.html", {"cards": cards, "hour": shell.local_now.hour})


@require_POST
@door.signed_in
def choose_property(request: HttpRequest) -> HttpResponse:
    """Work in another of one's houses from now on."""
    place = door.resolver().enter_property(request, request.POST.get("property", ""))
    if place is None:
        raise NotFound()
    request.session[CHOSEN_PROPERTY] = place.code
    return redirect("website:home")


@door.public("a person must be able to read the sign-in page")
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    return set_language(request)


@door.public("for search engines: nothing here is theirs")
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")
