"""The replay against an independent reading of the same file: every oddity of our own small file, and the first rows of
the published one where it is at hand."""

from __future__ import annotations

import csv
import gzip
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from kezhan.outbox.tests.own_database import own_database

HERE = Path(__file__).parent
OWN = HERE / "odd_bookings.csv"
PUBLISHED = Path(
    os.environ.get(
        "KEZHAN_DATA_BOOKINGS", HERE.parents[2] / "shared/data/hotel-bookings/hotel_bookings.dev.csv.gz"
    )
)
MALFORMED = {31, 32, 33, 34, 35, 36, 37, 38}

pytestmark = pytest.mark.slow


def replay(tmp_path: Path, file: Path, *more: str) -> dict[str, Any]:
    """In a process and an empty database of its own, of the kind that this test run uses."""
    out = tmp_path / f"report-{len(list(tmp_path.iterdir()))}.json"
    folder = tmp_path / out.stem
    folder.mkdir()
    command = [
        sys.executable, "-c", "import sys; from kezhan.replay.command import main; sys.exit(main(sys.argv[1:]))",
        "hotel-bookings", str(file), "--report", str(out), *more,
    ]  # fmt: skip
    with own_database(folder, "kezhan.settings") as own:
        done = subprocess.run(
            command,
            env=own.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=540,
        )
        assert done.returncode == 0, done.stdout[-3000:]
    return json.loads(out.read_text(encoding="utf-8"))


def read(file: Path, limit: int | None = None) -> list[dict[str, str]]:
    opener = gzip.open if file.suffix == ".gz" else open
    with opener(file, "rt", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    return [row for row in rows[:limit] if int(row["src_row"]) not in MALFORMED or file != OWN]


def expected(rows: list[dict[str, str]]) -> dict[str, Any]:
    """The figures by a reading of the file that shares nothing with the product."""
    months = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ]
    figures: dict[str, Any] = Counter()
    revenue = Decimal(0)
    occupied: Counter = Counter()
    for row in rows:
        nights = int(row["stays_in_weekend_nights"]) + int(row["stays_in_week_nights"])
        arrival = date(
            int(row["arrival_date_year"]),
            months.index(row["arrival_date_month"]) + 1,
            int(row["arrival_date_day_of_month"]),
        )
        status = row["reservation_status"]
        figures["bookings"] += 1
        figures["canceled"] += status == "Canceled"
        figures["no_show"] += status == "No-Show"
        figures["room_type_changed"] += row["reserved_room_type"] != row["assigned_room_type"]
        figures["repeated_guest_bookings"] += row["is_repeated_guest"] == "1"
        if status == "Check-Out":
            figures["checked_out"] += 1
            figures["room_nights_checked_out"] += nights
            figures["zero_night_checked_out"] += nights == 0
            revenue += Decimal(row["adr"]) * nights
            occupied.update(arrival + timedelta(days=n) for n in range(nights))
    rooms = max(occupied.values())
    first = min(day for day, count in occupied.items() if count == rooms)
    return {
        **figures,
        "revenue_not_cancelled": float(revenue),
        "peak": {"rooms": rooms, "date": first.isoformat()},
    }


def assert_equal(section: dict[str, Any], rows: list[dict[str, str]]) -> None:
    wanted = expected(rows)
    told = {name: value for name, value in section.items() if name != "peak"}
    peak = {name: section["peak"][name] for name in ("rooms", "date")}
    assert {**told, "peak": peak} == wanted


def assert_sound(report: dict[str, Any]) -> None:
    assert report["oversold_nights"] == 0
    ledger = report["ledger"]
    assert ledger["balanced"] is True
    assert round(ledger["opening"] + ledger["activity"] - ledger["closing"], 2) == 0


def test_every_oddity_of_our_own_file_lives(tmp_path: Path) -> None:
    report = replay(tmp_path, OWN, "--capacity", "auto")
    rows = read(OWN)
    assert_equal(report["total"], rows)
    for hotel in ("Lake House", "City Rooms"):
        mine = [row for row in rows if row["hotel"] == hotel]
        assert set(report["by_hotel_year"][hotel]) == {row["arrival_date_year"] for row in mine}
        for year, section in report["by_hotel_year"][hotel].items():
            stayed = [row for row in mine if row["arrival_date_year"] == year]
            assert_equal(section, stayed)
    assert report["refused"] == []
    assert_sound(report)


def test_malformed_lines_are_told_by_number_and_never_fatal(tmp_path: Path) -> None:
    report = replay(tmp_path, OWN)
    told = {row["src_row"]: row["reason"] for row in report["rejected_rows"]}
    assert set(told) == MALFORMED
    assert "no such date" in told[31]
    assert "adr is no number" in told[32]
    assert "unknown reservation_status" in told[33]
    assert "fields instead of" in told[34]
    assert report["total"]["bookings"] == len(read(OWN))


def test_a_smaller_house_refuses_some_and_oversells_none(tmp_path: Path) -> None:
    report = replay(tmp_path, OWN, "--capacity", "0.6")
    assert report["refused"]
    assert {row["src_row"] for row in report["refused"]} <= {int(row["src_row"]) for row in read(OWN)}
    assert_sound(report)
    full = replay(tmp_path, OWN)["capacity"]
    assert report["capacity"] == {
        hotel: {code: int(count * 0.6) for code, count in types.items()} for hotel, types in full.items()
    }


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published bookings are not at hand")
def test_the_first_rows_of_the_published_file_come_out_exactly(tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("lived through on SQLite; two years of empty days are not audited twice")
    report = replay(tmp_path, PUBLISHED, "--limit", "500")
    assert_equal(report["total"], read(PUBLISHED, 500))
    assert report["refused"] == []
    assert report["rejected_rows"] == []
    assert_sound(report)
