"""Reads of the outbox."""

from __future__ import annotations

from datetime import datetime, timedelta

from .models import Worker

ALIVE_FOR = timedelta(seconds=30)


def alive(now: datetime) -> bool:
    """Whether a worker has given a heartbeat within the last half minute: what `/readyz` asks."""
    return Worker.objects.filter(kind="WORKER", beat_at__gte=now - ALIVE_FOR).exists()


def scheduler_alive(now: datetime) -> bool:
    return Worker.objects.filter(kind="SCHEDULER", beat_at__gte=now - ALIVE_FOR).exists()
