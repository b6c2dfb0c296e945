"""From nothing to a prepared Python: once, under a lock, with a sentence that helps when something is missing."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kezhan.cli import bootstrap
from kezhan.cli.say import Stop

ROOT = Path(__file__).resolve().parents[2]
STANDARD_LIBRARY_ONLY = ("__init__.py", "bootstrap.py", "osdep.py", "say.py")


@pytest.fixture
def clone(tmp_path):
    """A clone with small locks and a venv that looks made."""
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "base.txt").write_text("django==5.2\n")
    (tmp_path / "requirements" / "dev.txt").write_text("pytest==9.2\n")
    python = bootstrap.python_of(tmp_path / ".venv")
    python.parent.mkdir(parents=True)
    python.touch()
    (tmp_path / ".venv" / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.11.2\n")
    return tmp_path


@pytest.fixture
def installs(monkeypatch):
    """The names of the locks that were installed, without installing."""
    done = []
    monkeypatch.setattr(bootstrap, "works", lambda python: True)
    monkeypatch.setattr(bootstrap, "with_uv", lambda lock, python: False)
    monkeypatch.setattr(bootstrap, "with_pip", lambda lock, python: done.append(lock.name) or True)
    return done


def test_it_installs_once_and_again_only_when_the_lock_changed(clone, installs):
    bootstrap.prepared_python(clone, "base")
    bootstrap.prepared_python(clone, "base")
    assert installs == ["base.txt"]
    (clone / "requirements" / "base.txt").write_text("django==5.2.1\n")
    bootstrap.prepared_python(clone, "base")
    assert installs == ["base.txt", "base.txt"]


def test_the_lock_of_developers_holds_the_other(clone, installs):
    bootstrap.prepared_python(clone, "dev")
    bootstrap.prepared_python(clone, "base")
    assert installs == ["dev.txt"]


def test_a_venv_of_another_python_is_filled_again(clone, installs):
    bootstrap.prepared_python(clone, "base")
    (clone / ".venv" / "pyvenv.cfg").write_text("version = 3.12.1\n")
    bootstrap.prepared_python(clone, "base")
    assert installs == ["base.txt", "base.txt"]


def test_a_failed_installation_leaves_no_stamp(clone, installs, monkeypatch):
    monkeypatch.setattr(bootstrap, "with_pip", lambda lock, python: False)
    with pytest.raises(Stop):
        bootstrap.prepared_python(clone, "base")
    assert bootstrap.read_stamp(clone) == {}


def test_a_half_made_stamp_is_no_stamp(clone, installs):
    (clone / ".venv" / "kezhan.json").write_text('{"base": ')
    bootstrap.prepared_python(clone, "base")
    assert json.loads((clone / ".venv" / "kezhan.json").read_text())["base"]


@pytest.mark.parametrize("part", ["ensurepip", "venv"])
def test_debian_without_venv_gets_the_line_to_type(monkeypatch, part):
    monkeypatch.setitem(sys.modules, part, None)
    with pytest.raises(Stop) as refused:
        bootstrap.refuse_without_ensurepip()
    line = f"sudo apt install python{sys.version_info.major}.{sys.version_info.minor}-venv"
    assert line in refused.value.zh
    assert line in refused.value.en


def test_what_runs_before_the_installation_needs_the_standard_library_alone():
    foreign = []
    for name in STANDARD_LIBRARY_ONLY:
        path = ROOT / "src" / "kezhan" / "cli" / name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                foreign += [alias.name for alias in node.names if alias.name.split(".")[0] not in known()]
            elif (
                isinstance(node, ast.ImportFrom)
                and not node.level
                and node.module.split(".")[0] not in known()
            ):
                foreign.append(node.module)
    assert foreign == []


def known() -> set[str]:
    return set(sys.stdlib_module_names) | {"__future__"}


def test_only_one_module_knows_the_operating_system():
    """So that Windows stays open: what only POSIX has is named nowhere else in the product."""
    posix_only = re.compile(
        r"^(import|from) (fcntl|pwd|grp|resource|termios)\b|os\.(fork|killpg|setsid)\b", re.M
    )
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "src").rglob("*.py")
        if "tests" not in path.parts and posix_only.search(path.read_text(encoding="utf-8"))
    ]
    assert found == ["src/kezhan/cli/osdep.py"]


def test_both_locks_agree_and_hold_a_digest_for_each_package():
    def pins(name: str) -> dict[str, str]:
        text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
        assert "http" not in re.sub(r"^\s*#.*$", "", text, flags=re.M)
        blocks = re.findall(r"^([a-z0-9._\-]+)(?:\[[^\]]*\])?==(\S+)(.*?)(?=^\S|\Z)", text, re.M | re.S)
        assert all("--hash=sha256:" in rest for _, _, rest in blocks)
        return {package: version for package, version, _ in blocks}

    base, dev = pins("base.txt"), pins("dev.txt")
    assert len(base) > 30
    assert {name: dev.get(name) for name in base} == base


def test_the_script_is_understood_by_the_old_python_it_refuses():
    """No syntax younger than 3.6 in it; the version check must be able to run."""
    ast.parse((ROOT / "kezhan").read_text(encoding="utf-8"), feature_version=(3, 6))


@pytest.mark.slow
def test_help_lists_what_this_build_can_do_and_nothing_else():
    done = subprocess.run([sys.executable, "-m", "kezhan.cli"], capture_output=True, text=True, check=True)
    from kezhan.cli.verbs import available

    listed = re.findall(r"^  kezhan ([a-z]+) ", done.stdout, re.M)
    assert listed == list(available())


@pytest.mark.slow
def test_an_unknown_verb_is_a_mistake():
    done = subprocess.run(
        [sys.executable, "-m", "kezhan.cli", "runn"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "runn" in done.stdout
