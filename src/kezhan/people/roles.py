"""Shipped roles: their words stand here under their key, and each app says which of its rights they start with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from kezhan.core.rights import RIGHTS

# The role that a house can never lose: it configures, and every right of `people` belongs to it.
ADMINISTRATOR = "administrator"

SHIPPED: dict[str, Any] = {
    ADMINISTRATOR: _("系统管理员"),
    "general_manager": _("总经理"),
    "duty_manager": _("值班经理"),
    "department_head": _("部门经理"),
    "front_desk": _("前台接待"),
    "reservations": _("预订专员"),
    "housekeeping_attendant": _("客房服务员"),
    "housekeeping_inspector": _("客房领班"),
    "cashier": _("收银员"),
    "finance": _("财务"),
    "auditor": _("稽核员"),
    "hr": _("人事"),
}

_defaults: dict[str, set[str]] = {}


def grant_by_default(right: str, *, roles: Iterable[str]) -> None:
    """Let the shipped `roles` start with `right`. Called from an app's hooks, next to the declaration of the right."""
    for key in roles:
        if key not in SHIPPED:
            raise ImproperlyConfigured(f"{right}: no shipped role {key!r}")
        _defaults.setdefault(key, set()).add(right)


def default_rights(key: str) -> set[str]:
    """What a shipped role starts with. The administrator starts with everything that is declared: in an inn of one
    person nothing else would let the day begin; a larger house takes away what its administrator must not do."""
    if key == ADMINISTRATOR:
        return {code for code, _right in RIGHTS}
    return set(_defaults.get(key, ()))


def granted_codes() -> set[str]:
    """Every right that some app grants by default; a test compares them with the declared ones."""
    return set().union(*_defaults.values()) if _defaults else set()


def shipped_label(key: str) -> Any:
    """The words of a shipped role, or the key of one that a hotel made."""
    return SHIPPED.get(key, key)
