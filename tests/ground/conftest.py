from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def same_file_rights_afterwards():
    """`kezhan run` narrows what this process creates; the next test starts as this one did."""
    before = os.umask(0)
    os.umask(before)
    yield
    os.umask(before)
