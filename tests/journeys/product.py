"""The product as an inn runs it: prepared data folder, granian, the product's own settings; driven from outside."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kezhan.cli import osdep
from kezhan.cli.addresses import free_port
from kezhan.cli.home import Home

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"


@dataclass
class Product:
    """A running product. `told` is what its seeding said."""

    url: str
    folder: Path
    environment: dict[str, str]
    told: Any

    def ask(self, what: str, *given: str) -> Any:
        """What the rows say, counted by `tests.journeys.house` in a process of the same installation."""
        return json.loads(run(self.environment, "tests.journeys.house", what, *given))


def environment(folder: Path) -> dict[str, str]:
    """That of `kezhan run`, for one data folder and a database in it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KEZHAN_")}
    home = Home(folder)
    return {
        **kept,
        "KEZHAN_DATA_DIR": str(home.data),
        "KEZHAN_KEYS_FILE": str(home.data / "keys" / "kezhan-keys.json"),
        "KEZHAN_STATIC_ROOT": str(home.data / "static"),
        "KEZHAN_DEMO": "1",
        "KEZHAN_BIND_HOST": HOST,
        "KEZHAN_WEB_WORKERS": "1",
        "DJANGO_SETTINGS_MODULE": "kezhan.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        "PYTHONUTF8": "1",
    }


def run(given: dict[str, str], module: str, *arguments: str) -> str:
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(
        command, env=given, cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, (module, arguments, done.returncode)
    return done.stdout


def prepare(folder: Path) -> Path:
    """Keys, an empty migrated database, the front-end files: what takes long and is the same for every house."""
    given = environment(folder)
    run(given, "tests.journeys.house", "keys")
    run(
        given, "kezhan.cli.prepare", "--data", str(folder), "--empty", "--answer", str(folder / "answer.json")
    )
    return folder


@contextmanager
def served(prepared: Path, folder: Path, *seed: str) -> Iterator[Product]:
    """A copy of `prepared`, seeded by `tests.journeys.house` with `seed`, and a web server in front of it."""
    shutil.copytree(prepared, folder)
    given = environment(folder)
    told = json.loads(run(given, "tests.journeys.house", *seed) or "null")
    port = free_port(HOST, 0)
    given["KEZHAN_BIND_PORT"] = str(port)
    child = osdep.start_group([sys.executable, "-m", "kezhan.cli.child", "web"], given)
    url = f"http://{HOST}:{port}"
    try:
        wait_for(f"{url}/healthz", child)
        yield Product(url, folder, given, told)
    finally:
        osdep.ask_group_to_stop(child)
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=5)
        osdep.kill_group(child)
        child.wait()


def wait_for(url: str, child: subprocess.Popen[bytes], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert child.poll() is None, "the web server ended before its first answer"
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"no answer from {url}")
