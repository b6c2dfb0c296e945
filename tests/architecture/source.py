"""Reading our own source, for the tests of this folder."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import kezhan

PACKAGE = Path(kezhan.__file__).parent
BESIDE_THE_HOUSE = {"cli", "settings", "demo", "replay", "bench"}


@cache
def apps() -> tuple[str, ...]:
    """Our apps that exist, lowest first."""
    from django.conf import settings

    return tuple(settings.HOUSE_APPS)


def folders() -> list[str]:
    return sorted(path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists())


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def product_files(*, with_migrations: bool = False) -> Iterator[tuple[str, Path]]:
    """(app or folder, file) of every file of the product; tests are no part of it."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).parts
        if len(parts) < 2 or "tests" in parts or ("migrations" in parts and not with_migrations):
            continue
        yield parts[0], path


def module_name(path: Path) -> str:
    parts = list(path.relative_to(PACKAGE.parent).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path) -> Iterator[tuple[str, int, bool]]:
    """(dotted name, line, inside a function) of each import, relative ones made absolute; `from a import b` is a.b."""
    tree = parsed(path)
    hidden = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno, id(node) in hidden
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, path)
            for alias in node.names:
                yield f"{base}.{alias.name}", node.lineno, id(node) in hidden


def _absolute(node: ast.ImportFrom, path: Path) -> str:
    if not node.level:
        return node.module or ""
    package = module_name(path).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    package = package[: len(package) - node.level + 1]
    return ".".join([*package, *([node.module] if node.module else [])])
