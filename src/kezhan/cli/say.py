"""What the command line prints: Chinese first, English beneath, so that both kinds of administrators can act on it."""

from __future__ import annotations

import sys
from typing import NoReturn


class Stop(Exception):
    """An expected reason not to go on: printed in both languages, exit code 1, no traceback."""

    def __init__(self, zh: str, en: str, code: int = 1) -> None:
        super().__init__(en)
        self.zh, self.en, self.code = zh, en, code


def say(zh: str, en: str = "") -> None:
    _write(sys.stdout, zh, en)


def warn(zh: str, en: str = "") -> None:
    _write(sys.stderr, zh, en)


def stop(reason: Stop) -> NoReturn:
    warn(reason.zh, reason.en)
    sys.exit(reason.code)


def _write(out, zh: str, en: str) -> None:
    text = zh if not en else f"{zh}\n  {en}"
    try:
        print(text, file=out, flush=True)
    except UnicodeEncodeError:
        # A console that cannot show Chinese (LANG=C) still gets the English half.
        print((en or zh).encode("ascii", "replace").decode(), file=out, flush=True)
