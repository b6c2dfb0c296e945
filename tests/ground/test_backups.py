"""Copies are whole, private and bring back what was there, on both databases."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from kezhan.cli import backups
from kezhan.cli.backups import CannotBackUp, CannotReturn, make_backup, return_to
from kezhan.settings.database import sqlite

NOW = datetime(2026, 3, 1, 4, 5, 6, tzinfo=UTC)


@pytest.fixture
def inn(tmp_path):
    """A small SQLite database and how to ask it."""
    path = tmp_path / "inn.sqlite3"

    def ask(statement: str) -> list:
        with closing(sqlite3.connect(path)) as connection, connection:
            return connection.execute(statement).fetchall()

    ask("PRAGMA journal_mode=WAL")
    ask("CREATE TABLE booking (number TEXT)")
    ask("INSERT INTO booking VALUES ('B1')")
    return sqlite(path), ask


def test_a_backup_brings_back_rows_and_tables_and_removes_new_ones(inn, tmp_path):
    database, ask = inn
    kept = make_backup(database, tmp_path / "backups", label="x", now=NOW)
    ask("DELETE FROM booking")
    ask("CREATE TABLE half_migrated (a TEXT)")
    return_to(database, kept)
    assert ask("SELECT number FROM booking") == [("B1",)]
    assert ask("SELECT name FROM sqlite_master") == [("booking",)]


def test_a_backup_is_named_by_its_time_and_readable_by_its_owner_alone(inn, tmp_path):
    kept = make_backup(inn[0], tmp_path / "backups", label="by-hand", now=NOW)
    assert kept.name == "kezhan-20260301T040506-by-hand.sqlite3"
    if sys.platform != "win32":
        assert oct(kept.stat().st_mode & 0o777) == "0o600"
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]


def test_a_backup_holds_what_another_connection_committed_but_not_what_it_is_writing(inn, tmp_path):
    database, _ = inn
    with closing(sqlite3.connect(database["NAME"], isolation_level=None)) as writer:
        writer.execute("INSERT INTO booking VALUES ('B2')")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO booking VALUES ('B3')")
        kept = make_backup(database, tmp_path / "backups", label="x", now=NOW)
        writer.execute("ROLLBACK")
    with closing(sqlite3.connect(kept)) as copy:
        assert copy.execute("SELECT number FROM booking").fetchall() == [("B1",), ("B2",)]


def test_a_damaged_backup_is_refused_and_changes_nothing(inn, tmp_path):
    database, ask = inn
    kept = make_backup(database, tmp_path / "backups", label="x", now=NOW)
    kept.write_bytes(b"SQLite format 3\x00" + b"\xff" * 5000)
    with pytest.raises(CannotReturn):
        return_to(database, kept)
    assert ask("SELECT number FROM booking") == [("B1",)]


def test_there_is_no_backup_of_nothing(tmp_path):
    with pytest.raises(CannotBackUp):
        make_backup(sqlite(tmp_path / "none.sqlite3"), tmp_path / "backups", label="x", now=NOW)
    assert list((tmp_path / "backups").iterdir()) == []


def test_the_oldest_copies_make_room(inn, tmp_path):
    for minute in range(backups.KEPT + 3):
        make_backup(inn[0], tmp_path / "backups", label="x", now=NOW + timedelta(minutes=minute))
    names = sorted(path.name for path in (tmp_path / "backups").iterdir())
    assert len(names) == backups.KEPT
    assert names[0].startswith("kezhan-20260301T040806")


def test_a_backup_of_the_other_kind_of_database_is_refused(inn, tmp_path):
    (tmp_path / "x.pgdump").write_bytes(b"PGDMP")
    with pytest.raises(CannotReturn):
        return_to(inn[0], tmp_path / "x.pgdump")


def test_without_pg_dump_the_reason_is_told_apart(monkeypatch, tmp_path):
    monkeypatch.setattr(backups, "postgresql_tool", lambda name: None)
    database = {"ENGINE": "django.db.backends.postgresql", "NAME": "kezhan"}
    with pytest.raises(CannotBackUp) as refused:
        make_backup(database, tmp_path, label="x", now=NOW)
    assert refused.value.tool_missing


@pytest.mark.postgresql
@pytest.mark.slow
def test_postgresql_returns_to_a_dump_without_what_came_after(tmp_path):
    import psycopg
    from django.db import connection

    if backups.postgresql_tool("pg_dump") is None:
        pytest.skip("no pg_dump")
    database = {**connection.settings_dict, "NAME": "kz_ground_backup"}
    given = {"user": database["USER"], "host": database["HOST"], "port": database["PORT"] or None}
    given = {name: value for name, value in given.items() if value}
    with closing(psycopg.connect(dbname="postgres", autocommit=True, **given)) as admin:
        admin.execute("DROP DATABASE IF EXISTS kz_ground_backup")
        admin.execute("CREATE DATABASE kz_ground_backup")
        try:
            with psycopg.connect(dbname="kz_ground_backup", **given) as inside:
                inside.execute("CREATE TABLE booking (id bigserial PRIMARY KEY, number text UNIQUE)")
                inside.execute("INSERT INTO booking (number) VALUES ('B1')")
            kept = make_backup(database, tmp_path, label="x", now=NOW)
            with psycopg.connect(dbname="kz_ground_backup", **given) as inside:
                inside.execute("DELETE FROM booking")
                inside.execute("CREATE TABLE half_migrated (booking bigint REFERENCES booking)")
            return_to(database, kept)
            with psycopg.connect(dbname="kz_ground_backup", **given) as inside:
                tables = inside.execute(
                    "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                ).fetchall()
                numbers = inside.execute("SELECT number FROM booking").fetchall()
        finally:
            admin.execute("DROP DATABASE IF EXISTS kz_ground_backup WITH (FORCE)")
    assert (tables, numbers) == ([("booking",)], [("B1",)])
