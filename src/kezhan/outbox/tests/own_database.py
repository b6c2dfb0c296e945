"""A database of its own for tests that start and kill real processes: a file, or a database beside the tested one."""

from __future__ import annotations

import contextlib
import os
import secrets
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

SOURCE = Path(__file__).resolve().parents[3]
ROOT = SOURCE.parent


@dataclass
class OwnDatabase:
    """`url` is what processes are given; `rows` asks it from outside, without Django."""

    url: str
    ask: Any
    environment: dict[str, str]

    def rows(self, statement: str) -> list[tuple]:
        return self.ask(statement)

    def start(self, module: str, *arguments: str, **popen: Any) -> subprocess.Popen:
        command = [sys.executable, "-W", "ignore", "-m", module, *arguments]
        return subprocess.Popen(command, env=self.environment, cwd=ROOT, text=True, **popen)

    def run(self, module: str, *arguments: str) -> str:
        process = self.start(module, *arguments, stdout=subprocess.PIPE)
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0, (module, arguments, process.returncode)
        return out


@contextlib.contextmanager
def own_database(folder: Path, settings_module: str) -> Iterator[OwnDatabase]:
    """Of the kind that this test run uses."""
    manager = _postgresql() if connection.vendor == "postgresql" else _sqlite(folder)
    with manager as (url, ask):
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(SOURCE), str(ROOT)]),
            "DJANGO_SETTINGS_MODULE": settings_module,
            "KEZHAN_DATABASE_URL": url,
            "KEZHAN_SECRET_KEY": settings.SECRET_KEY,
            "KEZHAN_KEYS_FILE": settings.KEZHAN_KEYS_FILE,
            "KEZHAN_DATA_DIR": str(folder),
        }
        yield OwnDatabase(url, ask, environment)


@contextlib.contextmanager
def _sqlite(folder: Path) -> Iterator[tuple[str, Any]]:
    path = folder / "own.sqlite3"

    def ask(statement: str) -> list[tuple]:
        with contextlib.closing(sqlite3.connect(path, timeout=20, isolation_level=None)) as own:
            return own.execute(statement).fetchall()

    yield f"sqlite:///{path}", ask


@contextlib.contextmanager
def _postgresql() -> Iterator[tuple[str, Any]]:
    import psycopg

    name = f"kz_own_{secrets.token_hex(4)}"
    place = connection.settings_dict
    login = {
        "host": place["HOST"],
        "port": place["PORT"] or None,
        "user": place["USER"],
        "password": place["PASSWORD"] or None,
    }
    login = {key: value for key, value in login.items() if value}
    with psycopg.connect(dbname="postgres", autocommit=True, **login) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            with psycopg.connect(dbname=name, autocommit=True, **login) as own:
                password = f":{login['password']}" if "password" in login else ""
                address = (
                    f"{login.get('host', '')}:{login['port']}" if "port" in login else login.get("host", "")
                )
                url = f"postgresql://{login['user']}{password}@{address}/{name}"
                if str(login.get("host", "")).startswith("/"):
                    url = f"postgresql://{login['user']}{password}@/{name}?host={login['host']}&port={login.get('port', 5432)}"
                yield url, lambda statement: own.execute(statement).fetchall()
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
