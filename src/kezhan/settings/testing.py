"""Settings of the test suite: cheap hashing, a key file of its own, nothing else different from the product."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_HOME = Path(tempfile.gettempdir()) / f"kezhan-tests-{os.getuid() if hasattr(os, 'getuid') else 0}"
_HOME.mkdir(exist_ok=True)
os.environ.setdefault("KEZHAN_DATA_DIR", str(_HOME))
os.environ.setdefault("KEZHAN_SECRET_KEY", "for-tests-only-" + "0123456789" * 4)
os.environ.setdefault("KEZHAN_KEYS_FILE", str(_HOME / "keys.json"))

from kezhan.core.keys import make_key_file  # noqa: E402

from . import *  # noqa: E402, F403

try:
    make_key_file(Path(os.environ["KEZHAN_KEYS_FILE"]))
except FileExistsError:
    pass

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["*"]
