"""What a new house starts with: shipped roles, usual departments and posts, so that people can be hired at once."""

# no-translate-file: these are rows a hotel owns and renames; each has its English name beside it.

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kezhan.core.actor import Actor
from kezhan.people import queries
from kezhan.people.models import Department, Holding, Post, Role, User
from kezhan.people.roles import ADMINISTRATOR
from kezhan.properties.api import Group, Property

from .roles import ship_roles
from .staff import give_post
from .structure import open_department, open_post

# What a hotel writes has its own name: these are rows it may rename, so the words are data, not messages.
HEAD_OFFICE = ("HO", "集团管理部", "Head office")
ADMIN_POST = ("ADMIN", "系统管理员", "System administrator")
# Staff belong to the group, so whoever hires them has a post there; in a single inn that is the same house.
HR_POST = ("HR", "人事专员", "Personnel clerk")
HOUSE = [
    ("EO", "总经理办公室", "Executive office",
     [("GM", "总经理", "General manager", ["general_manager"]),
      ("DM", "值班经理", "Duty manager", ["duty_manager"])]),
    ("FO", "前厅部", "Front office",
     [("FOM", "前厅经理", "Front office manager", ["department_head", "front_desk", "cashier"]),
      ("FOA", "前台接待", "Front desk agent", ["front_desk", "cashier"])]),
    ("RES", "预订部", "Reservations", [("RSV", "预订专员", "Reservations agent", ["reservations"])]),
    ("HK", "客房部", "Housekeeping",
     [("HKS", "客房领班", "Room inspector", ["housekeeping_inspector", "housekeeping_attendant"]),
      ("HKA", "客房服务员", "Room attendant", ["housekeeping_attendant"])]),
    ("FIN", "财务部", "Finance",
     [("ACC", "财务", "Accountant", ["finance"]),
      ("AUD", "稽核员", "Auditor", ["auditor"])]),
]  # fmt: skip


@transaction.atomic
def furnish_group(*, group: Group, actor: Actor, now: datetime) -> None:
    """Shipped roles, and the posts of administrators and personnel. Safe to run twice."""
    ship_roles(group=group, actor=actor, now=now)
    department = _department(group, None, HEAD_OFFICE, actor, now)
    _post(department, *ADMIN_POST, [ADMINISTRATOR], actor, now)
    _post(department, *HR_POST, ["hr"], actor, now)


@transaction.atomic
def furnish_property(*, place: Property, actor: Actor, now: datetime) -> None:
    """Usual departments and posts of one house. Safe to run twice; what a hotel renamed stays as it is."""
    for code, name, name_en, posts in HOUSE:
        department = _department(place.group, place, (code, name, name_en), actor, now)
        for post in posts:
            _post(department, *post, actor, now)


def seat_administrator(*, user: User, actor: Actor, now: datetime) -> Holding:
    """Let the person hold the administrators' post of their group from today on."""
    post = Post.objects.of(user.group_id).get(department__property__isnull=True, code=ADMIN_POST[0])
    today = queries.today_at(None, user.group_id, now)
    return give_post(user_id=user.pk, post_id=post.pk, place=None, starts_date=today, actor=actor, now=now)


def _department(
    group: Group, place: Property | None, words: tuple[str, str, str], actor: Actor, now: datetime
) -> Department:
    code, name, name_en = words
    found = Department.objects.of(group).filter(property=place, code=code).first()
    return found or open_department(
        group=group, place=place, code=code, name=name, name_en=name_en, actor=actor, now=now
    )


def _post(
    department: Department, code: str, name: str, name_en: str, keys: list[str], actor: Actor, now: datetime
) -> Post:
    found = department.posts.filter(code=code).first()
    roles = Role.objects.of(department.group_id).filter(key__in=keys)
    return found or open_post(
        department=department, code=code, name=name, name_en=name_en, roles=roles, actor=actor, now=now
    )
