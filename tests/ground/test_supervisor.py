"""Children are kept alive with growing pauses and end together in time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from kezhan.cli import supervisor as module
from kezhan.cli.supervisor import FIRST_PAUSE, LONGEST_PAUSE, Child, Supervisor

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")]

SLEEP = "import time; time.sleep(60)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
PARENT_OF_ONE = (
    "import subprocess, sys, time;"
    "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "open(sys.argv[1], 'w').write(str(p.pid)); time.sleep(60)"
)
LEASHED = "import kezhan.cli.child as c, threading, time; threading.Thread(target=c.hold_leash).start(); time.sleep(60)"


def child(code: str, *arguments: str) -> Child:
    return Child("child", [sys.executable, "-c", code, *arguments], dict(os.environ))


def watch_until(supervisor: Supervisor, done, patience: float = 10) -> None:
    until = time.monotonic() + patience

    def look() -> None:
        if done() or time.monotonic() > until:
            supervisor.stop()

    supervisor.watch(look)
    assert done()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:
        with open(f"/proc/{pid}/stat") as status:
            return status.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return True


def wait_for(condition, patience: float = 10) -> bool:
    until = time.monotonic() + patience
    while not condition() and time.monotonic() < until:
        time.sleep(0.02)
    return bool(condition())


@pytest.fixture
def running():
    made = []

    def start(*children: Child) -> Supervisor:
        made.append(Supervisor(list(children)))
        made[-1].start()
        return made[-1]

    yield start
    for supervisor in made:
        supervisor.end()


def test_a_killed_child_is_started_again(running):
    one = child(SLEEP)
    supervisor = running(one)
    first = one.process.pid
    os.kill(first, signal.SIGKILL)
    watch_until(supervisor, lambda: one.alive and one.process.pid != first)
    assert one.deaths == 1


def test_pauses_between_restarts_grow_to_a_limit():
    now = [0.0]
    one = child("raise SystemExit(1)")
    supervisor = Supervisor([one], clock=lambda: now[0])
    supervisor.start()
    pauses = []
    for _ in range(9):
        one.process.wait()
        supervisor._look_after(one)
        pauses.append(one.restart_at - now[0])
        now[0] = one.restart_at
        supervisor._look_after(one)
    supervisor.end()
    assert pauses[:3] == [FIRST_PAUSE, FIRST_PAUSE * 2, FIRST_PAUSE * 4]
    assert pauses[-1] == LONGEST_PAUSE


def test_a_healthy_minute_forgives(running):
    now = [0.0]
    one = child(SLEEP)
    supervisor = Supervisor([one], clock=lambda: now[0])
    supervisor.start()
    one.deaths, one.pause = 3, 4.0
    now[0] = module.HEALTHY_SECONDS + 1
    supervisor._look_after(one)
    supervisor.end()
    assert (one.deaths, one.pause) == (0, FIRST_PAUSE)


def test_all_children_end_at_once_when_they_listen(running):
    supervisor = running(child(SLEEP), child(SLEEP), child(SLEEP))
    begun = time.monotonic()
    assert supervisor.end() is True
    assert time.monotonic() - begun < 2
    assert not any(one.alive for one in supervisor.children)


def test_a_deaf_child_is_killed_in_time(running, monkeypatch):
    monkeypatch.setattr(module, "STOP_SECONDS", 0.5)
    one = child(DEAF)
    supervisor = running(one)
    time.sleep(0.5)
    assert supervisor.end() is False
    assert not one.alive


def test_what_a_dead_child_left_behind_is_removed(running, tmp_path):
    """Workers of a killed web server would go on answering on the port."""
    note = tmp_path / "pid"
    one = child(PARENT_OF_ONE, str(note))
    supervisor = running(one)
    assert wait_for(lambda: note.exists() and note.read_text())
    grandchild = int(note.read_text())
    os.kill(one.process.pid, signal.SIGKILL)
    watch_until(supervisor, lambda: one.deaths == 1)
    assert wait_for(lambda: not alive(grandchild))


def test_children_end_by_themselves_when_their_parent_is_killed(tmp_path):
    note = tmp_path / "pid"
    code = (
        "import os, sys, time; from kezhan.cli.supervisor import *;"
        f"c = Child('x', [sys.executable, '-c', {LEASHED!r}], dict(os.environ)); s = Supervisor([c]); s.start();"
        "open(sys.argv[1], 'w').write(str(c.process.pid)); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(note)])
    assert wait_for(lambda: note.exists() and note.read_text())
    orphan = int(note.read_text())
    parent.kill()
    parent.wait()
    assert wait_for(lambda: not alive(orphan))
