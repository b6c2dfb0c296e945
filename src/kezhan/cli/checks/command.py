"""`kezhan test [--fast] [pytest arguments]`."""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from kezhan.cli import osdep
from kezhan.cli.home import clone_root
from kezhan.cli.say import Stop, say

from . import browser, postgres
from .lanes import (
    Lane,
    Result,
    browser_lane,
    database_lane,
    house_rules,
    lane_environment,
    run_lane,
    static_lanes,
)
from .tally import Tally, closing_line

USAGE = """用法：kezhan test [--fast] [pytest 参数]
  --fast  不用浏览器，不用 PostgreSQL，不跑慢测试  without browser, PostgreSQL and slow tests
  给出 pytest 参数（路径、-k …）时只运行这些测试  with pytest arguments only those tests run"""


def main(argv: list[str]) -> int:
    if "--help" in argv or "-h" in argv:
        say(USAGE)
        return 0
    root = clone_root()
    if root is None:
        raise Stop("测试只能在源码目录中运行。", "The tests run in a clone of the repository only.")
    fast, chosen = "--fast" in argv, [word for word in argv if word != "--fast"]
    return Run(root, in_ci=os.environ.get("CI", "").lower() in ("1", "true")).all(fast=fast, chosen=chosen)


class Run:
    """One run of all lanes: results are gathered, a failing lane does not stop the others."""

    def __init__(self, root: Path, *, in_ci: bool) -> None:
        self.root, self.in_ci = root, in_ci
        self.results: list[Result] = []

    def all(self, *, fast: bool, chosen: list[str]) -> int:
        begun = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="kezhan-test-", dir=osdep.memory_folder()) as folder:
            self.data = Path(folder)
            if not chosen:
                for lane in [*static_lanes(self.root), house_rules()]:
                    self.lane(lane)
            self.lane(database_lane("SQLite", chosen, fast=fast))
            if not fast:
                self.on_postgresql(chosen)
                self.in_browser(chosen)
        return self.close(time.monotonic() - begun)

    def lane(self, lane: Lane, database_url: str = "") -> None:
        say(f"\n── {lane.zh} · {lane.en} ──")
        begun = time.monotonic()
        tally = run_lane(lane, self.root, lane_environment(self.root, self.data, database_url))
        self.results.append(Result(f"{lane.zh} · {lane.en}", tally, time.monotonic() - begun))

    def on_postgresql(self, chosen: list[str]) -> None:
        lane = database_lane("PostgreSQL", chosen)
        given = os.environ.get("KEZHAN_TEST_DATABASE_URL", "")
        with ExitStack() as stack:
            try:
                url = given or self.own_cluster(stack)
            except postgres.NoCluster as why:
                self.missing(lane, f"PostgreSQL 启动失败 did not start: {why}", failed=True)
                return
            if not url:
                self.missing(
                    lane, "未安装 PostgreSQL not installed (apt install postgresql)", failed=self.in_ci
                )
                return
            self.lane(lane, url)

    def own_cluster(self, stack: ExitStack) -> str:
        binaries = postgres.binaries()
        return stack.enter_context(postgres.private_cluster(binaries)) if binaries else ""

    def in_browser(self, chosen: list[str]) -> None:
        lane = browser_lane(chosen)
        if browser.executable() is None:
            say("没有找到 Chromium，尝试下载……", "No Chromium here; trying to download one")
            browser.install()
        if browser.executable() is None:
            self.missing(lane, "没有 Chromium no Chromium (apt install chromium)", failed=self.in_ci)
            return
        self.lane(lane)

    def missing(self, lane: Lane, why: str, *, failed: bool) -> None:
        """What this machine lacks is said at a desk and is a failure on the build server."""
        say(f"\n── {lane.zh} · {lane.en} ──\n跳过 skipped: {why}")
        tally = Tally(errors=1) if failed else Tally(skipped=1)
        self.results.append(Result(f"{lane.zh} · {lane.en}", tally, 0.0, why.splitlines()[0]))

    def close(self, seconds: float) -> int:
        total = sum((result.tally for result in self.results), Tally())
        say("\n── 汇总 · summary ──")
        for result in self.results:
            sign = (
                "跳过 skipped"
                if result.note and result.tally.good
                else "通过 ok"
                if result.tally.good
                else "失败 FAILED"
            )
            say(
                f"{sign:<12} {result.lane}  {result.seconds:.1f}s {counts(result.tally)} {result.note}".rstrip()
            )
        say(closing_line(total, seconds))
        return 0 if total.good else 1


def counts(tally: Tally) -> str:
    named = (
        ("passed", tally.passed),
        ("failed", tally.failed),
        ("skipped", tally.skipped),
        ("errors", tally.errors),
    )
    return ", ".join(f"{count} {word}" for word, count in named if count)
