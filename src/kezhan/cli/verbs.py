"""The verbs. One whose code is not part of this build is neither listed nor accepted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from .home import PACKAGE, clone_root

Run = Callable[[list[str]], int]


@dataclass(frozen=True)
class Verb:
    name: str
    zh: str
    en: str
    exists: Callable[[], bool]
    run: Run


def has_module(dotted: str) -> bool:
    try:
        return find_spec(dotted) is not None
    except ModuleNotFoundError:
        return False


def has_command(name: str) -> bool:
    """Whether an app of ours brings the management command `name`."""
    return any(PACKAGE.glob(f"*/management/commands/{name}.py"))


def in_module(dotted: str) -> Run:
    """The verb is `main(argv)` of a module, imported only when it is asked for."""

    def run(argv: list[str]) -> int:
        return int(import_module(dotted).main(argv) or 0)

    return run


def as_command(*words: str) -> Run:
    """The verb is a Django command with the installation's environment around it."""

    def run(argv: list[str]) -> int:
        return int(import_module("kezhan.cli.manage").main([*words, *argv]) or 0)

    return run


def with_django(dotted: str) -> Run:
    """The verb is `main(argv)` of a module that expects Django's settings to be named and the data folder known."""

    def run(argv: list[str]) -> int:
        import_module("kezhan.cli.manage").prepare_environment()
        return int(import_module(dotted).main(argv) or 0)

    return run


def _always() -> bool:
    return True


VERBS = [
    Verb("run", "运行客栈", "run the product", _always, in_module("kezhan.cli.run")),
    Verb(
        "test",
        "运行全部检查",
        "run every check",
        lambda: clone_root() is not None,
        in_module("kezhan.cli.checks"),
    ),
    Verb("manage", "Django 管理命令", "Django's management commands", _always, as_command()),
    Verb("backup", "立即备份数据库", "back the database up now", _always, in_module("kezhan.cli.backup")),
    Verb("restore", "从备份恢复", "return to a backup", _always, in_module("kezhan.cli.restore")),
    Verb(
        "verify", "核对审计链", "verify the audit trail", lambda: has_command("verify"), as_command("verify")
    ),
    Verb(
        "replay",
        "回放真实预订",
        "live through a file of real bookings",
        lambda: has_module("kezhan.replay.command"),
        with_django("kezhan.replay.command"),
    ),
    Verb(
        "bench",
        "测量性能",
        "measure against the raw limit",
        lambda: has_module("kezhan.bench.command"),
        with_django("kezhan.bench.command"),
    ),
]


def available() -> dict[str, Verb]:
    return {verb.name: verb for verb in VERBS if verb.exists()}
