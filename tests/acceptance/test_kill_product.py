"""kill -9 loses nothing that was acknowledged and doubles nothing: bookings, check-outs, night audits, seals.

Real processes on a database of their own, a copy of the migrated one this test run uses, so on both engines.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import sqlite3
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection

from kezhan.cli.child import COMMANDS
from kezhan.cli.supervisor import Child, Supervisor
from kezhan.outbox.tests.own_database import OwnDatabase, own_database

from .killing import CODE, DAYS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc").exists(), reason="finds processes in /proc"),
    pytest.mark.xdist_group("kill"),  # they measure nothing, but each fills the machine
]
MODULE = "tests.acceptance.killing"


@pytest.fixture
def house(transactional_db, tmp_path) -> Iterator[tuple[OwnDatabase, dict[str, Any]]]:
    """A copy of the empty, migrated database with a house in it, and what `make` told about it."""
    with own_database(tmp_path, "kezhan.settings") as own:
        copy_to(own, tmp_path)
        yield own, json.loads(own.run(MODULE, "make"))


def copy_to(own: OwnDatabase, folder: Path) -> None:
    """Migrating anew would take longer than the test."""
    source = connection.settings_dict
    connection.close()
    if connection.vendor == "sqlite":
        with (
            contextlib.closing(sqlite3.connect(source["NAME"])) as tested,
            contextlib.closing(sqlite3.connect(folder / "own.sqlite3")) as copy,
        ):
            tested.backup(copy)
        return
    login = {
        "host": source["HOST"],
        "user": source["USER"],
        "port": source["PORT"],
        "password": source["PASSWORD"],
    }
    name = urlsplit(own.url).path.lstrip("/")
    # The empty database of that name has one session, the helper's own, which does not mind another database below it.
    with psycopg.connect(
        dbname="postgres", autocommit=True, **{k: v for k, v in login.items() if v}
    ) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name} TEMPLATE {source['NAME']}")


def counted(own: OwnDatabase, what: str, *given: str) -> dict[str, Any]:
    return json.loads(own.run(MODULE, "count", what, *given))


# ---------------------------------------------------------------- check-outs and night audits


def test_a_desk_killed_again_and_again_charges_each_night_once_and_balances(house):
    own, told = house
    kills = json.loads(own.run(MODULE, "desk", "7"))["kills"]
    found = counted(own, "desk")
    print(f"{kills} kills, {found['nights']} nights, {found['arrived']} stays")
    assert kills >= 12
    assert found["today"] == told["until"]
    assert (found["charges_right"], found["charged"]) == (True, found["agreed"])
    assert (found["days_closed"], found["audits"], found["steps"]) == (DAYS, DAYS, [7])
    assert found["ledgers"] == {"days": 3 * DAYS, "wrong": []}
    assert found["stays"] == [["DEPARTED", "CLOSED"], ["IN_HOUSE", "OPEN"]]
    assert found["deposits"] == [["CLOSED", "RETURNED"], ["OPEN", "HELD"]]
    assert (found["arrived"], found["folios"]) == (found["expected"], found["expected"])
    assert found["in_house"] == found["occupied"]
    assert found["owed_on_closed"] == "0.00"
    assert (found["differences"], found["verdict"], found["unsealed"]) == ([], "ok", 0)


# ---------------------------------------------------------------- seals


def test_a_sealer_and_writers_killed_leave_no_gap_and_seal_nothing_twice(house, tmp_path):
    own, _told = house
    kills = json.loads(own.run(MODULE, "seal", str(tmp_path)))["kills"]
    found = counted(own, "seals", str(tmp_path))
    print(kills, "kills of the sealer", found)
    assert kills >= 5
    assert found["sealed_while_dying"] > 0
    assert found["acknowledged"] > 0
    assert (found["verdict"], found["unsealed"], found["gaps"]) == ("ok", 0, [])
    assert (found["lost"], found["without_seal"], found["events_sealed_twice"]) == (0, 0, 0)
    assert found["seals"] == found["events"]


# ---------------------------------------------------------------- bookings over REST


@dataclass
class Product:
    """Web and worker as `kezhan run` starts and restarts them."""

    own: OwnDatabase
    port: int
    supervisor: Supervisor

    def pid(self, name: str) -> int:
        child = next(child for child in self.supervisor.children if child.name == name)
        assert child.process is not None
        return child.process.pid

    def web_workers(self) -> list[int]:
        """The processes that answer: children of granian's own."""
        parent, found = self.pid("web"), []
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError, IndexError):
                if int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1]) == parent:
                    found.append(int(folder.name))
        return sorted(found)

    def up(self) -> bool:
        try:
            asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            asked.request("GET", "/healthz")
            return asked.getresponse().status == 200
        except OSError:
            return False


@pytest.fixture
def product(house, tmp_path) -> Iterator[Product]:
    from kezhan.cli.addresses import free_port

    own, _told = house
    (tmp_path / "static").mkdir()
    port = free_port("127.0.0.1", 0)
    env = own.environment | {
        "KEZHAN_BIND_HOST": "127.0.0.1", "KEZHAN_BIND_PORT": str(port),
        "KEZHAN_STATIC_ROOT": str(tmp_path / "static"),
    }  # fmt: skip
    names = ["web", *COMMANDS]
    children = [Child(name, [sys.executable, "-m", "kezhan.cli.child", name], env) for name in names]
    supervisor = Supervisor(children)
    supervisor.start()
    watching = threading.Thread(target=supervisor.watch)
    watching.start()
    made = Product(own, port, supervisor)
    try:
        wait_for(made.up)
        yield made
    finally:
        supervisor.stop()
        watching.join()
        supervisor.end()


def wait_for(condition: Any, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "in vain"
        time.sleep(0.05)


@dataclass
class Desk:
    """Clients that book with keys and ask again, with the same key, whenever they got no answer."""

    port: int
    token: str
    first: date
    ended: threading.Event = field(default_factory=threading.Event)
    answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    statuses: Counter = field(default_factory=Counter)

    def send(self, key: str) -> tuple[int, Any]:
        client, number = (int(part) for part in key.split("-"))
        arrival = self.first + timedelta(days=(client * 3 + number) % 12)
        body = {
            "arrival": arrival.isoformat(), "departure": (arrival + timedelta(days=1 + number % 2)).isoformat(),
            "rooms": [{"room_type": ("STD", "KING")[client % 2], "rate_plan": "BAR"}],
            "guest": {"name": f"测试{key}", "phone": f"137{client:04}{number:04}"},
            "market": "FIT", "source": "PHONE", "channel": "DESK",
        }  # fmt: skip
        headers = {
            "Authorization": f"Bearer {self.token}", "Idempotency-Key": key, "Content-Type": "application/json",
        }  # fmt: skip
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=25)
        try:
            asked.request("POST", f"/api/v1/properties/{CODE}/bookings", json.dumps(body), headers)
            answer = asked.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            asked.close()

    def wait_for_more(self) -> None:
        """So that every death falls into work that goes on."""
        before = len(self.answers)
        wait_for(lambda: len(self.answers) > before)

    def book(self, client: int) -> None:
        for number in range(10_000):
            if self.ended.is_set():
                return
            self.insist(f"{client}-{number}")

    def insist(self, key: str) -> None:
        """Until an answer says what became of it."""
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                status, body = self.send(key)
            except (OSError, http.client.HTTPException, ValueError) as broken:
                self.statuses[type(broken).__name__] += 1
                time.sleep(0.05)
                continue
            self.statuses[body.get("code", status)] += 1
            if status == 201:
                self.answers.setdefault(key, []).append(body)
                return
            if body.get("code") == "reservations.sold_out":
                return
            assert body["code"] in ("outbox.still_running", "rest.busy"), body
            time.sleep(0.05)
        raise AssertionError(f"no answer to {key}")


def test_bookings_acknowledged_while_processes_are_killed_exist_exactly_once(house, product):
    own, told = house
    desk = Desk(product.port, told["token"], date.fromisoformat(told["first"]))
    clients = [threading.Thread(target=desk.book, args=(client,)) for client in range(4)]
    for client in clients:
        client.start()
    for victim in ("web worker", "worker", "web worker", "web", "web worker", "scheduler"):
        desk.wait_for_more()
        time.sleep(0.3)
        kill(product, victim)
    desk.ended.set()
    for client in clients:
        client.join()
    for key in list(desk.answers):
        desk.insist(key)
    check(desk, counted(own, "bookings"))


def kill(product: Product, victim: str) -> None:
    if victim == "web worker":
        wait_for(product.web_workers)
    pid = product.web_workers()[0] if victim == "web worker" else product.pid(victim)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def check(desk: Desk, found: dict[str, Any]) -> None:
    told = {key: answers[0]["number"] for key, answers in desk.answers.items()}
    print(f"{len(told)} bookings acknowledged; answers {dict(desk.statuses)}")
    assert len(told) >= 6
    assert all(answer == answers[0] for answers in desk.answers.values() for answer in answers)
    assert {len(answers) for answers in desk.answers.values()} == {2}
    assert sorted(found["numbers"]) == sorted(told.values())
    assert found["by_guest"] == [1]
    assert (found["trail"], found["vouchers"], found["confirmations"]) == (len(told),) * 3
    assert (found["differences"], found["verdict"], found["unsealed"]) == ([], "ok", 0)
