"""Real processes: one dies between commit and answer, many send the same request at the same moment."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time

import pytest

from kezhan.outbox.tests.own_database import own_database

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="kill -9 is a matter of POSIX")]
MODULE = "tests.rest.crash"
NOTES = "SELECT count(*) FROM outbox_schedule"
CLIENTS = 6


@pytest.fixture
def database(tmp_path):
    with own_database(tmp_path, "kezhan.settings") as own:
        yield own


def test_a_process_killed_after_the_commit_is_repeated_without_doubling(database):
    token = database.run(MODULE, "setup").strip()
    process = database.start(MODULE, "post", token, "k1", "王小明", "--die", stdout=subprocess.PIPE)
    assert process.communicate()[0] == ""
    assert process.returncode == -signal.SIGKILL
    assert database.rows(NOTES) == [(1,)]
    answers = [json.loads(database.run(MODULE, "post", token, "k1", "王小明")) for _ in range(2)]
    assert answers == [[201, {"name": "王小明", "notes": 1, "price": None}]] * 2
    assert database.rows(NOTES) == [(1,)]


def test_the_same_request_from_many_at_once_is_done_once(database):
    token = database.run(MODULE, "setup").strip()
    at = f"--at={time.time() + 8}"
    same = [database.start(MODULE, "post", token, "k1", "a", at, stdout=subprocess.PIPE) for _ in range(CLIENTS)]
    answers = [json.loads(process.communicate(timeout=60)[0]) for process in same]
    made = [body for status, body in answers if status == 201]
    refused = [body["code"] for status, body in answers if status != 201]
    print(f"{len(made)} answered alike, {len(refused)} told that it is still running")
    assert made
    assert {json.dumps(body) for body in made} == {json.dumps({"name": "a", "notes": 1, "price": None})}
    assert set(refused) <= {"outbox.still_running"}
    assert database.rows(NOTES) == [(1,)]
