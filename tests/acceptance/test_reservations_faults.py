"""Faults seen by running other systems, in what concerns bookings: each test is named after the fault."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from kezhan.core.errors import DomainError, InvalidInput
from kezhan.people.tests.factories import make_token
from kezhan.reservations import api as reservations
from kezhan.reservations.tests.factories import NOON, make_booking, make_inn, make_request, sold

CLIENTS = 16
ROUNDS = 5


@pytest.fixture
def inn(transactional_db):
    return make_inn(code="inn")


def race(act: Callable[[int], Any], clients: int = CLIENTS) -> list[Any]:
    """`clients` threads start together, each over its own connection; returns what each got or was refused with."""
    gate = Barrier(clients)

    def run(number: int) -> Any:
        try:
            connection.ensure_connection()
            gate.wait(timeout=60)
            return act(number)
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(run, range(clients)))


def book(inn, **fields):
    return reservations.book(place=inn.place, request=make_request(inn, **fields), actor=inn.actor, now=NOON)


def fill(inn, code: str, first: int, nights: int) -> None:
    """Leave one room of the type on these nights."""
    make_booking(inn, first, nights, types=(code,))


def same(inn) -> bool:
    return reservations.inventory_differences(inn.place, inn.day(0), inn.day(30)) == []


@pytest.mark.slow
def test_row_1_the_last_room_oversold_when_many_ask_at_once(inn):
    for round_number in range(ROUNDS):
        first = 1 + 3 * round_number
        fill(inn, "STD", first, 2)
        results = race(
            lambda number, first=first: book(inn, first=first, nights=2, guest_name=f"客人{number}")
        )
        kinds = Counter(type(result).__name__ for result in results)
        assert kinds == {"Booked": 1, "SoldOut": CLIENTS - 1}
        refusal = next(result for result in results if isinstance(result, reservations.SoldOut))
        assert refusal.full == [inn.day(first), inn.day(first + 1)]
        assert refusal.free == {"STD": 0, "KING": 2}
        assert sold(inn, "STD", first, first + 1) == [2, 2]
    assert same(inn)


def test_row_2_only_the_first_night_is_checked(inn):
    make_booking(inn, 4, 1, types=("STD", "STD"))
    with pytest.raises(reservations.SoldOut) as caught:
        book(inn, first=3, nights=3)
    assert caught.value.full == [inn.day(4)]
    assert "11-26" in str(caught.value)
    assert sold(inn, "STD", 3, 4, 5) == [0, 2, 0]


@pytest.mark.slow
def test_row_3_free_rooms_but_only_one_of_many_accepted(transactional_db):
    inn = make_inn(types=("STD",), rooms_each=CLIENTS)
    results = race(lambda number: book(inn, first=1, nights=2, guest_name=f"客人{number}"))
    assert Counter(type(result).__name__ for result in results) == {"Booked": CLIENTS}
    assert sold(inn, "STD", 1, 2) == [CLIENTS, CLIENTS]
    assert same(inn)


@pytest.mark.slow
def test_row_3_crossing_stays_and_types_wait_for_each_other_without_deadlock(transactional_db):
    inn = make_inn(rooms_each=CLIENTS)
    orders = [("STD", "KING"), ("KING", "STD")]
    results = race(lambda number: book(inn, first=1 + number % 3, nights=3, types=orders[number % 2]))
    assert Counter(type(result).__name__ for result in results) == {"Booked": CLIENTS}
    assert same(inn)


def test_row_4_a_database_error_and_yet_inserted(inn, monkeypatch):
    from kezhan.reservations.operations import booking as module

    def fail(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(module.audit, "record", fail)
    with pytest.raises(OSError, match="disk full"):
        book(inn)
    monkeypatch.undo()
    assert not reservations.Booking.objects.exists()
    assert not reservations.Voucher.objects.exists()
    assert sold(inn, "STD", 1, 2) == [0, 0]


def body(inn, **changes: Any) -> dict[str, Any]:
    return {
        "arrival": inn.day(1).isoformat(),
        "departure": inn.day(3).isoformat(),
        "rooms": [{"room_type": "STD", "rate_plan": "BAR", "adults": 1, "children": 0}],
        "guest": {"name": "王小明", "phone": "13800000001"},
        "market": "FIT",
        "source": "PHONE",
        "channel": "DESK",
    } | changes


def send(token: str, wanted: dict[str, Any], key: str = "") -> Any:
    headers = {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": key} if key else {})
    return Client(raise_request_exception=False).post(
        "/api/v1/properties/inn/bookings",
        json.dumps(wanted),
        content_type="application/json",
        headers=headers,
    )


@pytest.fixture
def token(inn) -> str:
    return make_token(inn.place, ["reservations.book"], now=timezone.now() - timedelta(minutes=1))[1]


def test_row_5_the_same_booking_sent_twice_makes_two(inn, token):
    first, again = send(token, body(inn), "key-1"), send(token, body(inn), "key-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert reservations.Booking.objects.count() == 1
    other = send(token, body(inn, departure=inn.day(4).isoformat()), "key-1")
    assert other.status_code == 422
    assert reservations.Booking.objects.count() == 1


@pytest.mark.slow
def test_row_5_the_same_key_at_once(inn, token):
    answers = race(lambda _number: send(token, body(inn), "key-2"), clients=8)
    told = Counter(answer.status_code for answer in answers)
    assert set(told) <= {201, 409}
    assert told[201] >= 1
    assert reservations.Booking.objects.count() == 1
    assert len({answer.json()["number"] for answer in answers if answer.status_code == 201}) == 1


def test_row_8_out_of_order_rooms_stay_on_sale(inn):
    def close(number: str, kind: str = "OOO"):
        return reservations.close_room(
            room_id=inn.rooms[number].pk, kind=kind, starts=inn.day(1), ends=inn.day(3), reason="漏水",
            actor=inn.actor, now=NOON,
        )  # fmt: skip

    def left() -> int:
        return reservations.availability(inn.place, inn.day(1), inn.day(3))[0].available

    close("101")
    assert left() == 1
    booking = make_booking(inn, 2, 1)
    assert left() == 0
    with pytest.raises(reservations.SoldOut):
        book(inn, first=2, nights=1)
    with pytest.raises(reservations.NeededByBookings) as caught:
        close("102")
    assert caught.value.bookings == [booking.number]
    assert caught.value.nights == [inn.day(2)]
    assert reservations.Closure.objects.count() == 1
    close("102", kind="OOS")
    assert left() == 0
    assert same(inn)


def test_row_9_a_stay_extended_into_promised_nights_and_not_priced_anew(inn):
    stay = make_booking(inn, 1, 2).rooms.get()
    promised = make_booking(inn, 3, 1, types=("STD", "STD"))

    def extend(end: int):
        return reservations.change_dates(
            booking_room_id=stay.pk, arrival=inn.day(1), departure=inn.day(end), reason="客人想多住",
            actor=inn.actor, now=NOON,
        )  # fmt: skip

    with pytest.raises(reservations.SoldOut) as caught:
        extend(6)
    assert caught.value.full == [inn.day(3)]
    stay.refresh_from_db()
    assert (stay.departure_date, stay.total) == (inn.day(3), Decimal("600.00"))
    reservations.cancel(booking_id=promised.pk, reason="客人不来了", actor=inn.actor, now=NOON)
    changed = extend(6)
    # Two nights at 300, one more at 300, and the Friday night at 350 beside the Thursday one.
    assert list(stay.nights.values_list("price", flat=True)) == [Decimal(300)] * 4 + [Decimal(350)]
    assert changed.difference == Decimal("950.00")
    assert reservations.Booking.objects.get(pk=stay.booking_id).total == Decimal("1550.00")
    assert same(inn)


def test_row_10_the_client_says_what_it_costs_and_who_comes(inn, token):
    room = {"room_type": "STD", "rate_plan": "BAR", "adults": 1, "children": 0}
    reservations.add_rate_plan(place=inn.place, code="KINGONLY", name="大床专享", actor=inn.actor, now=NOON)
    wrong = {
        "total": body(inn, total="0.00"),
        "currency": body(inn, currency="ZZZ"),
        "price of a room": body(inn, rooms=[room | {"nightly_prices": ["0.00", "0.00"]}]),
        "plan of another type": body(inn, rooms=[room | {"rate_plan": "KINGONLY"}]),
        "99 adults": body(inn, rooms=[room | {"adults": 99}]),
        "past": body(inn, arrival=inn.day(-1).isoformat()),
    }
    for what, wanted in wrong.items():
        answer = send(token, wanted)
        assert answer.status_code == 422, what
        assert answer.json()["errors"], what
    assert not reservations.Booking.objects.exists()
    agreed = (
        reservations.RoomRequest(
            room_type="STD", rate_plan="BAR", nightly_prices=(Decimal(1), Decimal(1)), price_reason="熟客"
        ),
    )
    with pytest.raises(reservations.PriceNotAllowed):
        book(inn, rooms=agreed)
    with pytest.raises(InvalidInput):
        reservations.book(
            place=inn.place,
            request=make_request(inn, plan="KINGONLY"),
            actor=inn.actor,
            now=NOON,
            price_override=True,
        )
    assert sold(inn, "STD", 1, 2) == [0, 0]
