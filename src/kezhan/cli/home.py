"""Where this installation keeps its things, and the environment every process of it is started with."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from . import osdep

PACKAGE = Path(__file__).resolve().parent.parent


def clone_root() -> Path | None:
    """The folder of the clone this code runs from, or None for an installed wheel."""
    root = PACKAGE.parent.parent
    in_clone = (
        PACKAGE.parent.name == "src" and (root / "pyproject.toml").exists() and (root / "kezhan").exists()
    )
    return root if in_clone else None


def default_data_dir() -> Path:
    """`data/` beside the script in a clone; where the platform keeps a user's data for a wheel."""
    given = os.environ.get("KEZHAN_DATA_DIR")
    if given:
        return Path(given).resolve()
    root = clone_root()
    if root is not None:
        return root / "data"
    if osdep.WINDOWS:
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "kezhan"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "kezhan"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "kezhan"


@dataclass(frozen=True)
class Home:
    """Paths below one data directory. Keys lie beside the database, never inside it."""

    data: Path

    @property
    def keys_file(self) -> Path:
        return Path(os.environ.get("KEZHAN_KEYS_FILE") or self.data / "keys" / "kezhan-keys.json")

    @property
    def secret_file(self) -> Path:
        return self.data / "keys" / "secret.key"

    @property
    def backups(self) -> Path:
        return self.data / "backups"

    @property
    def lock(self) -> Path:
        return self.data / "kezhan.lock"

    @property
    def static(self) -> Path:
        return Path(os.environ.get("KEZHAN_STATIC_ROOT") or self.data / "static")

    @property
    def demo_accounts(self) -> Path:
        return self.data / "demo-accounts.json"

    @property
    def certificate(self) -> Path:
        return self.data / "keys" / "kezhan-cert.pem"

    @property
    def certificate_key(self) -> Path:
        return self.data / "keys" / "kezhan-cert-key.pem"

    def environment(self) -> dict[str, str]:
        """What a child process needs to find the same database, keys and code."""
        env = dict(os.environ)
        env["KEZHAN_DATA_DIR"] = str(self.data)
        env["KEZHAN_KEYS_FILE"] = str(self.keys_file)
        env["KEZHAN_STATIC_ROOT"] = str(self.static)
        env["DJANGO_SETTINGS_MODULE"] = "kezhan.settings"
        env["PYTHONUTF8"] = "1"
        paths = [str(PACKAGE.parent), env.get("PYTHONPATH", "")]
        env["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
        return env

    def use(self) -> None:
        """Make this process itself belong to the installation (before Django's settings are read)."""
        os.environ.update(self.environment())
