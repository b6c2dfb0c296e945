"""`kezhan backup [--to DIR]`: a copy of the database now, while the house goes on working."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from .backups import CannotBackUp, make_backup
from .home import default_data_dir
from .manage import prepare_environment
from .say import Stop, say


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="kezhan backup", description="立即备份数据库 · back the database up now"
    )
    parser.add_argument("--data", type=Path, default=default_data_dir(), help="数据目录 data directory")
    parser.add_argument("--to", type=Path, help="再复制一份到此目录（如移动硬盘）a second place for the copy")
    options = parser.parse_args(argv)
    home = prepare_environment(options.data.resolve())
    try:
        made = make_backup(database(), home.backups, label="by-hand", now=utc_now())
        places = [made] + ([second_copy(made, options.to)] if options.to else [])
    except (CannotBackUp, OSError) as why:
        raise Stop(f"备份失败：{why}", f"The backup failed: {why}") from why
    for place in places:
        say(f"已备份：{place}", f"Backed up to {place}")
    say(
        f"密钥不在备份里，请另外保管：{home.keys_file}",
        "The keys are not in the backup; keep them in another place. Without them sealed data cannot be read.",
    )
    return 0


def database():
    from django.conf import settings

    return settings.DATABASES["default"]


def utc_now():
    from django.utils import timezone

    return timezone.now()


def second_copy(made: Path, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / (made.name + ".new")
    shutil.copy2(made, fresh)
    return fresh.replace(folder / made.name)
