"""The home page and the small switches of the frame."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from kezhan.core import door
from kezhan.core import home as home_cards
from kezhan.core.errors import NotFound
from kezhan.core.shell import CHOSEN_PROPERTY, Shell, url_for


@require_safe
@door.signed_in
def home(request: HttpRequest) -> HttpResponse:
    """工作台: where am I, what needs me now, what can I do."""
    shell = Shell(request, timezone.now())
    place = shell.house
    context = {"cards": [], "steps": [], "hour": shell.local_now.hour}
    if place is not None:
        context |= {"cards": cards_for(request, place), "steps": steps_for(request, place)}
    return render(request, "website/home.html", context)


def cards_for(request: HttpRequest, place: Any) -> list[dict[str, Any]]:
    """The cards of the apps whose right this person holds here, as far as they have something to say."""
    shown = []
    for card in home_cards.cards():
        context = card.context(request, place) if door.resolver().holds(request, card.right, place) else None
        if context is not None:
            shown.append({"key": card.key, "template": card.template, "context": context, "wide": card.wide})
    return shown


def steps_for(request: HttpRequest, place: Any) -> list[dict[str, Any]]:
    """What a new house still needs; empty once it is all there, or for people who may not do it."""
    steps = [step for step in home_cards.first_steps() if door.resolver().holds(request, step.right, place)]
    listed = [
        {
            "label": step.label,
            "help": step.help,
            "url": url_for(step.url_name, place),
            "done": step.done(place),
        }
        for step in steps
    ]
    return listed if any(not step["done"] for step in listed) else []


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
