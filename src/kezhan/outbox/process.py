"""What worker and scheduler have in common: a name, a clean stop, a heartbeat in a thread of its own."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

log = logging.getLogger("kezhan.outbox")

Clock = Callable[[], datetime]


def process_name() -> str:
    """Host, process and a random tail: a process id alone comes again after a restart."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(3)}"


def refresh_connection() -> None:
    """Drop a connection that broke, so that the next statement opens a new one."""
    if not connection.in_atomic_block:
        close_old_connections()


class Stop:
    """Set by SIGTERM and SIGINT. A job that does not end within `grace` seconds is left to its lease."""

    def __init__(self, grace: float = 3.5) -> None:
        self.event = threading.Event()
        self.grace = grace

    def install(self) -> None:
        for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._received)

    def _received(self, *_: Any) -> None:
        self.event.set()
        timer = threading.Timer(self.grace, os._exit, args=(1,))
        timer.daemon = True
        timer.start()

    def __bool__(self) -> bool:
        return self.event.is_set()

    def wait(self, seconds: float) -> bool:
        return self.event.wait(seconds)


class Heartbeat(threading.Thread):
    """Calls `beat` every `seconds`. A database that is busy or away for a moment only delays the next beat."""

    def __init__(self, beat: Callable[[datetime], None], seconds: float, clock: Clock = timezone.now) -> None:
        super().__init__(daemon=True, name="heartbeat")
        self._beat, self._seconds, self._clock = beat, seconds, clock
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(self._seconds):
            try:
                self._beat(self._clock())
            except DatabaseError as error:
                log.warning("heartbeat delayed: %s", type(error).__name__)
                refresh_connection()
        connection.close()

    def end(self) -> None:
        self._ended.set()
        if self.is_alive():
            self.join(timeout=2)
