"""`kezhan VERB …`: finds the verb and hands the rest of the line to it."""

from __future__ import annotations

import sys

import kezhan

from .say import Stop, say, stop
from .verbs import available


def main(argv: list[str] | None = None) -> int:
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in ("-h", "--help", "help"):
        print_help()
        return 0
    if words[0] == "--version":
        print(f"kezhan {kezhan.__version__}")
        return 0
    verb = available().get(words[0])
    if verb is None:
        say(f"没有“{words[0]}”这个命令。", f"There is no command {words[0]!r}.")
        print_help()
        return 2
    try:
        return verb.run(words[1:])
    except Stop as reason:
        stop(reason)
    except KeyboardInterrupt:
        return 130


def print_help() -> None:
    say(f"客栈 Kezhan {kezhan.__version__}\n")
    for verb in available().values():
        say(f"  kezhan {verb.name:<10} {verb.zh}  {verb.en}")
    say("\n  kezhan VERB --help   该命令的选项 options of a command")
