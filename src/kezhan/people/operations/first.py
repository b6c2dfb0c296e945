"""The very first administrator: nobody is there yet who could let them in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from kezhan.core.actor import Actor
from kezhan.core.ids import new_token, token_digest
from kezhan.core.locking import lock_rows
from kezhan.people import queries
from kezhan.people.models import FirstLink, User
from kezhan.people.queries import AdministratorExists, LinkNotGood
from kezhan.properties import api as properties

from .furnish import furnish_group, furnish_property, seat_administrator
from .staff import hire

GOOD_FOR = timedelta(hours=24)


@dataclass(frozen=True)
class FirstHouse:
    """What the first page asks for."""

    code: str
    name: str
    username: str
    person: str
    password: str
    timezone: str = "Asia/Shanghai"
    name_en: str = ""
    group_name: str = ""
    language: str = "zh-hans"


@transaction.atomic
def make_first_link(*, now: datetime) -> str:
    """The token of a link for the first administrator, good once and for a day. Raises AdministratorExists."""
    if queries.anybody_administers(now):
        raise AdministratorExists()
    token = new_token()
    FirstLink.objects.create(digest=token_digest(token), made_at=now, ends_at=now + GOOD_FOR)
    return token


@transaction.atomic
def use_first_link(*, token: str, house: FirstHouse, now: datetime) -> User:
    """Make group, property and administrator. All links are locked, so that two people cannot both be first.

    Raises LinkNotGood, AdministratorExists, InvalidInput and what opening and hiring refuse.
    """
    links = {link.digest: link for link in lock_rows(FirstLink.objects.order_by("pk"))}
    link = links.get(token_digest(token))
    if link is None or link.used_at is not None or now >= link.ends_at:
        raise LinkNotGood()
    if queries.anybody_administers(now):
        raise AdministratorExists()
    actor = Actor(kind="SYSTEM", id="first-link", name=house.person[:60], origin="WEB")
    user = _open(house, actor, now)
    link.used_at, link.group = now, user.group
    link.save(update_fields=["used_at", "group"])
    return user


def _open(house: FirstHouse, actor: Actor, now: datetime) -> User:
    group = properties.open_group(code=house.code, name=house.group_name or house.name, actor=actor, now=now)
    today = queries.today_at(None, group.pk, now)
    place = properties.open_property(
        group=group,
        code=house.code,
        name=house.name,
        name_en=house.name_en,
        timezone=house.timezone,
        opened_date=today,
        actor=actor,
        now=now,
    )
    furnish_group(group=group, actor=actor, now=now)
    furnish_property(place=place, actor=actor, now=now)
    user, _password = hire(
        group=group,
        username=house.username,
        name=house.person,
        hired_date=today,
        password=house.password,
        language=house.language,
        actor=actor,
        now=now,
    )
    seat_administrator(user=user, actor=actor, now=now)
    return user
