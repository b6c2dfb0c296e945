"""Opening the demo house: staff with passwords made here and now, rooms, plans, prices."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from kezhan.billing import api as billing
from kezhan.core.actor import Actor, system
from kezhan.core.money import round_money
from kezhan.hotel import api as hotel
from kezhan.people import api as people
from kezhan.properties import api as properties
from kezhan.reservations import api as reservations

from . import words

SETTER = system("demo", origin="DEMO")
PASSWORD_WORDS = ["qingshi", "yunqi", "liushui", "qiufeng", "songtao", "zhuying", "hupan", "shanlan"]
AHEAD_DAYS = 400


@dataclass(frozen=True)
class Account:
    """A demo account, told once at the first run; it answers on loopback only."""

    username: str
    password: str
    role: str


def open_house(*, first: date, now: datetime) -> tuple[properties.Property, list[Account]]:
    """The group, its one house with `first` as its open business date, and the accounts of its staff."""
    code, name, name_en = words.GROUP
    group = properties.open_group(code=code, name=name, name_en=name_en, actor=SETTER, now=now)
    place = properties.open_property(group=group, opened_date=first, actor=SETTER, now=now, **words.HOUSE)
    people.furnish_group(group=group, actor=SETTER, now=now)
    people.furnish_property(place=place, actor=SETTER, now=now)
    accounts = [_hire(group, place, staff, first, now) for staff in words.STAFF]
    hotel.open_business_day(place=place, business_date=first, actor=SETTER, now=now)
    billing.set_up_charge_codes(place=place, actor=SETTER, now=now)
    _rooms(place, first, now)
    _plans(place, now)
    end = first + timedelta(days=AHEAD_DAYS)
    reservations.open_nights(place=place, first=first, end=end, actor=SETTER, now=now)
    return place, accounts


def _hire(
    group: properties.Group, place: properties.Property, staff: words.Staff, hired: date, now: datetime
) -> Account:
    password = f"{secrets.choice(PASSWORD_WORDS)}-{secrets.token_hex(3)}"
    user, _given = people.hire(
        group=group,
        username=staff.username,
        name=staff.name,
        name_en=staff.name_en,
        hired_date=hired,
        password=password,
        demo=True,
        actor=SETTER,
        now=now,
    )
    at_house = staff.department != "HO"
    post = people.Post.objects.of(group).get(
        code=staff.post, department__code=staff.department, department__property=place if at_house else None
    )
    people.give_post(
        user_id=user.pk,
        post_id=post.pk,
        place=place if at_house else None,
        starts_date=hired,
        actor=SETTER,
        now=now,
    )
    return Account(staff.username, password, staff.role)


def _rooms(place: properties.Property, opened: date, now: datetime) -> None:
    kinds = {
        kind.code: hotel.add_room_type(
            place=place,
            code=kind.code,
            name=kind.name,
            name_en=kind.name_en,
            bed=kind.bed,
            max_adults=kind.adults,
            max_guests=kind.guests,
            accessible=kind.code == "ACC",
            position=position,
            actor=SETTER,
            now=now,
        )
        for position, kind in enumerate(words.KINDS)
    }
    for floor in words.FLOORS:
        for door, code in words.LAYOUT.items():
            number = f"{floor}{door:02d}"
            kind = "ACC" if number in words.ACCESSIBLE_ROOMS else code
            hotel.add_room(
                place=place, number=number, room_type=kinds[kind], floor=floor, opened_date=opened, position=door,
                actor=SETTER, now=now,
            )  # fmt: skip


def _plans(place: properties.Property, now: datetime) -> None:
    kinds = {row.code: row for row in hotel.RoomType.objects.of(place)}
    for position, plan in enumerate(words.PLANS):
        row = reservations.add_rate_plan(
            place=place,
            code=plan.code,
            name=plan.name,
            name_en=plan.name_en,
            kind=plan.kind,
            members_only=plan.members_only,
            breakfasts=plan.breakfasts,
            public=plan.public,
            position=position,
            actor=SETTER,
            now=now,
        )
        for kind in words.KINDS:
            price = round_money(Decimal(kind.price) * plan.percent / 100)
            reservations.set_base_price(
                rate_plan=row, room_type=kinds[kind.code], price=price,
                weekend_price=price + words.WEEKEND_EXTRA, actor=SETTER, now=now,
            )  # fmt: skip
    for axis, codes in words.CODES.items():
        for position, (code, name, name_en) in enumerate(codes):
            reservations.add_booking_code(
                place=place, axis=axis, code=code, name=name, name_en=name_en, position=position, actor=SETTER,
                now=now,
            )  # fmt: skip


def staff_actor(username: str) -> Actor:
    """A member of the demo staff as the trail prints them."""
    return people.User.objects.get(username=username).actor("DEMO")
