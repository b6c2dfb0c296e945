"""One `kezhan run` per data directory: a second start says who is already there."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import IO, Any

from . import osdep
from .say import Stop


class RunLock:
    """Held while the product runs. The operating system frees it when the process dies: none is ever stale."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Raises Stop when the data directory is in use."""
        self._file = osdep.lock_file(self.path)
        if self._file is None:
            raise Stop(*_already(self.path))
        osdep.private(self.path)
        self.tell({"pid": os.getpid()})

    def tell(self, facts: dict[str, Any]) -> None:
        """Leave in the file what the next person wants to know: process and address."""
        if self._file is None:
            return
        self._file.seek(0)
        self._file.truncate()
        json.dump(facts, self._file)
        self._file.flush()

    def free(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def holder(path: Path) -> dict[str, Any]:
    """What the running process wrote about itself; empty when it could not be read."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _already(path: Path) -> tuple[str, str]:
    facts = holder(path)
    pid, address = facts.get("pid", "?"), facts.get("address", "")
    return (
        f"客栈已经在运行（进程 {pid}）{'：' + address if address else ''}。\n"
        f"  同一个数据目录只能运行一次：{path.parent}\n  要另开一个，请用 --data 换一个目录、--port 换一个端口。",
        f"Kezhan is already running (process {pid}) on this data directory {address}. "
        "Use --data and --port to run a second one.",
    )
