"""One way to lock rows on both databases.

PostgreSQL locks what `select_for_update` names, in the order given. SQLite has one writer: our connections begin every
transaction IMMEDIATE, so the lock is held already and the select is a plain read.
"""

from __future__ import annotations

from typing import TypeVar

from django.db import connection, models

from .errors import NotFound

M = TypeVar("M", bound=models.Model)


def lock_rows(rows: models.QuerySet[M]) -> list[M]:
    """Read and lock `rows`, ordered by the caller so that two operations never wait for each other crosswise."""
    if not connection.in_atomic_block:
        raise RuntimeError("a lock outside a transaction locks nothing")
    return list(
        rows.select_for_update(of=("self",)) if connection.features.has_select_for_update_of else rows
    )


def lock_row(rows: models.QuerySet[M]) -> M:
    """Lock the single row of `rows`. Raises NotFound when it is not there."""
    found = lock_rows(rows)
    if not found:
        raise NotFound()
    return found[0]
