"""The file, sorted by what happens on which day. Kept in a scratch SQLite file, so that memory does not grow with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from .source import CANCELED, CHECKED_OUT, NO_SHOW, Malformed, SourceRow, open_text, read_rows

COLUMNS = (
    "src_row, hotel, status, booked, arrival, departure, ends, adults, children, infants, market, channel, "
    "repeated, reserved_type, assigned_type, rate"
)


class Plan:
    """All rows of the file that can be lived through, and those that cannot, with the reason."""

    def __init__(self, scratch: Path) -> None:
        self._db = sqlite3.connect(scratch)
        self._db.executescript(
            f"""PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;
            CREATE TABLE life (seq INTEGER PRIMARY KEY, {COLUMNS});
            CREATE TABLE rejected (src_row INTEGER, reason TEXT);"""
        )

    def load(self, path: Path, limit: int | None = None) -> int:
        """Read the file; returns how many rows can be lived through. Raises Malformed when a column is missing."""
        marks = ", ".join("?" * len(COLUMNS.split(", ")))
        with open_text(path) as handle:
            for number, row in read_rows(handle, limit):
                if isinstance(row, Malformed):
                    self._db.execute("INSERT INTO rejected VALUES (?, ?)", (number, str(row)))
                else:
                    self._db.execute(f"INSERT INTO life ({COLUMNS}) VALUES ({marks})", _stored(row))  # noqa: S608
        self._db.executescript(
            """CREATE INDEX by_booked ON life (hotel, booked); CREATE INDEX by_arrival ON life (hotel, arrival);
            CREATE INDEX by_end ON life (hotel, ends);"""
        )
        self._db.commit()
        return self._db.execute("SELECT count(*) FROM life").fetchone()[0]

    def rejected(self) -> list[dict[str, object]]:
        rows = self._db.execute("SELECT src_row, reason FROM rejected ORDER BY rowid")
        return [{"src_row": number, "reason": reason} for number, reason in rows]

    def hotels(self) -> list[str]:
        """Names in the order in which the file first tells of them."""
        return [
            name for (name,) in self._db.execute("SELECT hotel FROM life GROUP BY hotel ORDER BY min(seq)")
        ]

    def room_types(self, hotel: str) -> list[str]:
        rows = self._db.execute(
            "SELECT reserved_type FROM life WHERE hotel=? UNION SELECT assigned_type FROM life WHERE hotel=? ORDER BY 1",
            (hotel, hotel),
        )
        return [code for (code,) in rows]

    def words(self, column: str) -> list[str]:
        """Every market or channel that occurs."""
        if column not in ("market", "channel"):
            raise ValueError(column)
        return [word for (word,) in self._db.execute(f"SELECT DISTINCT {column} FROM life ORDER BY 1")]  # noqa: S608

    def span(self, hotel: str) -> tuple[date, date]:
        """First booking and last departure of a hotel."""
        first, last = self._db.execute(
            "SELECT min(booked), max(max(departure), max(arrival)) FROM life WHERE hotel=?", (hotel,)
        ).fetchone()
        return date.fromisoformat(first), date.fromisoformat(last)

    def cancelled_on(self, hotel: str, day: date) -> Iterator[SourceRow]:
        """Bookings of an earlier day that are cancelled on this one."""
        return self._rows("ends=? AND status=? AND booked<ends", hotel, day, CANCELED)

    def leaving_on(self, hotel: str, day: date) -> Iterator[SourceRow]:
        """Stays that began on an earlier day."""
        return self._rows("ends=? AND status=? AND arrival<ends", hotel, day, CHECKED_OUT)

    def booked_on(self, hotel: str, day: date) -> Iterator[SourceRow]:
        return self._rows("booked=?", hotel, day)

    def arriving_on(self, hotel: str, day: date) -> Iterator[SourceRow]:
        """Stays with a night first: they need a room for longer than those who leave today."""
        return self._rows("arrival=? AND status=?", hotel, day, CHECKED_OUT, order="arrival=departure, seq")

    def cancelled_at_once(self, hotel: str, day: date) -> Iterator[SourceRow]:
        return self._rows("ends=? AND status=? AND booked=ends", hotel, day, CANCELED)

    def leaving_at_once(self, hotel: str, day: date) -> Iterator[SourceRow]:
        return self._rows("ends=? AND status=? AND arrival=ends", hotel, day, CHECKED_OUT)

    def missing_on(self, hotel: str, day: date) -> Iterator[SourceRow]:
        return self._rows("arrival=? AND status=?", hotel, day, NO_SHOW)

    def _rows(self, where: str, hotel: str, day: date, *more: str, order: str = "seq") -> Iterator[SourceRow]:
        sql = f"SELECT {COLUMNS} FROM life WHERE hotel=? AND {where} ORDER BY {order}"  # noqa: S608
        return map(_row, self._db.execute(sql, (hotel, day.isoformat(), *more)).fetchall())

    def close(self) -> None:
        self._db.close()


def _stored(row: SourceRow) -> tuple:
    return (
        row.src_row, row.hotel, row.status, row.booked.isoformat(), row.arrival.isoformat(),
        row.departure.isoformat(), row.ends.isoformat(), row.adults, row.children, row.infants, row.market,
        row.channel, int(row.repeated), row.reserved_type, row.assigned_type, str(row.rate),
    )  # fmt: skip


def _row(stored: tuple) -> SourceRow:
    src_row, hotel, status, booked, arrival, departure, ends, *rest = stored
    adults, children, infants, market, channel, repeated, reserved, assigned, rate = rest
    day = date.fromisoformat
    return SourceRow(
        src_row, hotel, status, day(booked), day(arrival), day(departure), day(ends), adults, children, infants,
        market, channel, bool(repeated), reserved, assigned, Decimal(rate),
    )  # fmt: skip
