"""Calls of a token per minute, summed over all processes."""

from __future__ import annotations

from django.db import connection

from ..models import CallCount

KEPT_WINDOWS = 10


def add_calls(group_id: int, token_id: int, window: int, calls: int) -> int:
    """Add to the count of a token in a minute (numbered since 1970) and return the sum. One statement, no lock kept."""
    table = connection.ops.quote_name(CallCount._meta.db_table)
    statement = (
        f"INSERT INTO {table} (group_id, token_id, minute, calls) VALUES (%s, %s, %s, %s) "  # noqa: S608 - our own table's name
        f"ON CONFLICT (group_id, token_id, minute) DO UPDATE SET calls = {table}.calls + excluded.calls RETURNING calls"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [group_id, token_id, window, calls])
        return cursor.fetchone()[0]


def forget_calls(before_window: int) -> int:
    return CallCount.objects.filter(minute__lt=before_window - KEPT_WINDOWS).delete()[0]
