"""Cards of the home page: each app registers what a person should see first; the website arranges them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from .registry import Registry


@dataclass(frozen=True)
class HomeCard:
    """A card shown to holders of `right` at the house in view.

    `context(request, property)` is asked when the card is shown; `template` draws it inside `.kz-card`. A card whose
    context is None has nothing to say and is left out.
    """

    key: str
    right: str
    order: int
    template: str
    context: Callable[[HttpRequest, Any], Mapping[str, Any] | None]
    wide: bool = False


@dataclass(frozen=True)
class FirstStep:
    """Something a new house needs before it can work: shown on the home page until `done(property)`."""

    key: str
    right: str
    order: int
    label: Any
    help: Any
    url_name: str
    done: Callable[[Any], bool]


STEPS: Registry[FirstStep] = Registry("first step")
CARDS: Registry[HomeCard] = Registry("home card")


def register(card: HomeCard) -> None:
    CARDS.register(card.key, card)


def register_first_step(step: FirstStep) -> None:
    STEPS.register(step.key, step)


def first_steps() -> list[FirstStep]:
    return sorted((step for _, step in STEPS), key=lambda step: step.order)


def cards() -> list[HomeCard]:
    return sorted((card for _, card in CARDS), key=lambda card: card.order)
