"""Tables that only grow: UPDATE, DELETE and TRUNCATE are refused by the database itself.

A migration calls `append_only("app_table")` after the table is made. SQLite rebuilds a table when a later migration
alters it, and its triggers go with the old one: such a migration must end with `append_only` again. A test compares the
models marked `append_only = True` with the triggers that really exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection as default_connection
from django.db import migrations

PREFIX = "kz_append_only"
_ACTS = ("update", "delete")

_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {PREFIX}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'append only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def append_only(table: str) -> migrations.RunPython:
    """The migration operation for one table. Can be repeated."""

    def guard(_apps: Any, schema_editor: Any) -> None:
        guard_table(schema_editor.connection, table)

    def release(_apps: Any, schema_editor: Any) -> None:
        release_table(schema_editor.connection, table)

    return migrations.RunPython(guard, release)


def guard_table(connection: Any, table: str) -> None:
    release_table(connection, table)
    with connection.cursor() as cursor:
        for statement in _statements(connection, table):
            cursor.execute(statement)


def release_table(connection: Any, table: str) -> None:
    on_table = f' ON "{table}"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in _names(connection, table):
            cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on_table}')


def _names(connection: Any, table: str) -> list[str]:
    acts = ("row", "truncate") if connection.vendor == "postgresql" else (*_ACTS, "replace")
    return [f"{PREFIX}_{table}_{act}" for act in acts]


def _statements(connection: Any, table: str) -> list[str]:
    if connection.vendor == "postgresql":
        row, truncate = _names(connection, table)
        refuse = f"EXECUTE FUNCTION {PREFIX}_refuse()"
        return [
            _FUNCTION,
            f'CREATE TRIGGER "{row}" BEFORE UPDATE OR DELETE ON "{table}" FOR EACH ROW {refuse}',
            f'CREATE TRIGGER "{truncate}" BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT {refuse}',
        ]
    raising = f"BEGIN SELECT RAISE(ABORT, 'append only: {table}'); END"
    *acts, replace = _names(connection, table)
    statements = [
        f'CREATE TRIGGER "{name}" BEFORE {act.upper()} ON "{table}" {raising}'
        for name, act in zip(acts, _ACTS, strict=True)
    ]
    # INSERT OR REPLACE deletes the old row without firing the delete trigger.
    clash = f'WHEN EXISTS (SELECT 1 FROM "{table}" WHERE "id" = NEW."id")'  # noqa: S608
    statements.append(f'CREATE TRIGGER "{replace}" BEFORE INSERT ON "{table}" {clash} {raising}')
    return statements


def guarded_tables(connection: Any = default_connection) -> set[str]:
    """Tables whose triggers all exist and are switched on."""
    found = _existing(connection)
    return {
        model._meta.db_table
        for model in apps.get_models()
        if set(_names(connection, model._meta.db_table)) <= found
    }


def tables_to_guard() -> set[str]:
    """Tables of the models that promise `append_only = True`."""
    return {model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False)}


def _existing(connection: Any) -> set[str]:
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {row[0] for row in cursor.fetchall()}


@contextmanager
def lifted_triggers(connection: Any = default_connection) -> Iterator[None]:
    """Lift every guard and put it back. For test databases alone: their clean-up truncates, their forgeries update."""
    tables = sorted(guarded_tables(connection))
    for table in tables:
        release_table(connection, table)
    try:
        yield
    finally:
        for table in tables:
            guard_table(connection, table)
