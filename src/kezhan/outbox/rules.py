"""Calculations of the outbox: when to try again, which slot of a schedule is due, how a failure is written down."""

from __future__ import annotations

import traceback
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from croniter import croniter

from kezhan.core.errors import DomainError

LONGEST_BACK_OFF = timedelta(minutes=30)
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def back_off(attempts: int) -> timedelta:
    """2, 4, 8 … seconds after the first, second, third failure, never longer than half an hour."""
    return min(timedelta(seconds=2 ** min(attempts, 20)), LONGEST_BACK_OFF)


def latest_slot(now: datetime, *, cron: str = "", every_seconds: int = 0, zone: str = "UTC") -> datetime:
    """The last moment not after `now` at which the schedule was due. Of several missed slots it is the only one kept."""
    if every_seconds:
        passed = int((now - EPOCH).total_seconds())
        return EPOCH + timedelta(seconds=passed - passed % every_seconds)
    local = now.astimezone(ZoneInfo(zone)).replace(microsecond=0) + timedelta(seconds=1)
    return croniter(cron, local).get_prev(datetime).astimezone(UTC)


def slot_key(schedule: str, slot: datetime) -> str:
    """Unique for a slot of a schedule, so that a second scheduler adds nothing."""
    return f"{schedule}@{slot:%Y-%m-%dT%H:%M:%SZ}"


def describe_failure(error: BaseException) -> str:
    """Kind and place of a failure. Its words are left out: they may quote a guest's name, number or message."""
    if isinstance(error, DomainError):
        return f"{type(error).__name__} {error.code}"[:300]
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    frames = traceback.extract_tb(error.__traceback__)
    ours = [
        frame for frame in frames if f"{Path('/kezhan/').as_posix()}" in Path(frame.filename).as_posix()
    ] or frames
    if not ours:
        return kind[:300]
    frame = ours[-1]
    return f"{kind} at {'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}"[:300]
