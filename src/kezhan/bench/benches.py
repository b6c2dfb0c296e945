"""The benches. Each runs in a process of its own on an empty, migrated database and returns figures, limit and ratio."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Sum

from kezhan.reservations import api as reservations

from . import houses, lived, scene
from .load import Answer, Client, race


@dataclass(frozen=True)
class Options:
    """`size` names an entry of `houses.SIZES`; `rounds` counts races; `quick` takes a tenth of everything."""

    size: str = "large"
    rounds: int = 100
    file: str = ""
    quick: bool = False

    def count(self, full: int) -> int:
        return max(full // 10, 20) if self.quick else full


def run_availability(options: Options) -> dict[str, Any]:
    """3 nights, all types and plans, priced, over HTTP, token checked; against the bare select view."""
    from . import bare_tables

    bare_tables.prepare(connection)
    with scene.scene(houses.SIZES[options.size]) as site:

        def ask(client: Client, number: int) -> Answer:
            arrival, departure = scene.period(number)
            return client.get(
                f"{site.root}/availability?arrival={arrival}&departure={departure}&rooms=1&adults=1"
            )

        offered = ask(Client(site.base, site.headers), 1).json()
        site.load(ask, clients=2, requests=100)
        product = {str(n): site.load(ask, clients=n, requests=options.count(2000)) for n in (1, 8)}
        with scene.limit() as bare:
            beside = scene.side_by_side(site, ask, bare, "/select", clients=16, requests=options.count(3000))
    return {
        "size": options.size,
        "types": len(offered["room_types"]),
        "plans": len(offered["room_types"][0]["rate_plans"]),
        "product": product,
        **beside,
    }


def run_booking(options: Options) -> dict[str, Any]:
    """A complete booking over HTTP: guest, price, inventory, trail, outbox, voucher; against the bare insert view."""
    from . import bare_tables

    bare_tables.prepare(connection)
    size = houses.SIZES[options.size]
    with scene.scene(size) as site:
        numbers = itertools.count(1)

        def book(client: Client, _number: int) -> Answer:
            number = next(numbers)
            arrival, departure = scene.period(number)
            kind = f"T{number % size.types}"
            return client.post(
                f"{site.root}/bookings",
                scene.booking_body(number, arrival, departure, kind),
                key=f"bench-{number}",
            )

        product = {str(n): site.load(book, clients=n, requests=options.count(1000)) for n in (1, 8)}
        with scene.limit() as bare:
            beside = scene.side_by_side(site, book, bare, "/insert", clients=8, requests=options.count(900))
    return {"size": options.size, "product": product, **beside}


def run_race(options: Options) -> dict[str, Any]:
    """The last room, sixteen free rooms, and one request repeated: who gets what, and what the rows say."""
    figures: dict[str, Any] = {}
    with scene.scene(houses.Size("race", houses=1, rooms=17, types=1, plans=1, bookings=0)) as site:
        for clients in (16, 64):
            rounds = max(options.rounds if clients == 16 else options.rounds // 4, 1)
            figures[f"last_room_{clients}"] = _race_rounds(site, clients, free=1, rounds=rounds)
        figures["sixteen_rooms_16"] = _race_rounds(site, 16, free=16, rounds=max(options.rounds // 4, 1))
        figures["same_key_16"] = _same_key(site, rounds=max(options.rounds // 4, 1))
    figures["oversold_nights"] = _oversold()
    return figures


def _race_rounds(site: scene.Scene, clients: int, *, free: int, rounds: int) -> dict[str, Any]:
    statuses: Counter = Counter()
    wrong = 0
    begun = time.perf_counter()
    nights = reservations.RoomTypeNight.objects.of(site.places[0])
    for number in range(rounds):
        night = houses.TODAY + timedelta(days=number % 380)
        nights.filter(date=night).update(capacity=F("sold") + free)

        def book(client: Client, index: int, number: int = number) -> Answer:
            day = houses.TODAY + timedelta(days=number % 380)
            return client.post(
                f"{site.root}/bookings",
                scene.booking_body(number * 100 + index, day, day + timedelta(days=1)),
            )

        answers = race(site.base, book, clients=clients, headers=site.headers)
        statuses.update(answer.status for answer in answers)
        accepted = sum(answer.status == 201 for answer in answers)
        refused = [answer.json().get("code") for answer in answers if answer.status == 409]
        wrong += accepted != min(free, clients) or set(refused) - {"reservations.sold_out"} != set()
    return {
        "rounds": rounds,
        "clients": clients,
        "free_rooms": free,
        "wrong_rounds": wrong,
        "statuses": {str(status): count for status, count in sorted(statuses.items())},
        "seconds": round(time.perf_counter() - begun, 1),
    }


def _same_key(site: scene.Scene, rounds: int) -> dict[str, Any]:
    """Sixteen times the same request with one Idempotency-Key: one booking and one answer."""
    wrong = 0
    statuses: Counter = Counter()
    day = houses.TODAY + timedelta(days=390)
    nights = reservations.RoomTypeNight.objects.of(site.places[0]).filter(date=day)
    for number in range(rounds):
        nights.update(capacity=F("sold") + 16)
        before = reservations.Booking.objects.of(site.places[0]).count()
        body = scene.booking_body(900_000 + number, day, day + timedelta(days=1))

        def book(client: Client, _index: int, body: dict = body, number: int = number) -> Answer:
            return client.post(f"{site.root}/bookings", body, key=f"same-{number}")

        answers = race(site.base, book, clients=16, headers=site.headers)
        statuses.update(answer.status for answer in answers)
        booked = {answer.body for answer in answers if answer.status == 201}
        wrong += len(booked) != 1 or reservations.Booking.objects.of(site.places[0]).count() != before + 1
        wrong += any(answer.status not in (201, 409) for answer in answers)
    return {
        "rounds": rounds,
        "wrong_rounds": wrong,
        "statuses": {str(s): n for s, n in sorted(statuses.items())},
    }


def _oversold() -> int:
    rows = reservations.RoomTypeNight.objects.filter(
        sold__gt=F("capacity") - F("out_of_order") - F("blocked")
    )
    return rows.aggregate(nights=Sum("sold") - Sum("capacity"))["nights"] or 0


BENCHES: dict[str, Callable[[Options], dict[str, Any]]] = {
    "race": run_race,
    "availability": run_availability,
    "booking": run_booking,
    "rack": lived.run_rack,
    "nightaudit": lived.run_nightaudit,
    "replay": lived.run_replay,
}
