"""One start per data directory; a dead one blocks nobody."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kezhan.cli.lock import RunLock, holder
from kezhan.cli.say import Stop

HOLD = """
import sys, pathlib
from kezhan.cli.lock import RunLock
lock = RunLock(pathlib.Path(sys.argv[1]))
lock.take()
lock.tell({"pid": 4711, "address": "http://127.0.0.1:8000/"})
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "kezhan.lock"


@pytest.fixture
def other(path):
    """Another process that holds the lock."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_second_start_says_which_process_answers_where(other, path):
    with pytest.raises(Stop) as refused:
        RunLock(path).take()
    assert "4711" in refused.value.zh
    assert "http://127.0.0.1:8000/" in refused.value.zh


def test_lock_of_a_killed_process_is_free(other, path):
    other.kill()
    other.wait()
    assert path.exists()
    RunLock(path).take()


def test_lock_can_be_freed_and_taken_again(path):
    first = RunLock(path)
    first.take()
    first.free()
    RunLock(path).take()


def test_a_file_of_rubbish_is_no_lock(path):
    path.write_text("\x00 not json")
    assert holder(path) == {}
    RunLock(path).take()
