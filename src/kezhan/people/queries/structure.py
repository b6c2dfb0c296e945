"""Departments, posts and roles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Count, Prefetch, Q

from kezhan.core import nav
from kezhan.core.errors import NotFound
from kezhan.core.rights import RIGHTS, Right
from kezhan.people.models import GROUP_WIDE, Department, Post, Role

from .lookup import the_only
from .standing import today_at


@dataclass(frozen=True)
class RightsPart:
    """The rights of one app, as the role editor groups them; `chosen` are codes."""

    label: Any
    rights: list[Right]
    chosen: set[str]


def departments_with_posts(group: Any, now: datetime) -> list[Department]:
    """Departments of the group and its houses, each post with its roles and `held`, the number of people in it."""
    today = today_at(None, getattr(group, "pk", group), now)
    holds = Q(holdings__starts_date__lte=today) & (
        Q(holdings__ends_date__isnull=True) | Q(holdings__ends_date__gt=today)
    )
    posts = Post.objects.of(group).filter(retired_date__isnull=True)
    posts = posts.annotate(held=Count("holdings", filter=holds)).prefetch_related("roles").order_by("code")
    rows = Department.objects.of(group).filter(retired_date__isnull=True).select_related("property")
    rows = rows.prefetch_related(Prefetch("posts", queryset=posts))
    return list(rows.order_by("property__code", "code"))


def departments_at(place: Any) -> list[tuple[str, Any]]:
    """(code, words) of the departments of one house."""
    rows = Department.objects.of(place.group_id).filter(property=place, retired_date__isnull=True)
    return [(row.code, row.label) for row in rows.order_by("code")]


def department_by_handle(group: Any, handle: str) -> Department:
    """Called "house:code", or "-:code" for one of the group. Raises NotFound."""
    place, _colon, code = handle.partition(":")
    return the_only(_departments(group, place).filter(code=code))


def department_by_code(group: Any, code: str, property: Any | None = None) -> Department:
    """Raises NotFound."""
    return the_only(Department.objects.of(group).filter(code=code, property=property))


def post_by_handle(group: Any, handle: str) -> Post:
    """Called "house:department:post". Raises NotFound."""
    parts = handle.split(":")
    if len(parts) != 3:
        raise NotFound()
    departments = _departments(group, parts[0]).filter(code=parts[1])
    rows = Post.objects.of(group).filter(department__in=departments, code=parts[2])
    return the_only(rows.select_related("department__property"))


def _departments(group: Any, place: str) -> Any:
    rows = Department.objects.of(group).select_related("property")
    return rows.filter(property__isnull=True) if place == GROUP_WIDE else rows.filter(property__code=place)


def roles_with_counts(group: Any) -> list[Role]:
    """Roles with `right_count` and `post_count`."""
    rows = Role.objects.of(group).filter(retired_date__isnull=True)
    return list(
        rows.annotate(
            right_count=Count("rights", distinct=True), post_count=Count("post_roles", distinct=True)
        ).order_by("pk")
    )


def role_by_key(group: Any, key: str) -> Role:
    """Raises NotFound."""
    return the_only(Role.objects.of(group).filter(key=key))


def rights_by_app(chosen: set[str]) -> list[RightsPart]:
    """Every declared right under the words of its app."""
    parts: dict[str, list[Right]] = {}
    for code, right in RIGHTS:
        parts.setdefault(code.partition(".")[0], []).append(right)
    return [RightsPart(_app_words(app), rights, chosen) for app, rights in parts.items()]


def _app_words(app: str) -> Any:
    """The words an app calls itself, or those of its place in the navigation."""
    in_rail = next((item.label for item in nav.items() if item.url_name.startswith(f"{app}:")), app)
    if not apps.is_installed(f"kezhan.{app}"):
        return in_rail
    words = apps.get_app_config(app).verbose_name
    return in_rail if words == app.title() else words
