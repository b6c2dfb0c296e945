"""Who does something. Below `people` a person is a kind, an id and a printed name, without a foreign key."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

ActorKind = Literal["USER", "TOKEN", "GUEST", "SYSTEM"]
Origin = Literal["WEB", "REST", "COMMAND", "JOB", "IMPORT", "DEMO"]


@dataclass(frozen=True, slots=True)
class Actor:
    """The person or machine behind a change, as the trail prints it.

    `principal` names the person on whose behalf somebody else acts; `origin` is the door the act came through.
    """

    kind: ActorKind
    id: str
    name: str
    origin: Origin = "WEB"
    principal: str = ""

    def through(self, origin: Origin) -> Actor:
        return replace(self, origin=origin)


def system(name: str, origin: Origin = "JOB") -> Actor:
    """The product itself: a schedule, the night audit's steps, a replay."""
    return Actor(kind="SYSTEM", id=name, name=name, origin=origin)
