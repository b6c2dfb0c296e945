"""Keeps a few child processes alive and ends them together. Knows nothing of what they do."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from . import osdep
from .say import warn

STOP_SECONDS = 4.2  # asked politely for this long; the rest of the five seconds is for the hard way
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
HEALTHY_SECONDS = 60.0
TICK = 0.1


@dataclass
class Child:
    """One process to keep alive. `pause` doubles with each death in a row and falls back after a healthy minute."""

    name: str
    command: Sequence[str]
    env: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    restart_at: float | None = None
    pause: float = FIRST_PAUSE
    deaths: int = field(default=0)

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Supervisor:
    def __init__(self, children: list[Child], *, clock: Callable[[], float] = time.monotonic) -> None:
        self.children = children
        self.clock = clock
        self._stop = threading.Event()
        self._hurry = False

    def take_signals(self) -> None:
        for number in osdep.stop_signals():
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: object) -> None:
        self._hurry = self._stop.is_set() and number == signal.SIGINT
        self._stop.set()

    @property
    def stopping(self) -> bool:
        return self._stop.is_set()

    def stop(self) -> None:
        self._stop.set()

    def start(self) -> None:
        for child in self.children:
            self._start(child)

    def watch(self, each_tick: Callable[[], None] = lambda: None) -> None:
        """Until a signal or `stop()`: restart what dies. `each_tick` may call `stop()`."""
        while not self._stop.is_set():
            for child in self.children:
                self._look_after(child)
            each_tick()
            self._stop.wait(TICK)

    def end(self) -> bool:
        """Stop all children. True when each of them went by itself in time."""
        running = [child for child in self.children if child.alive]
        for child in running:
            osdep.ask_group_to_stop(child.process)  # type: ignore[arg-type]
        until = time.monotonic() + STOP_SECONDS
        while any(child.alive for child in running) and time.monotonic() < until and not self._hurry:
            time.sleep(0.02)
        late = [child for child in running if child.alive]
        for child in self.children:
            if child.process is not None:
                # Also where the child is gone: what it left behind would keep answering on the port.
                osdep.kill_group(child.process)
                child.process.wait()
        return not late

    def _start(self, child: Child) -> None:
        child.process = osdep.start_group(child.command, child.env)
        child.started_at, child.restart_at = self.clock(), None

    def _look_after(self, child: Child) -> None:
        now = self.clock()
        if child.alive:
            if child.deaths and now - child.started_at > HEALTHY_SECONDS:
                child.deaths, child.pause = 0, FIRST_PAUSE
            return
        if child.restart_at is None:
            self._note_death(child, now)
        elif now >= child.restart_at:
            self._start(child)

    def _note_death(self, child: Child, now: float) -> None:
        assert child.process is not None  # noqa: S101 - a child is looked after only once started
        osdep.kill_group(child.process)
        code = child.process.returncode
        child.deaths += 1
        child.restart_at = now + child.pause
        warn(
            f"{child.name} 意外退出（{code}），{child.pause:g} 秒后重新启动。",
            f"{child.name} ended unexpectedly ({code}); starting it again in {child.pause:g} s.",
        )
        child.pause = min(child.pause * 2, LONGEST_PAUSE)
