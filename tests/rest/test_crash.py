"""Real processes: one dies between commit and answer, many send the same request at the same moment."""

from __future__ import annotations

import json
import os
import signal
import subprocess

import pytest
from django.db import connection

from kezhan.outbox.tests.own_database import own_database

from .crash import CLIENTS

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="kill -9 is a matter of POSIX")]
MODULE = "tests.rest.crash"
NOTES = "SELECT count(*) FROM outbox_schedule"


@pytest.fixture
def database(tmp_path):
    with own_database(tmp_path, "kezhan.settings") as own:
        yield own


def test_a_process_killed_after_the_commit_is_repeated_without_doubling(database):
    token = database.run(MODULE, "setup").strip()
    process = database.start(MODULE, "die", token, "k1", "王小明", stdout=subprocess.PIPE)
    assert process.communicate()[0] == ""
    assert process.returncode == -signal.SIGKILL
    assert database.rows(NOTES) == [(1,)]
    answers = [json.loads(database.run(MODULE, "post", token, "k1", "王小明")) for _ in range(2)]
    assert answers == [[201, {"name": "王小明", "notes": 1, "price": None}]] * 2
    assert database.rows(NOTES) == [(1,)]


def test_the_same_request_from_many_at_once_is_done_once(database):
    token = database.run(MODULE, "setup").strip()
    answers = json.loads(database.run(MODULE, "race", token, "k1", "a"))
    made = [body for status, body in answers if status == 201]
    refused = [body["code"] for status, body in answers if status != 201]
    print(f"{len(made)} answered alike, {len(refused)} told that it is still running")
    assert made
    assert {json.dumps(body) for body in made} == {json.dumps({"name": "a", "notes": 1, "price": None})}
    # SQLite has one writer: the others wait for the first and find its answer. PostgreSQL tells them at once.
    assert refused == ["outbox.still_running"] * (CLIENTS - 1 if connection.vendor == "postgresql" else 0)
    assert json.loads(database.run(MODULE, "post", token, "k2", "b"))[0] == 201
    assert database.rows(NOTES) == [(2,)]
