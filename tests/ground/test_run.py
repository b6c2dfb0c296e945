"""`kezhan run` as an inn runs it: one command, three processes, one Ctrl+C."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc").exists(), reason="reads /proc"),
    pytest.mark.xdist_group("run"),  # one product is started once and asked by many tests
]

START_SECONDS = 120


class Running:
    """One started product: its parent process and what it printed."""

    def __init__(self, data: Path, *arguments: str) -> None:
        self.data, self.log = data, data.with_suffix(".log")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        env = {
            name: value for name, value in os.environ.items() if not name.startswith(("KEZHAN_", "DJANGO_"))
        }
        command = [sys.executable, "-m", "kezhan.cli", "run", "--data", str(data), "--port", str(self.port)]
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [*command, *arguments], env=env, stdout=log, stderr=log, start_new_session=True
            )

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def wait_until_up(self) -> Running:
        self.wait_for(lambda: "Ctrl+C" in self.said or self.process.poll() is not None)
        assert self.process.poll() is None, self.said
        return self

    def wait_for(self, condition, patience: float = START_SECONDS) -> None:
        until = time.monotonic() + patience
        while not condition():
            assert time.monotonic() < until, self.said
            time.sleep(0.05)

    def answers(self) -> bool:
        try:
            return self.get("/healthz") == 200
        except (OSError, http.client.HTTPException):
            return False

    def get(self, path: str) -> int:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def children(self) -> dict[str, int]:
        """name -> pid of the processes directly under the parent."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
                words = (folder / "cmdline").read_bytes().split(b"\0")
            except (OSError, IndexError, ValueError):
                continue
            if parent == self.process.pid and b"kezhan.cli.child" in words:
                found[words[words.index(b"kezhan.cli.child") + 1].decode()] = int(folder.name)
        return found

    def stop(self, number: int = signal.SIGTERM) -> float:
        """Seconds from the signal to the end."""
        begun = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(number)
        self.process.wait(timeout=60)
        return time.monotonic() - begun


@pytest.fixture(scope="module")
def inn(tmp_path_factory):
    running = Running(tmp_path_factory.mktemp("inn") / "data", "--empty")
    try:
        yield running.wait_until_up()
    finally:
        running.stop(
            signal.SIGKILL
            if running.process.poll() is None and "Ctrl+C" not in running.said
            else signal.SIGTERM
        )


def test_it_says_where_it_is_and_answers_there(inn):
    assert f"http://127.0.0.1:{inn.port}/" in inn.said
    assert inn.answers()


def test_web_worker_and_scheduler_run_under_one_parent(inn):
    assert set(inn.children()) == {"web", "worker", "scheduler"}


def test_an_empty_start_prints_a_link_for_the_first_administrator(inn):
    links = re.findall(rf"http://127\.0\.0\.1:{inn.port}(/\S+)", inn.said)
    assert len(links) == 1
    assert inn.get(links[0]) == 200


def test_keys_and_database_are_private_and_apart(inn):
    for path in ("keys/kezhan-keys.json", "keys/secret.key", "kezhan.sqlite3"):
        assert oct((inn.data / path).stat().st_mode & 0o777) == "0o600", path


def test_second_start_says_so(inn):
    second = Running(inn.data)
    assert second.process.wait(timeout=60) == 1
    assert str(inn.process.pid) in second.said
    assert "已经在运行" in second.said


@pytest.mark.parametrize("name", ["worker", "scheduler", "web"])
def test_a_killed_process_comes_back(inn, name):
    before = inn.children()[name]
    os.kill(before, signal.SIGKILL)
    inn.wait_for(lambda: inn.children().get(name, before) != before, 30)
    inn.wait_for(inn.answers, 30)


def test_static_files_come_with_the_names_that_pages_use(inn):
    manifest = json.loads((inn.data / "static" / "staticfiles.json").read_text(encoding="utf-8"))
    hashed = next(name for name in manifest["paths"].values() if name.endswith(".css"))
    assert inn.get(f"/static/{hashed}") == 200


def test_everything_stops_within_five_seconds_and_starts_again_at_once(tmp_path):
    inn = Running(tmp_path / "data", "--empty").wait_until_up()
    children = inn.children()
    assert inn.stop(signal.SIGINT) < 5
    assert inn.process.returncode == 0
    for pid in children.values():
        assert not Path(f"/proc/{pid}").exists()
    again = Running(inn.data)
    try:
        again.wait_until_up()
        assert again.answers()
        assert "备份" not in again.said  # nothing to migrate, nothing to copy
    finally:
        assert again.stop() < 5


def test_beyond_this_machine_it_speaks_tls_with_a_certificate_it_explains(tmp_path):
    running = Running(tmp_path / "data", "--host", "0.0.0.0", "--empty")
    try:
        running.wait_until_up()
        assert "https://" in running.said
        assert re.search(r"([0-9A-F]{2}:){31}[0-9A-F]{2}", running.said)
        assert not running.answers()  # in clear
    finally:
        running.stop()


def test_a_stop_during_the_first_preparations_leaves_nothing_running(tmp_path):
    running = Running(tmp_path / "data", "--empty")
    running.wait_for(lambda: "数据库" in running.said)
    running.stop()
    assert running.process.returncode == 0
    assert "Ctrl+C" not in running.said
    with sqlite3.connect(running.data / "kezhan.sqlite3") as database:
        assert database.execute("PRAGMA quick_check").fetchone() == ("ok",)
