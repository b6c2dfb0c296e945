"""Fixtures of the whole suite. Those of one app live with the app."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

# Processes that tests start find the same code.
SOURCE = str(Path(__file__).parent / "src")
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [SOURCE, os.environ.get("PYTHONPATH", "")]))


@pytest.fixture(autouse=True)
def in_chinese() -> None:
    """A thread keeps the language of the last page it answered: each test begins with that of the product."""
    from django.conf import settings
    from django.utils import translation

    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(scope="session", autouse=True)
def cleaning_lifts_guards() -> Iterator[None]:
    """TransactionTestCase (and `transactional_db`) empties every table afterwards, which append-only tables refuse.

    The guards are lifted for that moment alone, so that each test itself runs with them in force.
    """
    from django.db import connections
    from django.test import TransactionTestCase

    from kezhan.audit.triggers import lifted_triggers

    clean = TransactionTestCase._fixture_teardown

    def clean_without_guards(case: TransactionTestCase) -> None:
        with lifted_triggers(connections["default"]):
            clean(case)

    TransactionTestCase._fixture_teardown = clean_without_guards
    yield
    TransactionTestCase._fixture_teardown = clean


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    from django.conf import settings

    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        return
    skip = pytest.mark.skip(reason="needs PostgreSQL")
    for item in items:
        if item.get_closest_marker("postgresql"):
            item.add_marker(skip)


def missing(what: str) -> None:
    """A machine that lacks something skips; the build server fails, since there it was to be installed."""
    if os.environ.get("CI", "").lower() in ("1", "true"):
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def chromium() -> Iterator:
    """One headless Chromium for the whole run."""
    from kezhan.cli.checks import browser

    path = browser.executable()
    if path is None:
        missing("no Chromium on this machine (apt install chromium)")
    from playwright.sync_api import sync_playwright

    # Playwright's loop runs in this thread; Django would refuse the ORM beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=browser.ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def new_page(chromium) -> Iterator:
    """`new_page(phone=False, **context options)`: a page in a session of its own, in Chinese. Each has own cookies."""
    contexts = []

    def make(*, phone: bool = False, **options):
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 800}
        options = {"viewport": size, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", **options}
        context = chromium.new_context(**options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page):
    """A desk's screen, 1280 px wide."""
    return new_page()
