"""Heartbeats of the processes behind the rows."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..models import Worker

FORGOTTEN_AFTER = timedelta(days=1)


def beat(name: str, kind: str, *, now: datetime, done: int = 0, failed: int = 0) -> None:
    """Say that this process lives. The first beat makes its row and drops rows nobody has heard of for a day."""
    if Worker.objects.filter(name=name).update(beat_at=now, done=done, failed=failed):
        return
    Worker.objects.filter(beat_at__lt=now - FORGOTTEN_AFTER).delete()
    Worker.objects.create(name=name, kind=kind, started_at=now, beat_at=now, done=done, failed=failed)


def sign_off(name: str) -> None:
    """A process that stops in good order leaves no row behind."""
    Worker.objects.filter(name=name).delete()
