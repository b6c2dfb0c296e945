"""Filling tables fast for a bench: COPY on PostgreSQL, executemany on SQLite. Never used by the product."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db import connection, models

BATCH = 5000


def insert_rows(model: type[models.Model], rows: Iterable[models.Model]) -> int:
    """Insert `rows`, whose keys are given, and let the table's own numbering go on behind them. Returns how many."""
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    table = f'"{model._meta.db_table}"'
    values = (
        [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields] for row in rows
    )
    if connection.vendor == "postgresql":
        count = _copy(f"COPY {table} ({columns}) FROM STDIN", values)
    else:
        marks = ", ".join(["%s"] * len(fields))
        count = _many(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)  # noqa: S608
    _go_on_numbering(model)
    return count


def _copy(statement: str, values: Iterable[list[Any]]) -> int:
    count = 0
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for line in values:
            copy.write_row(line)
            count += 1
    return count


def _many(statement: str, values: Iterable[list[Any]]) -> int:
    count = 0
    with connection.cursor() as cursor:
        for batch in _batches(values):
            cursor.executemany(statement, batch)
            count += len(batch)
    return count


def _batches(values: Iterable[list[Any]]) -> Iterator[list[list[Any]]]:
    source = iter(values)
    while batch := list(islice(source, BATCH)):
        yield batch


def next_key(model: type[models.Model]) -> int:
    return (model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0) + 1


def _go_on_numbering(model: type[models.Model]) -> None:
    if connection.vendor != "postgresql":
        return
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence(%s, 'id'), (SELECT COALESCE(MAX(id), 1) FROM \"{table}\"))",  # noqa: S608
            [table],
        )
