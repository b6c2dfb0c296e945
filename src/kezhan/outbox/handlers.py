"""What runs under which name, and when: declared in code by the apps that use the outbox (`hooks.py`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from croniter import croniter
from django.core.exceptions import ImproperlyConfigured

from kezhan.core.actor import Actor, system
from kezhan.core.registry import Registry


@dataclass(frozen=True)
class Job:
    """What a handler is given. `id` stays the same over all attempts: use it to make an outside effect happen once.

    `attempt` counts from 1; at `is_last_attempt` a failure ends the row as DEAD.
    """

    id: str
    name: str
    key: str
    payload: Mapping[str, Any]
    attempt: int
    is_last_attempt: bool
    now: datetime
    property_id: int | None = None
    group_id: int | None = None

    @property
    def actor(self) -> Actor:
        """The product itself, acting as this job, for the operations that the handler calls."""
        return system(self.name)


Handler = Callable[[Job], None]
Frame = Callable[[], AbstractContextManager[Any]]


@dataclass(frozen=True)
class Schedule:
    """A cron line in `zone`, or a step of `every_seconds`; each slot becomes one row for `handler`."""

    name: str
    handler: str
    cron: str = ""
    every_seconds: int = 0
    zone: str = "Asia/Shanghai"
    payload: Mapping[str, Any] = field(default_factory=dict)

    @property
    def rhythm(self) -> str:
        return f"{self.every_seconds} s" if self.every_seconds else f"{self.cron} {self.zone}"


HANDLERS: Registry[Handler] = Registry("outbox handler")
WAITING: Registry[str] = Registry("waiting outbox name")
SCHEDULES: Registry[Schedule] = Registry("schedule")
FRAMES: Registry[Frame] = Registry("frame of a job")
LABELS: dict[str, Any] = {}


def register_handler(name: str, function: Handler, *, label: Any = "") -> None:
    """`function` runs every row called `name`; `label` is what the administrator's page calls it.

    A name has one handler, and is then no longer waiting for one.
    """
    if name in WAITING:
        raise ImproperlyConfigured(f"outbox name {name!r} is declared as waiting and has a handler as well")
    HANDLERS.register(name, function)
    LABELS[name] = label


def words_of(name: str) -> Any:
    """The words of a job, or its name when it has none."""
    return LABELS.get(name) or name


def handler(name: str, *, label: Any = "") -> Callable[[Handler], Handler]:
    """`register_handler` as a decorator."""

    def register(function: Handler) -> Handler:
        register_handler(name, function, label=label)
        return function

    return register


def declare_waiting(name: str) -> None:
    """Rows of this name are written and kept; the app that will handle them does not exist yet."""
    if name in HANDLERS:
        raise ImproperlyConfigured(f"outbox name {name!r} is declared as waiting and has a handler as well")
    WAITING.register(name, name)


def register_schedule(
    name: str,
    *,
    handler: str,
    cron: str = "",
    every_seconds: int = 0,
    zone: str = "Asia/Shanghai",
    payload: Mapping[str, Any] | None = None,
) -> None:
    """Enqueue `handler` at each slot. Give either a cron line of five fields, read in `zone`, or `every_seconds`."""
    if bool(cron) == bool(every_seconds):
        raise ImproperlyConfigured(f"schedule {name!r} needs a cron line or a number of seconds")
    if cron and not croniter.is_valid(cron):
        raise ImproperlyConfigured(f"schedule {name!r} has no valid cron line")
    ZoneInfo(zone)
    SCHEDULES.register(name, Schedule(name, handler, cron, every_seconds, zone, dict(payload or {})))


def register_frame(name: str, frame: Frame) -> None:
    """`with frame():` stands around every job, for an app that keeps something for the length of one piece of work."""
    FRAMES.register(name, frame)


@contextmanager
def frames() -> Iterator[None]:
    """All of them, in the order of their names."""
    with ExitStack() as stack:
        for _, frame in FRAMES:
            stack.enter_context(frame())
        yield


def is_known(name: str) -> bool:
    return name in HANDLERS or name in WAITING


def handled_names() -> list[str]:
    return [name for name, _ in HANDLERS]
