"""A command before the first run says what to do, not where it fell."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


@pytest.mark.slow
@pytest.mark.parametrize("words", [["verify", "audit"], ["manage", "api_token", "list"]])
def test_without_a_database_one_sentence_is_printed(tmp_path, words):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KEZHAN_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-c", "from kezhan.cli.main import main; raise SystemExit(main())", *words],
        env={**kept, "KEZHAN_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "还没有数据库。请先运行一次 kezhan run（或 kezhan manage migrate）。",
        "  There is no database yet: start `kezhan run` once, or run `kezhan manage migrate`.",
    ]
