"""Copies of the whole database, and the way back to one. `database` is an entry of Django's DATABASES."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from . import osdep

KEPT = 20


class CannotBackUp(Exception):
    """No copy could be made; the text says why."""

    def __init__(self, why: str, *, tool_missing: bool = False) -> None:
        super().__init__(why)
        self.tool_missing = tool_missing


class CannotReturn(Exception):
    """The copy could not be put back; the text says why and the copy is untouched."""


def is_sqlite(database: dict[str, Any]) -> bool:
    return str(database["ENGINE"]).endswith("sqlite3")


def make_backup(database: dict[str, Any], folder: Path, *, label: str, now: datetime) -> Path:
    """A consistent copy while others write; private, complete or absent. Raises CannotBackUp."""
    osdep.private_folder(folder)
    ending = "sqlite3" if is_sqlite(database) else "pgdump"
    target = folder / f"kezhan-{now:%Y%m%dT%H%M%S}-{label}.{ending}"
    fresh = target.with_name(target.name + ".new")
    try:
        (copy_sqlite if is_sqlite(database) else dump_postgresql)(database, fresh)
        osdep.private(fresh)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    forget_old(folder)
    return target


def return_to(database: dict[str, Any], backup: Path) -> None:
    """Make the database what it was in `backup`. Nobody else may have it open. Raises CannotReturn."""
    if is_sqlite(database) != (backup.suffix == ".sqlite3"):
        raise CannotReturn(f"{backup.name} is of the other kind of database")
    (restore_sqlite if is_sqlite(database) else restore_postgresql)(database, backup)


def copy_sqlite(database: dict[str, Any], target: Path) -> None:
    source = Path(database["NAME"])
    if not source.exists():
        raise CannotBackUp(f"{source} does not exist")
    try:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with closing(sqlite3.connect(source, timeout=20)) as live, closing(sqlite3.connect(target)) as copy:
            live.backup(copy)
            # One file without companions: it can be carried away on a stick.
            copy.execute("PRAGMA journal_mode=DELETE")
            verdict = copy.execute("PRAGMA quick_check").fetchone()[0]
    except (OSError, sqlite3.Error) as error:
        raise CannotBackUp(str(error)) from error
    if verdict != "ok":
        raise CannotBackUp(f"the copy is damaged: {verdict}")


def restore_sqlite(database: dict[str, Any], backup: Path) -> None:
    """Written through SQLite itself, so a crash in between leaves a journal and not half a file."""
    try:
        with closing(sqlite3.connect(backup)) as copy:
            if copy.execute("PRAGMA quick_check").fetchone()[0] != "ok":
                raise CannotReturn(f"{backup} is damaged")
            with closing(sqlite3.connect(database["NAME"], timeout=20)) as live:
                copy.backup(live)
    except sqlite3.Error as error:
        raise CannotReturn(str(error)) from error


def dump_postgresql(database: dict[str, Any], target: Path) -> None:
    tool = postgresql_tool("pg_dump")
    if tool is None:
        raise CannotBackUp("pg_dump is not installed on this machine", tool_missing=True)
    command = [tool, "--format=custom", "--no-owner", f"--file={target}", "--dbname", database["NAME"]]
    done = subprocess.run(command, env=libpq(database), capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotBackUp(done.stderr.strip() or "pg_dump failed")


def restore_postgresql(database: dict[str, Any], backup: Path) -> None:
    """The tables of today go first: those a failed migration made would otherwise stay behind."""
    tool = postgresql_tool("pg_restore")
    if tool is None:
        raise CannotReturn("pg_restore is not installed on this machine")
    drop_tables(database)
    command = [tool, "--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error"]
    done = subprocess.run(
        [*command, "--dbname", database["NAME"], str(backup)],
        env=libpq(database),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CannotReturn(done.stderr.strip() or "pg_restore failed")


def drop_tables(database: dict[str, Any]) -> None:
    import psycopg
    from psycopg import sql

    given = {
        "dbname": database["NAME"],
        "user": database["USER"],
        "password": database["PASSWORD"],
        "host": database["HOST"],
        "port": database["PORT"],
    }
    with psycopg.connect(**{name: value for name, value in given.items() if value}) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
        ).fetchall()
        for (table,) in tables:
            connection.execute(sql.SQL("DROP TABLE IF EXISTS {} CASCADE").format(sql.Identifier(table)))


def postgresql_tool(name: str) -> str | None:
    found = shutil.which(name)
    if found:
        return found
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return str(places[0]) if places else None


def libpq(database: dict[str, Any]) -> dict[str, str]:
    """The connection as libpq's environment: a password on the command line would be readable by everybody."""
    env = dict(os.environ)
    named = {"PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGHOST": "HOST", "PGPORT": "PORT"}
    env.update({variable: str(database[key]) for variable, key in named.items() if database.get(key)})
    if database.get("OPTIONS", {}).get("sslmode"):
        env["PGSSLMODE"] = database["OPTIONS"]["sslmode"]
    return env


def forget_old(folder: Path) -> None:
    """Keep the newest copies; an inn's disk is small and nobody empties this folder."""
    for old in sorted(folder.glob("kezhan-*-*.*"), key=lambda path: path.name, reverse=True)[KEPT:]:
        old.unlink(missing_ok=True)
