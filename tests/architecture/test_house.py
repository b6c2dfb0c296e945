"""The house stands as it is drawn: every app on its floor, and neighbours met at the front door."""

from __future__ import annotations

import configparser
from pathlib import Path

from .source import BESIDE_THE_HOUSE, PACKAGE, apps, folders, imports_of, product_files

ROOT = Path(__file__).resolve().parents[2]

# Django finds these by their dotted path in another app, or they are the joints of start and stop.
NAMED_ELSEWHERE = {
    ("cli", "kezhan.website.wsgi.application"),
    ("bench", "kezhan.settings.database.database_from_url"),
    ("settings", "kezhan.cli.osdep.memory_folder"),
    ("settings", "kezhan.core.keys.make_key_file"),
}


def layers() -> list[str]:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter", encoding="utf-8")
    lines = contracts["importlinter:contract:house"]["layers"].split()
    return [line.strip("()") for line in reversed(lines)]


def test_the_layers_of_the_import_contract_are_the_apps_in_the_order_of_the_settings():
    assert [layer for layer in layers() if layer not in BESIDE_THE_HOUSE] == list(apps())


def test_every_folder_of_the_package_is_an_app_of_the_house_or_stands_beside_it():
    assert set(folders()) - BESIDE_THE_HOUSE == set(apps())


def test_another_app_is_imported_only_by_its_api():
    """`from kezhan.billing import api as billing`. What an app does not offer there is its own business."""
    found = []
    for app, path in product_files(with_migrations=True):
        for name, line, _ in imports_of(path):
            other = _other_app(name, app)
            if other and not _front_door(name, other) and (app, name) not in NAMED_ELSEWHERE:
                found.append(f"{path.relative_to(PACKAGE)}:{line} imports {name}")
    assert found == []


def test_no_import_of_another_app_is_hidden_in_a_function():
    """A hidden import is a cycle that nobody sees. (The command line waits for Django's settings: it must.)"""
    found = []
    for app, path in product_files():
        if app in BESIDE_THE_HOUSE:
            continue
        for name, line, hidden in imports_of(path):
            if hidden and _other_app(name, app):
                found.append(f"{path.relative_to(PACKAGE)}:{line} hides {name}")
    assert found == []


def test_migrations_import_none_of_our_living_code():
    """A migration must mean in five years what it means today. Guards of append-only tables are the one exception."""
    allowed = {"kezhan.audit.triggers.append_only", "kezhan.audit.api.append_only"}
    found = [
        f"{path.relative_to(PACKAGE)}:{line} imports {name}"
        for app, path in product_files(with_migrations=True)
        if "migrations" in path.parts
        for name, line, _ in imports_of(path)
        if name.startswith("kezhan.") and name not in allowed and not _column_type(name, app)
    ]
    assert found == []


def _column_type(name: str, app: str) -> bool:
    """Column classes and managers that Django itself writes into a migration."""
    return name.split(".")[1] in ("core", "properties") or name.startswith(f"kezhan.{app}.")


def _other_app(name: str, app: str) -> str:
    parts = name.split(".")
    if parts[0] != "kezhan" or len(parts) < 2:
        return ""
    other = parts[1]
    return other if other in {*apps(), *BESIDE_THE_HOUSE} and other not in (app, "core") else ""


def _front_door(name: str, other: str) -> bool:
    """Beside an app's api: the guards of append-only tables, which no running code calls, for migrations; and the
    doorkeeper of REST, kept apart so that people.api stays free of ninja.
    """
    return name.startswith(
        (f"kezhan.{other}.api", "kezhan.audit.triggers.append_only", "kezhan.people.rest.")
    )
