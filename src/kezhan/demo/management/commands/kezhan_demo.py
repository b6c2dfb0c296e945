"""Make the demo hotel in an empty database. Safe to run again: with any group there it does nothing."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kezhan.demo.load import load


class Command(BaseCommand):
    help = _("装入演示酒店（只在空库里）；账号和首次生成的密码写入 --accounts 指定的文件。")  # type: ignore[assignment]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--accounts", type=Path, required=True, help="a JSON file, made with mode 0600")

    @transaction.atomic
    def handle(self, *, accounts: Path | str, **_options: Any) -> None:
        """`accounts` comes as text from `call_command`. No hotel stays behind whose passwords nobody was told."""
        made = load()
        if made is None:
            self.stdout.write(str(_("已有数据，未装入演示酒店。")))
            return
        _write(Path(accounts), [asdict(account) for account in made])
        self.stdout.write(_("演示酒店已装好，%(count)s 个账号。") % {"count": len(made)})


def _write(path: Path, accounts: list[dict[str, str]]) -> None:
    """Replace the file; nobody but its owner may read the passwords."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump(accounts, out, ensure_ascii=False, indent=1)
