"""The lanes: what each one runs, and what it needs."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .tally import Tally, read_junit

NO_TESTS_COLLECTED = 5


@dataclass(frozen=True)
class Lane:
    """A command of ours; `pytest` lanes are counted, the others pass or are one error."""

    zh: str
    en: str
    command: Sequence[str]
    pytest: bool = False


@dataclass(frozen=True)
class Result:
    lane: str
    tally: Tally
    seconds: float
    note: str = ""


def static_lanes(root: Path) -> list[Lane]:
    python = sys.executable
    sources = [name for name in ("src", "tests", "tools", "conftest.py", "kezhan") if (root / name).exists()]
    lanes = [
        Lane(
            "格式",
            "format",
            [python, "-m", "ruff", "format", "--check", "--output-format", "concise", *sources],
        ),
        Lane("代码规则", "lint", [python, "-m", "ruff", "check", "--output-format", "concise", *sources]),
        Lane("类型", "types", [python, "-m", "mypy", "src/kezhan"]),
        Lane(
            "分层",
            "import contracts",
            [python, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        ),
        Lane(
            "数据库迁移",
            "missing migrations",
            [python, "-m", "django", "makemigrations", "--check", "--dry-run"],
        ),
    ]
    if (root / "tools" / "messages.py").exists():
        lanes.append(Lane("翻译", "translations", [python, "tools/messages.py", "--check"]))
    return lanes


def house_rules() -> Lane:
    return pytest_lane("房屋规则", "house rules", ["tests/architecture"], workers=0)


def database_lane(name: str, paths: Sequence[str] = (), *, fast: bool = False) -> Lane:
    """`fast` leaves out what starts processes or replays bookings."""
    chosen = list(paths) or ["--ignore=tests/architecture"]
    marks = "not browser and not slow" if fast else "not browser"
    return pytest_lane(f"测试（{name}）", f"tests on {name}", ["-m", marks, *chosen], workers=2)


def browser_lane(paths: Sequence[str] = ()) -> Lane:
    return pytest_lane("浏览器", "browser journeys", ["-m", "browser", *paths], workers=0)


def pytest_lane(zh: str, en: str, arguments: Sequence[str], *, workers: int) -> Lane:
    spread = ["-n", str(workers), "--dist", "loadgroup"] if workers else []
    return Lane(zh, en, [sys.executable, "-m", "pytest", "-q", *spread, *arguments], pytest=True)


def run_lane(lane: Lane, root: Path, env: dict[str, str]) -> Tally:
    """Run it in the foreground, so that its own words are seen as they come."""
    if not lane.pytest:
        code = subprocess.run(list(lane.command), cwd=root, env=env, check=False).returncode
        return Tally(errors=1 if code else 0)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "junit.xml"
        command = [*lane.command, f"--junit-xml={report}"]
        code = subprocess.run(command, cwd=root, env=env, check=False).returncode
        return judge(code, report)


def judge(code: int, report: Path) -> Tally:
    """No tests is fine (a lane may be empty); any other bad code counts even when every single test passed."""
    if code == NO_TESTS_COLLECTED:
        return Tally()
    tally = read_junit(report)
    return tally + Tally(errors=1) if code and tally.good else tally


def lane_environment(root: Path, data: Path, database_url: str = "") -> dict[str, str]:
    """The tests' own data folder and database, whatever the caller's shell points at."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("KEZHAN_") or _kept(name)}
    env.update(
        PYTHONPATH=str(root / "src"),
        PYTHONUTF8="1",
        DJANGO_SETTINGS_MODULE="kezhan.settings.testing",
        KEZHAN_TEST_DATABASE_URL=database_url,
        KEZHAN_TEST_DIR=str(data),
    )
    return env


def _kept(name: str) -> bool:
    return name in {"KEZHAN_CHROMIUM", "KEZHAN_PDF_FONT"}
