"""Before anything is installed: make `.venv`, install the lock once, hand over. Standard library only."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from . import osdep
from .say import Stop, say, stop, warn

DEV_VERBS = {"test"}


def main(root: str, argv: list[str]) -> int:
    home = Path(root)
    verb = next((word for word in argv if not word.startswith("-")), "")
    try:
        python = prepared_python(home, "dev" if verb in DEV_VERBS else "base")
    except Stop as reason:
        stop(reason)
    env = dict(os.environ)
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(home / "src"), env.get("PYTHONPATH", "")]))
    env["PYTHONUTF8"] = "1"
    return osdep.become([str(python), "-m", "kezhan.cli", *argv], env)


def prepared_python(home: Path, wanted: str) -> Path:
    """The interpreter of `.venv` with the `wanted` lock installed. Two first starts at once wait for each other."""
    python = python_of(home / ".venv")
    if installed(home, wanted):
        return python
    with_lock = wait_for_lock(home / ".venv.lock")
    try:
        if not installed(home, wanted):
            if not works(python):
                make_venv(home / ".venv")
            install(home, python, wanted)
    finally:
        with_lock.close()
    return python


def python_of(venv: Path) -> Path:
    return venv / "Scripts" / "python.exe" if osdep.WINDOWS else venv / "bin" / "python"


def digest(home: Path, wanted: str) -> str:
    return hashlib.sha256((home / "requirements" / f"{wanted}.txt").read_bytes()).hexdigest()


def installed(home: Path, wanted: str) -> bool:
    """Whether the stamp names this very lock and this very interpreter. The lock of the developers holds the other."""
    stamp = read_stamp(home)
    if not python_of(home / ".venv").exists() or stamp.get("python") != version_of_venv(home / ".venv"):
        return False
    return stamp.get(wanted) == digest(home, wanted)


def read_stamp(home: Path) -> dict[str, str]:
    try:
        return dict(json.loads((home / ".venv" / "kezhan.json").read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def version_of_venv(venv: Path) -> str:
    """What made the venv, read without starting it (a start costs more than this whole check)."""
    try:
        lines = (venv / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition("=")[2].strip() for line in lines if line.startswith("version")), "")


def works(python: Path) -> bool:
    """A venv breaks when its Python is removed or its making was interrupted."""
    if not python.exists():
        return False
    return (
        subprocess.run([str(python), "-m", "pip", "--version"], capture_output=True, check=False).returncode
        == 0
    )


def wait_for_lock(path: Path, patience: float = 600):
    told, until = False, time.monotonic() + patience
    while (held := osdep.lock_file(path)) is None:
        if time.monotonic() > until:
            raise Stop(
                "等待另一个安装进程超时。",
                "Another installation has been running for ten minutes; stop it and retry.",
            )
        if not told:
            say("另一个窗口正在安装，等它完成……", "Another window is installing; waiting for it.")
            told = True
        time.sleep(0.3)
    return held


def make_venv(venv: Path) -> None:
    refuse_without_ensurepip()
    say("正在创建 Python 环境 .venv ……", "Making the Python environment .venv")
    done = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(venv)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Stop(
            f"无法创建 .venv：\n{done.stdout}{done.stderr}", "The environment could not be made (see above)."
        )


def refuse_without_ensurepip() -> None:
    """Debian and Ubuntu split `venv` from Python; its own message appears only after half a venv is made."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        raise Stop(
            f"缺少 Python 的 venv 组件。请先运行：\n\n    sudo apt install {package}\n",
            f"Python's venv is missing. Run:  sudo apt install {package}",
        ) from None


def install(home: Path, python: Path, wanted: str) -> None:
    lock = home / "requirements" / f"{wanted}.txt"
    say(
        "正在安装所需组件（首次约一分钟）……",
        "Installing what the product needs (about a minute the first time)",
    )
    if not (with_uv(lock, python) or with_pip(lock, python)):
        raise Stop(
            "安装失败，原因见上。请检查网络后再次运行同一命令。",
            "The installation failed (reason above). Check the network and run the same command again.",
        )
    stamp = {} if read_stamp(home).get("python") != version_of_venv(home / ".venv") else read_stamp(home)
    stamp.update({"python": version_of_venv(home / ".venv"), wanted: digest(home, wanted)})
    if wanted == "dev":
        stamp["base"] = digest(home, "base")
    (home / ".venv" / "kezhan.json").write_text(json.dumps(stamp, indent=1), encoding="utf-8")


def with_uv(lock: Path, python: Path) -> bool:
    """uv is ten times faster, and only used where it happens to be: what it cannot do, pip does."""
    uv = shutil.which("uv")
    if not uv or subprocess.run([uv, "--version"], capture_output=True, check=False).returncode:
        return False
    command = [uv, "pip", "install", "--quiet", "--python", str(python), "--require-hashes", "-r", str(lock)]
    return subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode == 0


def with_pip(lock: Path, python: Path) -> bool:
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    done = subprocess.run([*command, "--require-hashes", "-r", str(lock)], check=False)
    if done.returncode:
        warn("pip 未能完成安装。", "pip could not finish.")
    return done.returncode == 0
