"""Rights are declared in code by the app that asks for them; roles (rows of `people`) gather them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from .registry import Registry

Scope = Literal["property", "group"]


@dataclass(frozen=True)
class Right:
    """`code` is `app.verb_object`, `label` the words a role editor shows; `scope` says where it is held."""

    code: str
    label: Any
    scope: Scope = "property"
    high_risk: bool = False


RIGHTS: Registry[Right] = Registry("right")


def declare(code: str, label: Any, *, scope: Scope = "property", high_risk: bool = False) -> Right:
    return RIGHTS.register(code, Right(code, label, scope, high_risk))
