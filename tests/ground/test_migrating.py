"""An update that fails leaves the house with yesterday's database and the reason."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from django.core.management.base import CommandError

from kezhan.cli import prepare
from kezhan.cli.home import Home
from kezhan.cli.say import Stop
from kezhan.settings.database import sqlite


@pytest.fixture
def inn(tmp_path, monkeypatch):
    """A database in use with one row, and a `migrate` that changes it."""
    from django.core import management
    from django.db import connections

    home = Home(tmp_path)
    database = sqlite(tmp_path / "kezhan.sqlite3")
    ask(database, "CREATE TABLE booking (number TEXT)")
    ask(database, "INSERT INTO booking VALUES ('B1')")
    monkeypatch.setattr(connections["default"], "settings_dict", database)
    monkeypatch.setattr(connections, "close_all", lambda: None)
    monkeypatch.setattr(prepare, "pending_migrations", lambda: True)
    monkeypatch.setattr(prepare, "holds_tables", lambda: True)

    def migrate_with(change) -> None:
        def migrate(name: str, **options) -> None:
            assert name == "migrate"
            change(database)

        monkeypatch.setattr(management, "call_command", migrate)

    return home, database, migrate_with


def ask(database, statement: str) -> list:
    with closing(sqlite3.connect(database["NAME"])) as connection, connection:
        return connection.execute(statement).fetchall()


def half_and_fail(database) -> None:
    ask(database, "CREATE TABLE half (a TEXT)")
    ask(database, "DELETE FROM booking")
    raise CommandError("column already exists")


def test_a_failed_migration_returns_to_the_copy_and_says_why(inn):
    home, database, migrate_with = inn
    migrate_with(half_and_fail)
    with pytest.raises(Stop) as stopped:
        prepare.migrate_with_a_way_back(home)
    assert ask(database, "SELECT name FROM sqlite_master") == [("booking",)]
    assert ask(database, "SELECT number FROM booking") == [("B1",)]
    assert "column already exists" in stopped.value.zh
    assert "已退回" in stopped.value.zh
    assert len(list(home.backups.iterdir())) == 1


def test_a_good_migration_keeps_its_copy(inn):
    home, database, migrate_with = inn
    migrate_with(lambda database: ask(database, "CREATE TABLE new (a TEXT)"))
    kept = prepare.migrate_with_a_way_back(home)
    assert kept.exists()
    assert len(ask(database, "SELECT name FROM sqlite_master")) == 2


def test_nothing_is_migrated_when_the_copy_cannot_be_made(inn, monkeypatch):
    home, database, migrate_with = inn
    migrate_with(half_and_fail)

    def refuse(*args, **kwargs):
        raise prepare.CannotBackUp("disk full")

    monkeypatch.setattr(prepare, "make_backup", refuse)
    with pytest.raises(Stop) as stopped:
        prepare.migrate_with_a_way_back(home)
    assert "disk full" in stopped.value.zh
    assert ask(database, "SELECT number FROM booking") == [("B1",)]


def test_up_to_date_means_no_copy(inn, monkeypatch):
    home, _, _ = inn
    monkeypatch.setattr(prepare, "pending_migrations", lambda: False)
    assert prepare.migrate_with_a_way_back(home) is None
    assert not home.backups.exists()
