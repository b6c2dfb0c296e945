"""How a stored state looks: the word, a hue and a glyph, so that colour never speaks alone.

An app declares its states once; `{% status_chip booking.status "reservations.booking" %}` shows one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Choices

from .registry import Registry

Tone = Literal["ok", "due", "busy", "in", "out", "bad", "off", "waived", "plain"]

GLYPHS: dict[str, str] = {
    "ok": "✓",
    "due": "●",
    "busy": "■",
    "in": "→",
    "out": "←",
    "bad": "✕",
    "off": "⊘",
    "waived": "▨",
    "plain": "",
}


@dataclass(frozen=True)
class Look:
    """`code` is printed before the word when it is a code of the trade (VC 空净房)."""

    label: Any
    tone: Tone = "plain"
    glyph: str = ""
    code: str = ""


LOOKS: Registry[Mapping[str, Look]] = Registry("set of states")


def declare(
    name: str,
    states: type[Choices],
    tones: Mapping[str, Tone],
    *,
    trade_codes: Mapping[str, str] | None = None,
) -> None:
    """Declare the looks of `states` under "app.noun". States without a tone look plain; `trade_codes` maps a stored
    state to the code of the trade printed beside its word.
    """
    codes = trade_codes or {}
    looks = {}
    for state in states:
        tone = tones.get(state.value, "plain")
        looks[state.value] = Look(state.label, tone, GLYPHS[tone], codes.get(state.value, ""))
    LOOKS.register(name, looks)


def look(name: str, state: str) -> Look:
    """The look of a state; one that nobody declared shows itself, plainly."""
    return LOOKS.get(name).get(state, Look(state))
