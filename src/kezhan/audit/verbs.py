"""The words of what happened: each app names its verbs, the stored code stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kezhan.core.registry import Registry

VERBS: Registry[Any] = Registry("audit verb")


def name_verbs(words: Mapping[str, Any]) -> None:
    """`{"frontdesk.checked_in": _("办理入住")}`, called from an app's hooks. A verb without words shows its code."""
    for verb, label in words.items():
        VERBS.register(verb, label)


def words_of(verb: str) -> Any:
    return VERBS.get(verb) if verb in VERBS else verb
