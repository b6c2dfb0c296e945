"""Run as a process beside the product of the journeys: makes its house, and counts afterwards what the rows say.

`inn` is a small inn on its first business date, yesterday, so that two days can be closed; `demo` is the demo hotel.
Passwords are made here and told once. Prices are the same every night, so that a journey can state them.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import sys
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import django

CODE = "linjian"
STAFF = {
    "qian": ("钱前台", "FO", "FOA"),
    "sun": ("孙前台", "FO", "FOA"),
    "zhou": ("周预订", "RES", "RSV"),
    "he": ("何客房", "HK", "HKA"),
    "tang": ("唐领班", "HK", "HKS"),
    "gu": ("顾经理", "EO", "DM"),
}
# code, name, bed, price a night, door numbers
TYPES = [
    ("STD", "标准间", "1.2 米床 × 2", "300.00", ["101", "102", "103", "105"]),
    ("KING", "大床房", "1.8 米床", "400.00", ["201", "202", "203"]),
    ("STE", "庭院套房", "2 米床", "800.00", ["301"]),
]
CODES = {"MARKET": ("FIT", "散客"), "SOURCE": ("PHONE", "电话"), "CHANNEL": ("DIRECT", "直接")}


def keys() -> None:
    from kezhan.cli.firstrun import make_keys
    from kezhan.cli.home import Home

    make_keys(Home(Path(os.environ["KEZHAN_DATA_DIR"])))


def demo() -> None:
    """The demo hotel as `kezhan run` makes it at the first start; tells its accounts."""
    from kezhan.cli.home import Home
    from kezhan.cli.prepare import first_hotel

    home = Home(Path(os.environ["KEZHAN_DATA_DIR"]))
    (home.data / "empty").unlink()
    with contextlib.redirect_stdout(sys.stderr):
        first_hotel(home, empty=False, demo=True)
    made = json.loads(home.demo_accounts.read_text(encoding="utf-8"))
    print(
        json.dumps({"passwords": {one["username"]: one["password"] for one in made}, "code": "qingshi-lane"})
    )


def inn() -> None:
    from django.utils import timezone

    from kezhan.billing import api as billing
    from kezhan.core.actor import system
    from kezhan.guests import api as guests
    from kezhan.hotel import api as hotel
    from kezhan.people import api as people
    from kezhan.properties import api as properties
    from kezhan.reservations import api as reservations

    now = timezone.now()
    who: dict[str, Any] = {"actor": system("journey"), "now": now}
    group = properties.open_group(code="linjian-group", name="林间客栈", name_en="Grove Inns", **who)
    first = _local_today(now) - timedelta(days=1)
    place = properties.open_property(
        group=group, code=CODE, name="林间客栈", name_en="Grove Inn", opened_date=first, address="示例市林间路 6 号",
        telephone="0000-6600166", **who,
    )  # fmt: skip
    people.furnish_group(group=group, **who)
    people.furnish_property(place=place, **who)
    passwords = {name: _hire(group, place, name, first, who) for name in STAFF}
    hotel.open_business_day(place=place, business_date=first, **who)
    billing.set_up_charge_codes(place=place, **who)
    _rooms(place, first, who)
    reservations.open_nights(place=place, first=first, end=first + timedelta(days=40), **who)
    guests.make_profile(group=group, name="欧阳若水", phone="19900001111", **who)
    guests.make_profile(group=group, name="欧阳秋白", phone="19900002222", **who)
    print(json.dumps({"passwords": passwords, "code": CODE, "first": first.isoformat()}))


def _local_today(now: datetime) -> date:
    from zoneinfo import ZoneInfo

    return now.astimezone(ZoneInfo("Asia/Shanghai")).date()


def _hire(group: Any, place: Any, username: str, first: date, who: dict[str, Any]) -> str:
    from kezhan.people import api as people

    name, department, post = STAFF[username]
    password = f"{secrets.token_urlsafe(12)}-7"
    user, _ = people.hire(
        group=group, username=username, name=name, hired_date=first, password=password, demo=True, **who
    )
    held = people.Post.objects.of(group).get(
        code=post, department__code=department, department__property=place
    )
    people.give_post(user_id=user.pk, post_id=held.pk, place=place, starts_date=first, **who)
    return password


def _rooms(place: Any, first: date, who: dict[str, Any]) -> None:
    from kezhan.hotel import api as hotel
    from kezhan.reservations import api as reservations

    plan = reservations.add_rate_plan(
        place=place, code="RACK", name="门市价", name_en="Rack rate", kind="RACK", public=True, **who
    )
    for position, (code, name, bed, price, doors) in enumerate(TYPES):
        kind = hotel.add_room_type(
            place=place, code=code, name=name, name_en=name, bed=bed, max_adults=2, max_guests=3,
            position=position, **who,
        )  # fmt: skip
        for door in doors:
            hotel.add_room(place=place, number=door, room_type=kind, floor=door[0], opened_date=first, **who)
        reservations.set_base_price(
            rate_plan=plan, room_type=kind, price=Decimal(price), weekend_price=Decimal(price), **who
        )
    for axis, (code, name) in CODES.items():
        reservations.add_booking_code(place=place, axis=axis, code=code, name=name, **who)


# ---------------------------------------------------------------- counting


def count() -> None:
    """Everything that must not double or be lost."""
    from kezhan.billing import api as billing
    from kezhan.frontdesk import api as frontdesk
    from kezhan.hotel import api as hotel
    from kezhan.properties.api import Property
    from kezhan.reservations import api as reservations

    place = Property.objects.get(code=CODE)
    lines = billing.Posting.objects.of(place)
    bookings = reservations.Booking.objects.of(place)
    print(
        json.dumps(
            {
                "business_date": hotel.business_date(place).isoformat(),
                "bookings": sorted(bookings.values_list("guest__name", flat=True)),
                "stays": sorted(frontdesk.Stay.objects.of(place).values_list("room__number", flat=True)),
                "payments": [f"{amount:.2f}" for amount in _amounts(lines.filter(kind="PAYMENT"))],
                "room_charges": [
                    f"{amount:.2f}" for amount in _amounts(lines.filter(charge_code__code="ROOM"))
                ],
                "audits": frontdesk.NightAudit.objects.of(place).filter(status="DONE").count(),
                "steps": frontdesk.NightAuditStep.objects.of(place).count(),
                "oversold": _oversold(place),
            },
            ensure_ascii=False,
        )
    )


def _amounts(rows: Any) -> list[Decimal]:
    return list(rows.order_by("pk").values_list("amount", flat=True))


def _oversold(place: Any) -> int:
    from django.db.models import F

    from kezhan.reservations import api as reservations

    nights = reservations.RoomTypeNight.objects.of(place)
    return nights.filter(sold__gt=F("capacity") - F("out_of_order") - F("blocked")).count()


if __name__ == "__main__":
    if sys.argv[1] != "keys":
        django.setup()
    {"keys": keys, "demo": demo, "inn": inn, "count": count}[sys.argv[1]](*sys.argv[2:])
