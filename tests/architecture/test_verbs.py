"""Whatever the trail records, a person can read: each verb has words, and each word a verb."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from .source import PACKAGE, parsed, product_files


def recorded_verbs() -> dict[str, str]:
    """verb -> where. Follows `record(verb, …)` through local names and through helpers that take the verb."""
    found = {}
    for app, path in product_files():
        helpers = _helpers(path)
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call):
                position = 0 if _records(node.func, app) else helpers.get(_called(node.func), -1)
                for verb in _strings(path, node, position):
                    found[verb] = f"{path.relative_to(PACKAGE)}:{node.lineno}"
    return found


def _records(function: ast.expr, app: str) -> bool:
    """`audit.record` and `audit.prepare`; in the trail's own app `operations.record`."""
    owner = "operations" if app == "audit" else "audit"
    return (
        isinstance(function, ast.Attribute)
        and function.attr in ("record", "prepare")
        and isinstance(function.value, ast.Name)
        and function.value.id == owner
    )


def _helpers(path: Path) -> dict[str, int]:
    """Functions of this file with a parameter `verb`, and its position."""
    return {
        node.name: [argument.arg for argument in node.args.args].index("verb")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef) and any(argument.arg == "verb" for argument in node.args.args)
    }


def _called(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else ""


def _strings(path: Path, call: ast.Call, position: int) -> Iterator[str]:
    if not 0 <= position < len(call.args):
        return
    argument = call.args[position]
    sources = _values_of(path, argument.id) if isinstance(argument, ast.Name) else [argument]
    for source in sources:
        for part in ast.walk(source):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value


def _values_of(path: Path, name: str) -> list[ast.expr]:
    """What the file assigns to a local name; nothing for a helper's own parameter, whose callers are looked at."""
    return [
        node.value
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Assign)
        and any(isinstance(t, ast.Name) and t.id == name for t in node.targets)
    ]


def test_every_recorded_verb_has_words_and_every_word_a_verb():
    from kezhan.audit.verbs import VERBS

    recorded, named = recorded_verbs(), {verb for verb, _words in VERBS}
    assert {verb: where for verb, where in recorded.items() if verb not in named} == {}
    assert named - set(recorded) == set()


def test_the_words_of_a_verb_stand_with_the_app_that_records_it():
    assert {
        verb: where
        for verb, where in recorded_verbs().items()
        if not where.startswith(verb.partition(".")[0])
    } == {}
