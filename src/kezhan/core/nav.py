"""Navigation: each app registers its entries; a person sees those whose right they hold, in this order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .registry import Registry


@dataclass(frozen=True)
class NavItem:
    """An entry of the left rail. `url_name` reverses with `property_code` when `scope` is "property".

    `icon` is a name of the sprite (`tools/vendor.py` lists them); `shortcut` is the letter typed after "g".
    """

    key: str
    label: Any
    url_name: str
    right: str
    order: int
    icon: str
    scope: str = "property"
    shortcut: str = ""


NAVIGATION: Registry[NavItem] = Registry("navigation entry")


def register(item: NavItem) -> None:
    NAVIGATION.register(item.key, item)


def items() -> list[NavItem]:
    return sorted((item for _, item in NAVIGATION), key=lambda item: item.order)
