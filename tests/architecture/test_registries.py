"""What is enqueued is handled, what is scheduled exists, what is imported by name can be imported."""

from __future__ import annotations

import ast
from importlib import import_module

from .source import PACKAGE, parsed, product_files


def enqueued_names() -> dict[str, str]:
    """name -> where, of every `outbox.enqueue("name", …)` in the product."""
    found = {}
    for app, path in product_files():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and _is_enqueue(node.func, app) and node.args:
                name = node.args[0]
                where = f"{path.relative_to(PACKAGE)}:{node.lineno}"
                if isinstance(name, ast.Constant) and isinstance(name.value, str):
                    found[name.value] = where
                elif isinstance(name, ast.Name):
                    found.update(dict.fromkeys(_constant(path, name.id), where))
    return found


def _is_enqueue(function: ast.expr, app: str) -> bool:
    if isinstance(function, ast.Attribute):
        return (
            function.attr == "enqueue"
            and isinstance(function.value, ast.Name)
            and function.value.id == "outbox"
        )
    return app == "outbox" and isinstance(function, ast.Name) and function.id == "enqueue"


def _constant(path, name: str) -> list[str]:
    """The value of a module's constant, so that `enqueue(SEND_VOUCHER)` counts as well."""
    return [
        node.value.value
        for node in parsed(path).body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
    ]


def test_every_enqueued_name_has_one_handler_or_waits_for_a_later_app():
    from kezhan.outbox.handlers import HANDLERS, WAITING

    known = {name for registry in (HANDLERS, WAITING) for name, _ in registry}
    assert {name: where for name, where in enqueued_names().items() if name not in known} == {}


def test_every_rest_router_can_be_imported():
    from kezhan.core.rest import ROUTERS

    for _prefix, dotted in ROUTERS:
        module, _, name = dotted.rpartition(".")
        assert hasattr(import_module(module), name), dotted
