"""The worker: takes due rows one by one and runs the handler registered for their name."""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

from django.db import DatabaseError
from django.utils import timezone

from .handlers import HANDLERS, Job, frames
from .models import Task
from .operations import beats, claims
from .process import Clock, Heartbeat, Stop, process_name, refresh_connection
from .rules import describe_failure

log = logging.getLogger("kezhan.outbox")

LOOK_EVERY = 0.3
BEAT_EVERY = 5.0


class Worker:
    """One process, one job at a time; start more processes for more hands, on as many machines as you like."""

    def __init__(
        self, *, lease: timedelta = claims.LEASE, stop: Stop | None = None, clock: Clock = timezone.now
    ) -> None:
        self.name = process_name()
        self.lease, self.clock = lease, clock
        self.stop = Stop() if stop is None else stop
        self.current: Task | None = None
        self.done = self.failed = 0
        self._looked_for_abandoned = 0.0

    def run(self, *, once: bool = False) -> None:
        """Work until told to stop; with `once`, until nothing is due."""
        beats.beat(self.name, "WORKER", now=self.clock())
        heart = Heartbeat(self._beat, min(BEAT_EVERY, self.lease.total_seconds() / 3), self.clock)
        heart.start()
        try:
            self._loop(once)
        finally:
            heart.end()
            beats.sign_off(self.name)

    def _loop(self, once: bool) -> None:
        while not self.stop:
            try:
                worked = self.step()
            except DatabaseError as error:
                # The database is restarting or busy; a worker that dies of it would only be started again.
                log.warning("worker waits for the database: %s", type(error).__name__)
                refresh_connection()
                worked = False
                self.stop.wait(1.0)
            if not worked:
                if once:
                    return
                self.stop.wait(LOOK_EVERY)

    def step(self) -> bool:
        """Run one due row. False when there is none."""
        self._take_back_abandoned()
        if not claims.something_is_due(now=self.clock()):
            return False
        task = claims.claim(worker=self.name, now=self.clock(), lease=self.lease)
        if task is None:
            return False
        self.current = task
        try:
            self._run(task)
        finally:
            self.current = None
        return True

    def _run(self, task: Task) -> None:
        try:
            with frames():
                HANDLERS.get(task.name)(_job(task, self.clock()))
        except Exception as error:  # noqa: BLE001 - whatever a handler raises is a failed attempt, written on its row
            self.failed += 1
            text = describe_failure(error)
            log.error(
                "job %s %s failed, attempt %s of %s: %s",
                task.name,
                task.token,
                task.attempts,
                task.max_attempts,
                text,
            )
            refresh_connection()
            claims.give_back(task, now=self.clock(), error=text)
            return
        if claims.finish(task, now=self.clock()):
            self.done += 1
        else:
            log.warning("job %s %s ended after its lease was lost", task.name, task.token)

    def _take_back_abandoned(self) -> None:
        passed = time.monotonic() - self._looked_for_abandoned
        if passed >= self.lease.total_seconds() / 4:
            self._looked_for_abandoned = time.monotonic()
            claims.take_back_abandoned(now=self.clock())

    def _beat(self, now: datetime) -> None:
        task = self.current
        if task is not None:
            claims.renew(task, now=now, lease=self.lease)
        beats.beat(self.name, "WORKER", now=now, done=self.done, failed=self.failed)


def _job(task: Task, now: datetime) -> Job:
    return Job(
        id=str(task.token),
        name=task.name,
        key=task.key or "",
        payload=task.payload,
        attempt=task.attempts,
        is_last_attempt=task.attempts >= task.max_attempts,
        now=now,
        property_id=task.property_id,
        group_id=task.group_id,
    )
