"""The tabs over the people pages: those the person may open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kezhan.core import door
from kezhan.people.requests import PersonRequest

_TABS = [
    ("list", _("员工"), "people.read"),
    ("posts", _("部门与岗位"), "people.read"),
    ("rota", _("排班"), "people.read"),
    ("roles", _("角色与权限"), "people.manage_roles"),
    ("tokens", _("接口令牌"), "people.manage_tokens"),
]


@dataclass(frozen=True)
class Tab:
    label: Any
    url: str
    current: bool


def tabs(request: PersonRequest, current: str) -> list[Tab]:
    """`current` is the name of the page's own tab."""
    return [
        Tab(label, reverse(f"people:{name}"), name == current)
        for name, label, right in _TABS
        if door.resolver().holds(request, right, None)
    ]
