"""Databases and servers of a bench run: made for it, on loopback, gone afterwards."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

POSTGRESQL = os.environ.get("KEZHAN_BENCH_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")
WORKERS = 2
THREADS = 4


class NoPostgresql(RuntimeError):
    """No server answers at KEZHAN_BENCH_POSTGRESQL."""


@contextlib.contextmanager
def fresh_database(engine: str, folder: Path) -> Iterator[str]:
    """The address of an empty database; a PostgreSQL one is dropped afterwards. Raises NoPostgresql."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'bench.sqlite3'}"
        return
    import psycopg

    name = f"kezhan_bench_{secrets.token_hex(4)}"
    try:
        admin = psycopg.connect(POSTGRESQL, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        raise NoPostgresql(POSTGRESQL) from error
    with admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    try:
        yield POSTGRESQL.rpartition("/")[0] + "/" + name
    finally:
        with psycopg.connect(POSTGRESQL, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serve(target: str, health: str, environment: dict[str, str]) -> Iterator[str]:
    """Run `target` on granian as `kezhan run` does, until the block ends; yields its base address."""
    port = free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(WORKERS), "--blocking-threads", str(THREADS), "--no-ws",
        "--workers-kill-timeout", "3", "--log-level", "warning", target,
    ]  # fmt: skip
    process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)  # noqa: S603
    base = f"http://127.0.0.1:{port}"
    try:
        _wait(base + health, process)
        yield base
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(address: str, process: subprocess.Popen, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not answer in time")
