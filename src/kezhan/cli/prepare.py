"""Between the start and the first request: migrate after a backup, cache table, static files, the first hotel.

Runs as a process of its own (`python -m kezhan.cli.prepare`) so that the parent of everything stays small; answers with
one line of JSON in the file named by `--answer`.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from . import osdep
from .backups import CannotBackUp, CannotReturn, make_backup, return_to
from .bootstrap import wait_for_lock
from .home import Home
from .say import Stop, say, stop, warn
from .verbs import has_command


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="kezhan.cli.prepare")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--empty", action="store_true")
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--answer", type=Path, required=True)
    options = parser.parse_args(argv)
    home = Home(options.data)
    home.use()
    for number in osdep.stop_signals():
        signal.signal(number, leave)
    try:
        # A parent that was killed may have left one of these at work: two would migrate into each other.
        with wait_for_lock(home.data / "prepare.lock"):
            answer = prepare(home, empty=options.empty, demo=options.demo)
    except Stop as reason:
        stop(reason)
    options.answer.write_text(json.dumps(answer), encoding="utf-8")
    return 0


def leave(number: int, frame: object) -> None:
    raise SystemExit(130)


@contextmanager
def not_interrupted() -> Iterator[None]:
    """A signal waits until the block is done: half a migration helps nobody."""
    asked: list[int] = []
    before = {
        number: signal.signal(number, lambda got, _: asked.append(got)) for number in osdep.stop_signals()
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if asked:
        raise SystemExit(130)


def prepare(home: Home, *, empty: bool, demo: bool) -> dict[str, Any]:
    """What `run` needs to know afterwards: `link` (to make the first administrator) or nothing."""
    import django

    django.setup()
    with not_interrupted():
        migrate_with_a_way_back(home)
        ship_roles()
    make_cache_table()
    collect_static(home)
    return first_hotel(home, empty=empty, demo=demo)


def migrate_with_a_way_back(home: Home) -> Path | None:
    """Apply what is missing. A database that holds something is copied first, and put back when a migration fails.

    Returns the copy made. Raises Stop.
    """
    from django.core.management import call_command
    from django.db import connections

    if not pending_migrations():
        return None
    database = connections["default"].settings_dict
    backup = backup_before(database, home) if holds_tables() else None
    say("正在更新数据库……", "Bringing the database up to date")
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except Exception as error:
        connections.close_all()
        raise after_failure(database, backup, error) from error
    return backup


def ship_roles() -> None:
    """A new version may bring rights, with or without a migration: they reach the shipped roles they belong to before
    anybody signs in. No-op when there are none."""
    from django.core.management import call_command

    if has_command("kezhan_ship_roles"):
        call_command("kezhan_ship_roles", stdout=io.StringIO())


def make_cache_table() -> None:
    """Rate limits and sessions of sign-in are counted here by all web processes together; no-op when it is there."""
    from django.core.management import call_command

    call_command("createcachetable", verbosity=0)


def pending_migrations() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def holds_tables() -> bool:
    from django.db import connection

    return bool(connection.introspection.table_names())


def backup_before(database: dict[str, Any], home: Home) -> Path | None:
    from django.db import connections
    from django.utils import timezone

    connections.close_all()
    try:
        backup = make_backup(database, home.backups, label="before-migrate", now=timezone.now())
    except CannotBackUp as why:
        if why.tool_missing or os.environ.get("KEZHAN_MIGRATE_WITHOUT_BACKUP") == "1":
            warn(
                f"注意：更新前没有备份（{why}）。更新失败时无法自动退回。",
                f"Note: no backup before this update ({why}); a failed update cannot be undone by itself.",
            )
            return None
        raise Stop(
            f"更新前的备份失败，因此没有更新：{why}",
            f"The backup before the update failed, so nothing was changed: {why} "
            "(KEZHAN_MIGRATE_WITHOUT_BACKUP=1 goes on without one)",
        ) from why
    say(f"已备份：{backup}", f"Backed up to {backup}")
    return backup


def after_failure(database: dict[str, Any], backup: Path | None, error: Exception) -> Stop:
    """Put the copy back and say what the person has now."""
    why = f"{type(error).__name__}: {error}"
    if backup is None:
        return Stop(
            f"数据库更新失败：{why}\n  没有可退回的备份。",
            f"The update failed ({why}); there is no backup to return to.",
        )
    try:
        return_to(database, backup)
    except CannotReturn as trouble:
        return Stop(
            f"数据库更新失败：{why}\n  退回备份也失败：{trouble}\n  备份完好：{backup}",
            f"The update failed ({why}) and returning to the backup failed too ({trouble}). "
            f"The backup is intact: {backup}",
        )
    return Stop(
        f"数据库更新失败：{why}\n  已退回更新前的备份，数据没有变化。请继续使用旧版本：{backup}",
        f"The update failed ({why}). The database is back as it was; keep using the older version. "
        f"Copy: {backup}",
    )


def collect_static(home: Home) -> None:
    """Copy and compress the front-end files, only when one of them changed since the last start."""
    from django.core.management import call_command

    stamp = home.static / ".kezhan"
    seen = fingerprint_of_static()
    if stamp.exists() and stamp.read_text(encoding="ascii") == seen:
        return
    say("正在准备页面文件……", "Preparing the front-end files")
    home.static.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(seen, encoding="ascii")


def fingerprint_of_static() -> str:
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            facts = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{facts.st_size}\0{facts.st_mtime_ns}\0".encode())
    return digest.hexdigest()


def first_hotel(home: Home, *, empty: bool, demo: bool) -> dict[str, Any]:
    """An installation without any property gets the demo hotel, or with `empty` a link to make its own."""
    from django.core.management import call_command

    from kezhan.properties import api as properties

    empty_since = home.data / "empty"
    bare = not properties.Group.objects.exists()
    if empty:
        empty_since.touch()
    if not empty_since.exists():
        if bare and demo and has_command("kezhan_demo"):
            say("正在建立演示酒店……", "Making the demo hotel")
            call_command("kezhan_demo", accounts=str(home.demo_accounts))
        return {"bare": bare}
    return {"bare": bare, "link": first_link()}


def first_link() -> str:
    """The path, good once, that makes the first administrator; empty when there is one already."""
    from django.core.management import call_command

    if not has_command("kezhan_first_link"):
        return ""
    out = io.StringIO()
    call_command("kezhan_first_link", stdout=out)
    lines = [line.strip() for line in out.getvalue().splitlines() if line.strip().startswith("/")]
    return lines[-1] if lines else ""


if __name__ == "__main__":
    sys.exit(main())
