"""The closing line adds up what really happened, and a lane that could not run is never green by accident."""

from __future__ import annotations

import pytest

from kezhan.cli.checks.lanes import database_lane, judge
from kezhan.cli.checks.tally import Tally, closing_line, read_junit

JUNIT = '<testsuites><testsuite tests="9" failures="{failures}" errors="{errors}" skipped="2"/></testsuites>'


@pytest.fixture
def report(tmp_path):
    def write(failures: int = 0, errors: int = 0):
        path = tmp_path / "junit.xml"
        path.write_text(JUNIT.format(failures=failures, errors=errors))
        return path

    return write


def test_counts_of_a_run(report):
    assert read_junit(report(failures=3, errors=1)) == Tally(passed=3, failed=3, errors=1, skipped=2)


def test_a_run_that_left_no_counts_is_an_error(tmp_path):
    assert read_junit(tmp_path / "none.xml") == Tally(errors=1)


def test_a_bad_end_counts_even_when_every_test_passed(report):
    assert judge(0, report()).good
    assert not judge(3, report()).good


def test_an_empty_lane_is_fine(tmp_path):
    assert judge(5, tmp_path / "none.xml") == Tally()


@pytest.mark.parametrize(
    ("tally", "line"),
    [
        (Tally(passed=812, skipped=3), "== 812 passed, 3 skipped in 421.10s =="),
        (Tally(passed=8, failed=1), "== 1 failed, 8 passed in 421.10s =="),
        (Tally(passed=8, errors=2), "== 8 passed, 2 errors in 421.10s =="),
        (Tally(), "== no tests ran in 421.10s =="),
    ],
)
def test_the_closing_line_reads_like_pytests(tally, line):
    assert closing_line(tally, 421.1) == line


@pytest.mark.slow
def test_a_private_cluster_answers_and_leaves_nothing_behind():
    import psycopg

    from kezhan.cli.checks import postgres
    from kezhan.settings.database import database_from_url

    binaries = postgres.binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL here")
    with postgres.private_cluster(binaries) as url:
        database = database_from_url(url, None)
        with psycopg.connect(host=database["HOST"], user=database["USER"], dbname="postgres") as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    from pathlib import Path

    assert not Path(database["HOST"]).exists()


def test_the_fast_lane_leaves_slow_tests_to_the_full_one():
    assert "not browser and not slow" in database_lane("SQLite", fast=True).command
    assert "not browser" in database_lane("SQLite").command
