"""The table of the bare application: as small as a table of any use can be."""

from __future__ import annotations

from typing import Any

TABLE = "bench_bare"


def prepare(connection: Any) -> None:
    """Make it with 2,000 rows and one index."""
    key = "bigserial PRIMARY KEY" if connection.vendor == "postgresql" else "integer PRIMARY KEY"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {TABLE} (id {key}, day date, type integer, price numeric(14,2))")
        rows = [(f"2027-01-{1 + number % 28:02d}", number % 10, 388) for number in range(2000)]
        cursor.executemany(f"INSERT INTO {TABLE} (day, type, price) VALUES (%s, %s, %s)", rows)  # noqa: S608
        cursor.execute(f"CREATE INDEX {TABLE}_day ON {TABLE} (day, type)")
