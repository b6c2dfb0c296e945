"""Workers are killed with -9 in the middle of jobs: nothing is lost, nothing happens twice, poison ends."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time

import pytest

from .own_database import own_database

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="kill -9 is a matter of POSIX")]
MODULE = "kezhan.outbox.tests.chaos"
JOBS, WORKERS, KILLS, SECONDS = 120, 3, 8, 120
OPEN = "SELECT count(*) FROM outbox_task WHERE state IN ('READY', 'RUNNING')"
HELD = "SELECT worker FROM outbox_task WHERE state = 'RUNNING' AND name = 'chaos.effect' ORDER BY id"


@pytest.fixture
def database(tmp_path):
    with own_database(tmp_path, "kezhan.outbox.tests.chaos_settings") as own:
        yield own


def keep_working(database, workers: list[subprocess.Popen]) -> None:
    """A worker that died is started again, as the supervisor does."""
    for place, worker in enumerate(workers):
        if worker.poll() is not None:
            workers[place] = database.start(MODULE, "work", stderr=subprocess.DEVNULL)


def kill_one_that_holds_a_row(database, killed: set[str]) -> None:
    """Aimed at the process that is in the middle of a job: a random one would mostly be hit while it is starting."""
    for (worker,) in database.rows(HELD):
        if worker not in killed:
            killed.add(worker)
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(worker.split(":")[1]), signal.SIGKILL)
            return


def run_with_kills(database) -> int:
    workers = [database.start(MODULE, "work", stderr=subprocess.DEVNULL) for _ in range(WORKERS)]
    killed: set[str] = set()
    deadline = time.monotonic() + SECONDS
    try:
        while database.rows(OPEN) != [(0,)]:
            assert time.monotonic() < deadline, database.rows(
                "SELECT state, count(*) FROM outbox_task GROUP BY state"
            )
            time.sleep(0.4)
            if len(killed) < KILLS:
                kill_one_that_holds_a_row(database, killed)
            keep_working(database, workers)
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        # One that was still importing has no handler of the signal yet.
        assert {worker.wait(timeout=10) for worker in workers} <= {0, -signal.SIGTERM}
    finally:
        for worker in workers:
            if worker.poll() is None:
                worker.kill()
                worker.wait()
    return len(killed)


def test_killed_workers_lose_nothing_and_double_nothing(database):
    database.run(MODULE, "setup", str(JOBS))
    kills = run_with_kills(database)
    runs = database.rows("SELECT count(*) FROM run")[0][0]
    print(f"{JOBS} jobs, {kills} kills in mid-job, {runs - JOBS} runs again")
    assert kills == KILLS
    assert runs > JOBS
    assert database.rows("SELECT n FROM counter") == [(JOBS,)]
    assert database.rows("SELECT count(*) FROM effect") == [(JOBS,)]
    ends = "SELECT name, state, count(*), max(attempts) FROM outbox_task WHERE name <> 'chaos.effect' GROUP BY name, state"
    assert sorted(database.rows(ends)) == [("chaos.fail", "DEAD", 1, 2), ("chaos.poison", "DEAD", 1, 2)]
    assert database.rows(
        "SELECT count(*) FROM outbox_task WHERE name = 'chaos.effect' AND state = 'DONE'"
    ) == [(JOBS,)]
