"""`kezhan restore FILE`: return to a backup. What is there now is backed up first, so this too can be undone."""

from __future__ import annotations

import argparse
from pathlib import Path

from .backup import database, utc_now
from .backups import CannotBackUp, CannotReturn, make_backup, return_to
from .home import default_data_dir
from .lock import RunLock
from .manage import prepare_environment
from .say import Stop, say


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="kezhan restore", description="从备份恢复 · return to a backup")
    parser.add_argument("file", type=Path, help="备份文件 the backup")
    parser.add_argument("--data", type=Path, default=default_data_dir(), help="数据目录 data directory")
    options = parser.parse_args(argv)
    if not options.file.is_file():
        raise Stop(f"找不到备份文件 {options.file}。", f"There is no backup {options.file}.")
    home = prepare_environment(options.data.resolve())
    lock = RunLock(home.lock)
    lock.take()
    try:
        restore(options.file.resolve(), home.backups)
    finally:
        lock.free()
    return 0


def restore(backup: Path, folder: Path) -> None:
    try:
        kept = make_backup(database(), folder, label="before-restore", now=utc_now())
        say(f"恢复前的数据已备份：{kept}", f"What was there is kept in {kept}")
    except CannotBackUp as why:
        if why.tool_missing:
            raise Stop(f"恢复前无法备份：{why}", f"Nothing was changed: {why}") from why
        say(f"恢复前没有可备份的数据（{why}）。", f"There was nothing to keep ({why}).")
    try:
        return_to(database(), backup)
    except CannotReturn as why:
        raise Stop(f"恢复失败：{why}", f"The backup could not be put back: {why}") from why
    say("已恢复。", "The database is as it was in the backup.")
