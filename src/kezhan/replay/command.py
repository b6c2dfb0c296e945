"""`kezhan replay hotel-bookings FILE --report OUT.json`: live a file of bookings through in a database of its own."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any


def main(argv: list[str]) -> int:
    options = _parser().parse_args(argv)
    if options.file is None or not options.file.exists():
        print(f"找不到文件 / no such file: {options.file}", file=sys.stderr)
        return 2
    if not os.environ.get("KEZHAN_DATABASE_URL"):
        os.environ["KEZHAN_DATABASE_URL"] = _new_file(options.database)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kezhan.settings")
    import django

    django.setup()
    return _replay(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kezhan replay", description=__doc__)
    parser.add_argument("kind", choices=["hotel-bookings"])
    parser.add_argument("file", type=Path)
    parser.add_argument(
        "--report", type=Path, required=True, help="where the report is written, as one JSON object"
    )
    parser.add_argument("--capacity", type=_capacity, default=None, metavar="auto|FACTOR")
    parser.add_argument("--limit", type=_positive, default=None, help="only the first N rows")
    parser.add_argument("--database", type=Path, default=None, help="a new SQLite file to live in")
    return parser


def _capacity(text: str) -> Decimal | None:
    if text == "auto":
        return None
    try:
        factor = Decimal(text)
    except InvalidOperation:
        raise argparse.ArgumentTypeError("auto, or a number such as 0.9") from None
    if not factor.is_finite() or not 0 <= factor <= 100:
        raise argparse.ArgumentTypeError("a factor between 0 and 100")
    return factor


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError("a whole number from 1")
    return int(text)


def _new_file(wanted: Path | None) -> str:
    """The address of a database file that does not exist yet."""
    if wanted is None:
        folder = Path(os.environ.get("KEZHAN_DATA_DIR", "data")) / "replay"
        wanted = folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.getpid()}.sqlite3"
    if wanted.exists():
        raise SystemExit(f"已有文件，请换一个名字 / exists already: {wanted}")
    wanted.parent.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{wanted.resolve()}"


def _replay(options: argparse.Namespace) -> int:
    from django.core.management import call_command

    from kezhan.reservations import api as reservations

    from .source import Malformed

    call_command("migrate", verbosity=0, interactive=False)
    if reservations.Booking.objects.exists():
        print("这个数据库里已有预订，不能用来重演 / this database holds bookings already", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        try:
            report = live(options.file, Path(folder) / "plan.sqlite3", options.capacity, options.limit, _tell)
        except (Malformed, EOFError, OSError) as error:
            print(f"文件无法读取 / the file cannot be read: {error}", file=sys.stderr)
            return 2
    options.report.parent.mkdir(parents=True, exist_ok=True)
    options.report.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    total = report["total"]
    print(f"{total['bookings']} bookings lived, {len(report['refused'])} refused, report in {options.report}")
    return 0


def live(file: Path, scratch: Path, factor: Decimal | None, limit: int | None, tell: Any) -> dict[str, Any]:
    """Live the file through in the connected database and return the report."""
    from . import capacity, report
    from .house import build, open_group
    from .lives import Desk, Refusals
    from .plan import Plan

    started = time.perf_counter()
    plan = Plan(scratch)
    lives = plan.load(file, limit)
    refusals, houses, rooms = Refusals(), [], {}
    group = open_group()
    for position, name in enumerate(plan.hotels(), start=1):
        needed = capacity.needed(plan, name)
        rooms[name] = needed if factor is None else capacity.scaled(needed, factor)
        houses.append(build(plan, name, position, rooms[name], group))
        Desk(houses[-1], plan, refusals).live(tell)
    seconds = time.perf_counter() - started
    rejected = plan.rejected()
    plan.close()
    return {
        **report.figures(houses),
        "refused": sorted(refusals.rows, key=lambda row: row["src_row"]),
        "oversold_nights": report.oversold_nights(houses),
        "rejected_rows": rejected,
        "ledger": report.ledger(houses),
        "capacity": rooms,
        "seconds": round(seconds, 1),
        "lives_per_second": round(lives / seconds, 1) if seconds else 0.0,
        "peak_rss_mb": report.peak_memory_mb(),
    }


def _tell(name: str, day: date) -> None:
    if day.day == 1:
        print(f"{name} {day:%Y-%m}", flush=True)
