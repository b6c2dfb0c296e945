"""The scheduler: looks every half second which slots have come. A second one on another machine does no harm."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import DatabaseError
from django.utils import timezone

from .operations import beats, schedules
from .process import Clock, Heartbeat, Stop, process_name, refresh_connection

log = logging.getLogger("kezhan.outbox")

LOOK_EVERY = 0.5
BEAT_EVERY = 5.0


class Scheduler:
    def __init__(self, *, stop: Stop | None = None, clock: Clock = timezone.now) -> None:
        self.name = process_name()
        self.clock = clock
        self.stop = Stop() if stop is None else stop

    def run(self, *, once: bool = False) -> None:
        """Enqueue what is due until told to stop; with `once`, a single look."""
        self._beat(self.clock())
        heart = Heartbeat(self._beat, BEAT_EVERY, self.clock)
        heart.start()
        try:
            while not self.stop:
                self._look()
                if once:
                    return
                self.stop.wait(LOOK_EVERY)
        finally:
            heart.end()
            beats.sign_off(self.name)

    def _look(self) -> None:
        try:
            schedules.enqueue_due(now=self.clock())
        except DatabaseError as error:
            log.warning("scheduler waits for the database: %s", type(error).__name__)
            refresh_connection()
            self.stop.wait(1.0)

    def _beat(self, now: datetime) -> None:
        beats.beat(self.name, "SCHEDULER", now=now)
