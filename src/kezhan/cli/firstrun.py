"""What the first start makes: the folders and the two kinds of keys."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from . import osdep
from .home import Home


def make_keys(home: Home) -> list[Path]:
    """The key file for sealed fields and Django's secret key, each readable by its owner alone. Never overwrites one:
    lost keys are lost data. Returns what was made now.
    """
    osdep.private_folder(home.data)
    osdep.private_folder(home.keys_file.parent)
    made = []
    if not home.keys_file.exists():
        from kezhan.core.keys import make_key_file

        make_key_file(home.keys_file)
        made.append(home.keys_file)
    if not os.environ.get("KEZHAN_SECRET_KEY") and not home.secret_file.exists():
        write_private(home.secret_file, secrets.token_urlsafe(64))
        made.append(home.secret_file)
    return made


def write_private(path: Path, text: str) -> None:
    """Write a file that is private from its first byte on, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
    fresh.replace(path)
