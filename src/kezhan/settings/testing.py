"""Settings of the test suite: cheap hashing, keys and database files of its own, nothing else different."""

from __future__ import annotations

import atexit
import contextlib
import importlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

from kezhan.cli.osdep import memory_folder


def _own_folder() -> Path:
    """One folder per test run, in memory where the machine has such a place. The workers of xdist inherit its name."""
    given = os.environ.get("KEZHAN_TEST_DIR")
    if given:
        return Path(given)
    made = Path(tempfile.mkdtemp(prefix="kezhan-test-", dir=memory_folder()))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    os.environ["KEZHAN_TEST_DIR"] = str(made)
    return made


_HOME = _own_folder()
os.environ["KEZHAN_DATA_DIR"] = str(_HOME)
os.environ["KEZHAN_KEYS_FILE"] = str(_HOME / "keys.json")
os.environ["KEZHAN_DATABASE_URL"] = os.environ.get("KEZHAN_TEST_DATABASE_URL") or os.environ.get(
    "KEZHAN_DATABASE_URL", ""
)
os.environ.setdefault("KEZHAN_SECRET_KEY", "for-tests-only-" + "0123456789" * 4)

from kezhan.core.keys import make_key_file  # noqa: E402

# Importing this module has read the product's settings already, with the caller's environment: read them again.
importlib.reload(sys.modules["kezhan.settings"])
from . import *  # noqa: E402, F403

(_HOME / "static").mkdir(exist_ok=True)
with contextlib.suppress(FileExistsError):
    make_key_file(Path(os.environ["KEZHAN_KEYS_FILE"]))

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file as in use, since threads and processes share it; without waiting for the disk.
    DATABASES["default"]["TEST"] = {"NAME": str(_HOME / f"test-{os.getpid()}.sqlite3")}  # noqa: F405
    DATABASES["default"]["OPTIONS"]["init_command"] += "; PRAGMA synchronous=OFF"  # noqa: F405

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["*"]
