"""The one module that knows which operating system it is on. Everything else uses these few functions.

Standard library only: the bootstrap needs it before anything is installed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

WINDOWS = sys.platform == "win32"

if WINDOWS:
    import msvcrt
else:
    import fcntl
    import pwd

# Locked far behind the text, so that a second process can still read who holds the lock.
_LOCK_BYTE = 1 << 30


def lock_file(path: Path) -> IO[str] | None:
    """The opened and locked file, or None while another process holds it.

    The operating system frees the lock when its holder dies, however it dies, so a stale file never blocks anyone.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = open(path, "a+", encoding="utf-8")  # noqa: SIM115 - kept open for as long as the lock is held
    try:
        if WINDOWS:
            handle.seek(_LOCK_BYTE)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        return None
    return handle


def private(path: Path) -> None:
    """Readable by its owner alone. Windows keeps what the user's own folder allows."""
    if not WINDOWS:
        path.chmod(0o600)


def private_folder(path: Path) -> None:
    """Made for its owner alone; one that is there keeps the rights its owner gave it."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def become(command: Sequence[str], env: dict[str, str]) -> int:
    """Run `command` in the place of this process; where that cannot be done, wait for it and hand its code on."""
    if not WINDOWS:
        sys.stdout.flush()
        sys.stderr.flush()
        os.execve(command[0], list(command), env)  # noqa: S606
    child = subprocess.Popen(list(command), env=env)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue


def start_group(command: Sequence[str], env: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start a child with everything it will start in a group of its own; its standard input is a leash that closes
    when this process ends.
    """
    apart: dict[str, Any] = (
        {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}  # type: ignore[attr-defined]
        if WINDOWS
        else {"start_new_session": True}
    )
    return subprocess.Popen(list(command), env=env, stdin=subprocess.PIPE, **apart)


def ask_group_to_stop(child: subprocess.Popen[bytes]) -> None:
    """The polite way: the child's own process gets the signal and stops what it started."""
    try:
        if WINDOWS:
            child.send_signal(signal.CTRL_BREAK_EVENT)  # type: ignore[attr-defined]
        else:
            child.send_signal(signal.SIGTERM)
    except (OSError, ValueError):
        return


def kill_group(child: subprocess.Popen[bytes]) -> None:
    """The hard way, also for what a dead child left behind."""
    try:
        if WINDOWS:
            killer = ["taskkill", "/F", "/T", "/PID", str(child.pid)]
            subprocess.run(killer, capture_output=True, check=False)
        else:
            os.killpg(child.pid, signal.SIGKILL)
    except (OSError, ProcessLookupError):
        return


def end_own_group(hard: bool) -> None:
    """Called inside a child whose leash was cut: nobody is left to stop it, so it stops itself and its children."""
    if WINDOWS:
        os._exit(1)
    os.killpg(os.getpgrp(), signal.SIGKILL if hard else signal.SIGTERM)


def stop_signals() -> list[int]:
    wanted = ["SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP"]
    return [getattr(signal, name) for name in wanted if hasattr(signal, name)]


def other_user() -> dict[str, Any]:
    """Arguments for Popen that drop root, for programs that refuse to run as root (PostgreSQL). Empty when not root."""
    if WINDOWS or os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            person = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
    return {}


def give_to(path: Path, person: dict[str, Any]) -> None:
    if person:
        os.chown(path, person["user"], person["group"])


def is_root() -> bool:
    return not WINDOWS and os.geteuid() == 0


def memory_folder() -> str | None:
    """A place for temporary files that is kept in memory, where the machine has one with room."""
    place = Path("/dev/shm")  # noqa: S108 - callers make private folders inside
    if WINDOWS or not os.access(place, os.W_OK):
        return None
    free = os.statvfs(place)
    return str(place) if free.f_bavail * free.f_frsize > 512 * 1024 * 1024 else None
