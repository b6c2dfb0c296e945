"""A PostgreSQL of our own for one test run: private folder, private socket, gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kezhan.cli import osdep

PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)
# A test database may be lost in a power cut.
FAST = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]


class NoCluster(Exception):
    """The binaries are here but the cluster did not come up."""


def binaries() -> Path | None:
    """The folder with `initdb` and `postgres`, the newest version first."""
    found = shutil.which("initdb")
    if found and shutil.which("postgres"):
        return Path(found).parent
    for pattern in PLACES:
        root = Path(pattern.split("*")[0]).parent if "*" in pattern.split("/")[-1] else Path("/")
        folders = [path for path in Path("/").glob(pattern.lstrip("/")) if (path / "initdb").exists()]
        if folders:
            return max(folders, key=lambda path: _version(path, root))
    return None


def _version(path: Path, root: Path) -> float:
    digits = "".join(letter if letter.isdigit() or letter == "." else " " for letter in str(path)).split()
    return float(digits[0].strip(".")) if digits and digits[0].strip(".") else 0.0


@contextmanager
def private_cluster(binaries: Path) -> Iterator[str]:
    """The address (KEZHAN_TEST_DATABASE_URL) of a cluster that lives as long as the block. Raises NoCluster.

    initdb refuses root, so under root everything runs as another user of this machine.
    """
    person = osdep.other_user()
    folder = Path(tempfile.mkdtemp(prefix="kz-pg-", dir="/tmp"))  # noqa: S108 - a socket's path must stay short
    try:
        osdep.give_to(folder, person)
        _initdb(binaries, folder, person)
        with open(folder / "log", "wb") as log:
            server = subprocess.Popen(
                [str(binaries / "postgres"), "-D", str(folder / "data"), "-k", str(folder)]
                + ["-c", "listen_addresses=", "-c", "max_connections=200", *FAST],
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=folder,
                **person,
            )
        try:
            _wait(folder, server)
            yield f"postgresql://kezhan@/kezhan?host={folder}"
        finally:
            _stop(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _initdb(binaries: Path, folder: Path, person: dict) -> None:
    command = [str(binaries / "initdb"), "-D", str(folder / "data"), "-U", "kezhan", "-A", "trust"]
    command += ["-E", "UTF8", "--locale=C", "--no-sync"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False, **person)
    if done.returncode:
        raise NoCluster(done.stderr.strip() or done.stdout.strip())


def _wait(folder: Path, server: subprocess.Popen[bytes], patience: float = 60) -> None:
    import psycopg

    until = time.monotonic() + patience
    while time.monotonic() < until and server.poll() is None:
        try:
            psycopg.connect(host=str(folder), user="kezhan", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise NoCluster((folder / "log").read_text(encoding="utf-8", errors="replace")[-2000:])


def _stop(server: subprocess.Popen[bytes]) -> None:
    """SIGINT is PostgreSQL's fast shutdown; its children end with it."""
    if server.poll() is not None:
        return
    os.kill(server.pid, signal.SIGINT)
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
