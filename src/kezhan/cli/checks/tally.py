"""Counting: each pytest lane leaves a JUnit file; their sum is the closing line."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Tally:
    passed: int = 0
    failed: int = 0
    errors: int = 0
    skipped: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.passed + other.passed,
            self.failed + other.failed,
            self.errors + other.errors,
            self.skipped + other.skipped,
        )

    @property
    def good(self) -> bool:
        return not (self.failed or self.errors)


def read_junit(path: Path) -> Tally:
    """The counts of one pytest run. A run that left no file died, which is an error by itself."""
    try:
        suites = list(ElementTree.parse(path).getroot().iter("testsuite"))  # noqa: S314 - pytest wrote it
    except (OSError, ElementTree.ParseError):
        return Tally(errors=1)
    total = Tally()
    for suite in suites:
        count = {name: int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")}
        passed = max(count["tests"] - count["failures"] - count["errors"] - count["skipped"], 0)
        total += Tally(passed, count["failures"], count["errors"], count["skipped"])
    return total


def closing_line(tally: Tally, seconds: float) -> str:
    """As pytest would have said it, so that what reads pytest's output reads ours: `== 8 passed in 1.20s ==`."""
    error_word = "error" if tally.errors == 1 else "errors"
    parts = [
        (tally.failed, "failed"),
        (tally.passed, "passed"),
        (tally.skipped, "skipped"),
        (tally.errors, error_word),
    ]
    said = ", ".join(f"{count} {word}" for count, word in parts if count) or "no tests ran"
    return f"== {said} in {seconds:.2f}s =="
