"""What the product imports is installed where the product runs, not only where it is developed."""

from __future__ import annotations

import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

from .source import PACKAGE, imports_of, product_files

BASE = Path(__file__).resolve().parents[2] / "requirements" / "base.txt"
# `kezhan test` is of the clone, which has the lock of developers.
OF_DEVELOPERS = {"cli/checks"}


def installed_with_the_product() -> set[str]:
    return set(re.findall(r"^([a-z0-9._\-]+)(?:\[[^\]]*\])?==", BASE.read_text(encoding="utf-8"), re.M))


def test_every_library_the_product_imports_is_in_its_lock():
    locked, whose = installed_with_the_product(), packages_distributions()
    missing = {}
    for _, path in product_files(with_migrations=True):
        here = path.relative_to(PACKAGE)
        if str(here.parent) in OF_DEVELOPERS:
            continue
        for name, line, _ in imports_of(path):
            top = name.split(".")[0]
            if top in sys.stdlib_module_names or top in ("kezhan", "__future__"):
                continue
            if not {owner.lower().replace("_", "-") for owner in whose.get(top, [])} & locked:
                missing[top] = f"{here}:{line}"
    assert missing == {}
