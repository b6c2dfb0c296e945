"""What the app above registers here: the trail is lower than the tree of properties it speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from django.core.exceptions import ImproperlyConfigured


class House(Protocol):
    """A property as the trail's page names it."""

    pk: int
    code: str
    name: str
    timezone: str


class Tree(Protocol):
    """What `properties` knows and the trail needs: a property's group, and the code a chain is called by outside."""

    def group_of_property(self, property_id: int) -> Any:
        """An expression giving the group's id, so that recording stays one statement."""

    def code_of_group(self, group_id: int) -> str: ...

    def group_of_code(self, code: str) -> int | None: ...

    def houses_of_group(self, group_id: int) -> Sequence[House]: ...


_tree: Tree | None = None


def register_tree(known: Tree) -> None:
    global _tree
    if _tree is not None:
        raise ImproperlyConfigured("the tree of properties is registered twice")
    _tree = known


def tree() -> Tree:
    if _tree is None:
        raise ImproperlyConfigured("no app has registered the tree of properties")
    return _tree
