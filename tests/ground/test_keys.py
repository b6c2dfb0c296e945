"""Keys are made once, for their owner's eyes, and never over existing ones."""

from __future__ import annotations

import stat
import sys

import pytest

from kezhan.cli.firstrun import make_keys, write_private
from kezhan.cli.home import Home

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX file rights")


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in ("KEZHAN_KEYS_FILE", "KEZHAN_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    return Home(tmp_path / "data")


def rights(path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


def test_first_run_makes_both_keys_readable_by_their_owner_alone(home):
    assert make_keys(home) == [home.keys_file, home.secret_file]
    assert rights(home.keys_file) == "0o600"
    assert rights(home.secret_file) == "0o600"
    assert rights(home.data) == "0o700"


def test_keys_lie_beside_the_database_and_not_with_its_backups(home):
    assert home.keys_file.parent == home.data / "keys"
    assert home.keys_file.parent not in home.backups.parents


def test_second_run_keeps_the_keys(home):
    make_keys(home)
    before = home.keys_file.read_bytes(), home.secret_file.read_bytes()
    assert make_keys(home) == []
    assert (home.keys_file.read_bytes(), home.secret_file.read_bytes()) == before


def test_the_secret_key_is_another_key_than_those_of_the_file(home):
    make_keys(home)
    assert home.secret_file.read_text() not in home.keys_file.read_text()


def test_a_folder_that_was_there_keeps_its_rights(home):
    home.data.mkdir(mode=0o755)
    make_keys(home)
    assert rights(home.data) == "0o755"


def test_a_private_file_is_never_readable_by_others_even_while_it_is_written(tmp_path):
    target = tmp_path / "secret"
    target.write_text("old")
    target.chmod(0o644)
    write_private(target, "new")
    assert (target.read_text(), rights(target)) == ("new", "0o600")
