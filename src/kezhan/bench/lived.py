"""Benches of a house that is lived in: its screens, its night audit, and whole booking lives."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kezhan.billing import api as billing
from kezhan.frontdesk import api as frontdesk
from kezhan.properties import api as properties

from . import bare_tables, doors, houses, scene
from .load import Answer, Client, load
from .site import fresh_database

LIVES, ARRIVALS_A_DAY = 1000, 50
# Those columns of the published file that tell a life.
COLUMNS = (
    "src_row", "hotel", "is_canceled", "lead_time", "arrival_date_year", "arrival_date_month",
    "arrival_date_day_of_month", "stays_in_weekend_nights", "stays_in_week_nights", "adults", "children", "babies",
    "market_segment", "distribution_channel", "is_repeated_guest", "reserved_room_type", "assigned_room_type", "adr",
    "reservation_status", "reservation_status_date",
)  # fmt: skip


# ---------------------------------------------------------------- room rack and tape chart


def run_rack(options: Any) -> dict[str, Any]:
    """Room rack and 30-day tape chart of a full house in a signed-in browser. Before every request one guest's departure
    is moved; an answer that does not show it counts as `stale`."""
    call_command("collectstatic", verbosity=0, interactive=False)  # pages name their files by digest
    bare_tables.prepare(connection)
    place = houses.build(replace(houses.SIZES[options.size], bookings=0))[0]
    loose = doors.fill_chart(place)
    headers = scene.signed_in(place.group)
    figures: dict[str, Any] = {"size": options.size, "rooms": houses.SIZES[options.size].rooms}
    pages = {
        "rack": Moves(place, loose, "rack/", _on_the_rack),
        "chart": Moves(place, loose, "chart/", _on_the_chart),
    }
    with scene.product() as base:
        for name, moves in pages.items():
            figures[name] = {"queries": moves.queries(headers), "first": moves.measure(base, headers, 1, 1)}
        for name, moves in pages.items():
            moves.measure(base, headers, 4, 20)
            for clients in (1, 8):
                count = options.count(100 if clients == 1 else 400)
                figures[name][str(clients)] = moves.measure(base, headers, clients, count)
    with scene.limit() as base:
        figures["limit"] = scene.bare_rate(base, "/select", clients=8, requests=options.count(2000))
    for name in pages:
        figures[name]["ratio"] = round(figures[name]["8"]["per_second"] / figures["limit"]["per_second"], 3)
    return figures


class Moves:
    """Moves the departure of one guest after another, and looks for it in the page."""

    def __init__(
        self, place: properties.Property, loose: list[str], page: str, shown: Callable[[str, str, date], bool]
    ) -> None:
        stays = frontdesk.Stay.objects.of(place).filter(room__number__in=loose, status="IN_HOUSE")
        self.stays = list(stays.order_by("pk").values_list("pk", "room__number"))
        self.leaves = dict(stays.values_list("pk", "departure_date"))
        self.path = f"/p/{place.code}/frontdesk/{page}"
        self.shown = shown

    def move(self, number: int) -> None:
        """One night longer, or back again."""
        stay, _room = self.stays[number % len(self.stays)]
        longer = self.leaves[stay] == houses.TODAY + timedelta(days=3)
        self.leaves[stay] = houses.TODAY + timedelta(days=4 if longer else 3)
        frontdesk.change_departure(
            stay_id=stay, departure=self.leaves[stay], reason="bench", actor=houses.CLERK, now=timezone.now()
        )

    def look(self, client: Client, number: int) -> Answer:
        stay, room = self.stays[number % len(self.stays)]
        answer = client.get(self.path)
        if answer.status == 200 and not self.shown(answer.body.decode(), room, self.leaves[stay]):
            return Answer("stale", answer.body)
        return answer

    def measure(self, base: str, headers: dict[str, str], clients: int, requests: int) -> dict[str, Any]:
        sample = load(
            base, self.look, clients=clients, requests=requests, seconds=25, headers=headers, before=self.move
        )
        found = sample.summary()
        # Between two requests of a client lies the move: the rate of answers follows from their times alone.
        found["per_second"] = round(1000 * clients * len(sample.times) / sum(sample.times), 1)
        return found

    def queries(self, headers: dict[str, str]) -> int:
        """How many the page asks, sign-in included."""
        from django.test import Client as Browser

        browser = Browser(headers={"cookie": headers["Cookie"], "host": "127.0.0.1"})
        browser.get(self.path)
        with CaptureQueriesContext(connection) as asked:
            browser.get(self.path)
        return len(asked)


def _on_the_rack(html: str, room: str, leaves: date) -> bool:
    nights = (leaves - houses.TODAY).days
    return f"余 {nights} 晚" in html.partition(f"rooms/{room}/")[2].partition("</li>")[0]


def _on_the_chart(html: str, room: str, leaves: date) -> bool:
    return f"至 {leaves:%m-%d}" in html.partition(f'rooms/{room}/"')[2].partition("</div>")[0]


# ---------------------------------------------------------------- night audit


def run_nightaudit(options: Any) -> dict[str, Any]:
    """Post, roll and freeze with a quarter, half and all rooms occupied; against writing as many rows with nothing else."""
    bare_tables.prepare(connection)
    rooms = min(houses.SIZES[options.size].rooms, 500)
    group = properties.open_group(code="bench", name="Bench", actor=houses.CLERK, now=houses.NOW)
    product: dict[str, Any] = {}
    for count in (rooms // 4, rooms // 2, rooms):
        place = houses.open_house(group, f"n{count}", rooms, 10, 1)
        doors.occupy(place, count)
        product[str(count)] = _audit(place)
    limit = _bare_rows(rooms)
    last = product[str(rooms)]["seconds"]
    return {
        "product": product,
        "limit": limit,
        "ratio": round(limit["seconds"] / last, 3),
        "linear": round(last / product[str(rooms // 4)]["seconds"] / 4, 2),
    }


def _audit(place: properties.Property) -> dict[str, Any]:
    steps: dict[str, float] = {}
    begun = last = time.perf_counter()

    def note(key: str) -> None:
        nonlocal last
        now = time.perf_counter()
        steps[key], last = round(now - last, 3), now

    frontdesk.night_audit.run(
        place=place, business_date=houses.TODAY, actor=houses.CLERK, now=houses.NOW, on_step=note
    )
    seconds = time.perf_counter() - begun
    charges = billing.Posting.objects.of(place).filter(charge_code__code="ROOM").count()
    return {"seconds": round(seconds, 3), "charges": charges, "steps": steps}


def _bare_rows(count: int) -> dict[str, Any]:
    rows = [bare_tables.Booking(room=n, arrive=1, depart=2, guest="guest", price=1) for n in range(count)]
    begun = time.perf_counter()
    bare_tables.Booking.objects.bulk_create(rows)
    seconds = time.perf_counter() - begun
    return {"rows": count, "seconds": round(seconds, 4), "per_second": round(count / seconds)}


# ---------------------------------------------------------------- replay


def run_replay(options: Any) -> dict[str, Any]:
    """Whole booking lives through the real operations: rate at N and 2N lives, and whether memory grows."""
    bare_tables.prepare(connection)
    product = {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(options.file) if options.file else _made_up(Path(folder) / "made-up.csv", 2 * LIVES)
        for lives in (options.count(LIVES), 2 * options.count(LIVES)):
            product[str(lives)] = _replayed(file, lives, Path(folder) / str(lives))
    with scene.limit() as base:
        bare = scene.bare_rate(base, "/insert", clients=1, requests=options.count(1000))
    first, second = product.values()
    return {
        "file": options.file or "made up",
        "product": product,
        "limit": bare,
        "ratio": round(second["lives_per_second"] / bare["per_second"], 3),
        "memory_growth": round(second["peak_rss_mb"] / first["peak_rss_mb"], 2),
    }


def _made_up(file: Path, rows: int) -> Path:
    """Bookings of one hotel, fifty arrivals a day; every fourth is cancelled, every twelfth guest does not come."""
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, COLUMNS, restval="0")
        writer.writeheader()
        writer.writerows(_life(number) for number in range(rows))
    return file


def _life(number: int) -> dict[str, Any]:
    arrival = houses.TODAY + timedelta(days=number // ARRIVALS_A_DAY)
    nights, lead = 1 + number % 3, number % 40
    status, ended = "Check-Out", arrival + timedelta(days=nights)
    if number % 4 == 1:
        status, ended = "Canceled", arrival - timedelta(days=lead // 2)
    elif number % 12 == 2:
        status, ended = "No-Show", arrival
    kind = "AB"[number % 2]
    return {
        "src_row": number + 1, "hotel": "Made Up", "is_canceled": int(status != "Check-Out"), "lead_time": lead,
        "arrival_date_year": arrival.year, "arrival_date_month": f"{arrival:%B}",
        "arrival_date_day_of_month": arrival.day, "stays_in_week_nights": nights, "adults": 2,
        "market_segment": "Direct", "distribution_channel": "Direct", "reserved_room_type": kind,
        "assigned_room_type": "B" if number % 9 == 0 else kind, "adr": "75.50", "reservation_status": status,
        "reservation_status_date": ended.isoformat(),
    }  # fmt: skip


def _replayed(file: Path, lives: int, folder: Path) -> dict[str, Any]:
    """In a process and a database of its own, as the command runs."""
    folder.mkdir()
    report = folder / "report.json"
    code = "import sys; from kezhan.replay.command import main; sys.exit(main(sys.argv[1:]))"
    command = [
        sys.executable,
        "-c",
        code,
        "hotel-bookings",
        str(file),
        "--report",
        str(report),
        "--limit",
        str(lives),
    ]
    with fresh_database(connection.vendor, folder) as url:
        environment = {**os.environ, "KEZHAN_DATABASE_URL": url, "KEZHAN_DATA_DIR": str(folder)}
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603
    told = json.loads(report.read_text(encoding="utf-8"))
    return {
        "lives": told["total"]["bookings"],
        "refused": len(told["refused"]),
        **{key: told[key] for key in ("seconds", "lives_per_second", "peak_rss_mb", "oversold_nights")},
    }
