"""`kezhan bench [NAME …] [--json]`: each bench on both databases, in a process of its own, with its limit in the same run."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from .site import NoPostgresql, fresh_database

ENGINES = ("sqlite", "postgresql")
NAMES = ("race", "availability", "booking", "rack", "nightaudit", "replay")


def main(argv: list[str]) -> int:
    options = _parser().parse_args(argv)
    results: dict[str, Any] = {}
    for name in options.names or NAMES:
        for engine in ENGINES if options.database == "both" else (options.database,):
            results.setdefault(name, {})[engine] = _measure(name, engine, options)
            if not options.json:
                print(
                    f"== {name} · {engine}\n{json.dumps(results[name][engine], ensure_ascii=False, indent=1)}",
                    flush=True,
                )
    if options.json:
        print(json.dumps(results, ensure_ascii=False, indent=1))
    return (
        1 if any("failed" in figures for engines in results.values() for figures in engines.values()) else 0
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kezhan bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--json", action="store_true", help="one JSON object: bench → database → figures")
    parser.add_argument("--database", choices=[*ENGINES, "both"], default="both")
    parser.add_argument("--size", choices=["small", "large", "long", "group"], default="large")
    parser.add_argument("--rounds", type=int, default=100, help="rounds of a race")
    parser.add_argument("--quick", action="store_true", help="a tenth of the requests")
    parser.add_argument("--file", type=Path, help="the bookings that the replay bench lives through")
    return parser


def _measure(name: str, engine: str, options: argparse.Namespace) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        try:
            with fresh_database(engine, Path(folder)) as url:
                return _in_a_process(name, url, Path(folder), options)
        except NoPostgresql as missing:
            return {"skipped": f"no PostgreSQL answers at {missing}"}


def _in_a_process(name: str, url: str, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    given = {
        "size": options.size,
        "rounds": options.rounds,
        "quick": options.quick,
        "file": str(options.file or ""),
    }
    environment = {
        **os.environ,
        "KEZHAN_DATABASE_URL": url,
        "KEZHAN_DATA_DIR": str(folder),
        "KEZHAN_KEYS_FILE": str(folder / "keys.json"),
        "KEZHAN_SECRET_KEY": "bench" * 12,
        "DJANGO_SETTINGS_MODULE": "kezhan.settings",
    }
    command = [sys.executable, "-m", "kezhan.bench.one", name, json.dumps(given)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603
    if done.returncode:
        return {"failed": f"exit code {done.returncode}"}
    return json.loads(done.stdout.splitlines()[-1])
