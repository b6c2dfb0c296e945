"""`kezhan manage …`: Django's own commands, with the installation's data folder, keys and settings around them."""

from __future__ import annotations

import sys
from pathlib import Path

from .firstrun import make_keys
from .home import Home, default_data_dir
from .say import Stop, say


def prepare_environment(data: Path | None = None) -> Home:
    """Name the settings and the data folder for this process; makes the keys where there are none yet."""
    home = Home(data or default_data_dir())
    home.use()
    make_keys(home)
    return home


def main(argv: list[str]) -> int:
    argv, data = take_data_option(argv)
    if not argv:
        say("用法：kezhan manage [--data 目录] 命令 …", "Usage: kezhan manage [--data DIR] COMMAND …")
        argv = ["help"]
    prepare_environment(data)
    from django.core.management import execute_from_command_line
    from django.db import DatabaseError

    sys.argv[0] = "kezhan manage"
    try:
        execute_from_command_line(["kezhan manage", *argv])
    except DatabaseError as error:
        if is_migrated():
            raise
        raise Stop(
            "还没有数据库。请先运行一次 kezhan run（或 kezhan manage migrate）。",
            "There is no database yet: start `kezhan run` once, or run `kezhan manage migrate`.",
        ) from error
    return 0


def is_migrated() -> bool:
    """Whether the database has ever been set up. One that does not answer is no new one: its own error says more."""
    from django.db import DatabaseError, connection

    try:
        return "django_migrations" in connection.introspection.table_names()
    except DatabaseError:
        return True


def take_data_option(argv: list[str]) -> tuple[list[str], Path | None]:
    """`--data DIR` before the command is ours; after it, it belongs to the command."""
    if len(argv) > 1 and argv[0] == "--data":
        return argv[2:], Path(argv[1]).resolve()
    if argv and argv[0].startswith("--data="):
        return argv[1:], Path(argv[0].partition("=")[2]).resolve()
    return argv, None
