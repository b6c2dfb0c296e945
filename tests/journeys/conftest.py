"""Products of the journeys: prepared once, copied for each house. See product.py and house.py."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kezhan.cli.osdep import memory_folder

from .desk import Desk
from .product import Product, prepare, served


@pytest.fixture(scope="session")
def journeys_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="kezhan-journeys-", dir=memory_folder()))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def prepared(journeys_folder) -> Path:
    return prepare(journeys_folder / "prepared")


@pytest.fixture(scope="module")
def inn(prepared, journeys_folder, request) -> Iterator[Product]:
    """The small inn of house.py, served; a fresh one for each module."""
    with served(prepared, journeys_folder / request.module.__name__, "inn") as product:
        yield product


@pytest.fixture(scope="session")
def demo(prepared, journeys_folder) -> Iterator[Product]:
    """The demo hotel, loaded once: its pages are looked at, nothing is changed."""
    with served(prepared, journeys_folder / "demo", "demo") as product:
        yield product


@pytest.fixture
def desk_of(new_page):
    """`desk_of(product, "qian", phone=False)`: that person's browser, signed in. Complaints fail the test at its end."""
    made: list[Desk] = []

    def make(product: Product, username: str, **options) -> Desk:
        desk = Desk(new_page(**options), product)
        made.append(desk)
        desk.sign_in(username)
        return desk

    yield make
    complaints = [line for desk in made for line in desk.complaints]
    assert complaints == []
