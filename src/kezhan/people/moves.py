"""What other apps do when a person leaves or changes posts: called inside the transaction, in order of their names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from kezhan.core.actor import Actor
from kezhan.core.registry import Registry

from .models import StaffMove

MoveHook = Callable[[StaffMove, Actor, datetime], None]
LEAVER_HOOKS: Registry[MoveHook] = Registry("leaver hook")
TRANSFER_HOOKS: Registry[MoveHook] = Registry("transfer hook")


def on_leaver(name: str, hook: MoveHook) -> None:
    """`hook(move, actor, now)` runs when somebody leaves. A refusal it raises stops the leaving."""
    LEAVER_HOOKS.register(name, hook)


def on_transfer(name: str, hook: MoveHook) -> None:
    """`hook(move, actor, now)` runs when somebody changes posts; `move` names the old and the new holding."""
    TRANSFER_HOOKS.register(name, hook)


def run(hooks: Registry[MoveHook], move: StaffMove, actor: Actor, now: datetime) -> None:
    for _name, hook in hooks:
        hook(move, actor, now)
