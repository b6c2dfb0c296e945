"""The two fixed addresses, key by key."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

from django.test import TestCase
from django.utils import timezone

from kezhan.core.ids import token_digest
from kezhan.people.tests.factories import make_token
from kezhan.reservations import api as reservations

from .factories import make_booking, make_inn, sold


class Rest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.inn = make_inn(code="inn")
        scopes = ["reservations.read", "reservations.book"]
        cls.token = make_token(cls.inn.place, scopes, now=timezone.now() - timedelta(minutes=1))[1]

    def get(self, code="inn", token=None, **query):
        return self.client.get(
            f"/api/v1/properties/{code}/availability",
            query,
            headers={"Authorization": f"Bearer {token or self.token}"},
        )

    def body(self, **changes):
        return {
            "arrival": self.inn.day(1).isoformat(),
            "departure": self.inn.day(3).isoformat(),
            "rooms": [{"room_type": "STD", "rate_plan": "BAR", "adults": 2, "children": 0}],
            "guest": {"name": "王小明", "phone": "13800000001"},
            "market": "FIT",
            "source": "PHONE",
            "channel": "DESK",
        } | changes

    def post(self, body, key="", token=None):
        headers = {"Authorization": f"Bearer {token or self.token}"} | (
            {"Idempotency-Key": key} if key else {}
        )
        return self.client.post(
            "/api/v1/properties/inn/bookings",
            json.dumps(body),
            content_type="application/json",
            headers=headers,
        )

    def test_availability(self):
        make_booking(self.inn, 1, 1)
        answer = self.get(arrival="2026-11-26", departure="2026-11-28", rooms=1, adults=2)
        self.assertEqual(answer.status_code, 200, answer.content)
        self.assertEqual(
            answer.json()["room_types"][0],
            {
                "code": "STD",
                "name": "房型STD",
                "available": 2,
                "rate_plans": [
                    {
                        "code": "BAR",
                        "nightly": [
                            {"date": "2026-11-26", "price": "300.00"},
                            {"date": "2026-11-27", "price": "350.00"},
                        ],
                        "total": "650.00",
                        "currency": "CNY",
                    }
                ],
            },
        )

    def test_availability_of_a_stay_that_cannot_be(self):
        answer = self.get(arrival="2026-11-26", departure="2026-11-26")
        self.assertEqual((answer.status_code, list(answer.json()["errors"])), (422, ["departure"]))

    def test_booking(self):
        answer = self.post(self.body())
        self.assertEqual(answer.status_code, 201, answer.content)
        told = answer.json()
        self.assertEqual(set(told), {"number", "status", "total", "currency", "voucher_url"})
        self.assertEqual((told["status"], told["total"], told["currency"]), ("CONFIRMED", "600.00", "CNY"))
        booking = reservations.Booking.objects.get(number=told["number"])
        token = told["voucher_url"].removeprefix("http://testserver/v/").rstrip("/")
        self.assertEqual(booking.vouchers.get().token_digest, token_digest(token))
        page = self.client.get(told["voucher_url"])
        self.assertContains(page, told["number"])
        pdf = self.client.get(told["voucher_url"] + "voucher.pdf")
        self.assertTrue(pdf.content.startswith(b"%PDF"))

    def test_sold_out_tells_what_is_left(self):
        make_booking(self.inn, 2, 1, types=("STD", "STD"))
        answer = self.post(self.body())
        self.assertEqual((answer.status_code, answer.json()["code"]), (409, "reservations.sold_out"))
        self.assertEqual(answer.json()["full_nights"], ["2026-11-24"])
        self.assertEqual(
            answer.json()["still_available"],
            [{"room_type": "STD", "available": 0}, {"room_type": "KING", "available": 2}],
        )

    def test_the_same_key_books_once(self):
        first, second = self.post(self.body(), key="k1"), self.post(self.body(), key="k1")
        self.assertEqual((first.status_code, second.status_code), (201, 201))
        self.assertEqual(first.json(), second.json())
        self.assertEqual(sold(self.inn, "STD", 1), [1])

    def test_the_client_sets_no_price(self):
        room = {"room_type": "STD", "rate_plan": "BAR", "adults": 1, "children": 0}
        for body in (
            self.body(total="0.00"),
            self.body(currency="ZZZ"),
            self.body(rooms=[room | {"price": "0.00"}]),
            self.body(rooms=[room | {"adults": 99}]),
            self.body(rooms=[room | {"rate_plan": "NONE"}]),
            self.body(rooms=[]),
            self.body(arrival="2026-11-20"),
        ):
            answer = self.post(body)
            self.assertEqual(answer.status_code, 422, body)
            self.assertTrue(answer.json()["errors"])
        self.assertFalse(reservations.Booking.objects.exists())

    def test_a_plan_that_is_not_public_is_unknown(self):
        plan = reservations.add_rate_plan(
            place=self.inn.place,
            code="CORP",
            name="协议",
            public=False,
            actor=self.inn.actor,
            now=timezone.now(),
        )
        reservations.set_prices(
            rate_plan=plan, room_type=self.inn.types["STD"], first=self.inn.day(0), end=self.inn.day(9),
            price=Decimal(1), actor=self.inn.actor, now=timezone.now(),
        )  # fmt: skip
        room = {"room_type": "STD", "rate_plan": "CORP", "adults": 1, "children": 0}
        self.assertEqual(list(self.post(self.body(rooms=[room])).json()["errors"]), ["rooms.0.rate_plan"])

    def test_doors(self):
        other = make_inn(code="other")
        stranger = make_token(other.place, ["reservations.read"], now=timezone.now())[1]
        reader = make_token(self.inn.place, ["reservations.read"], now=timezone.now())[1]
        query = {"arrival": "2026-11-26", "departure": "2026-11-27"}
        self.assertEqual(self.get(token="nonsense", **query).status_code, 401)
        self.assertEqual(self.get(token=stranger, **query).status_code, 404)
        self.assertEqual(self.get(code="nowhere", **query).status_code, 404)
        self.assertEqual(self.post(self.body(), token=reader).status_code, 403)


class Vouchers(TestCase):
    def test_only_the_token_opens_a_voucher(self):
        inn = make_inn()
        booking = make_booking(inn)
        self.assertEqual(self.client.get(f"/v/{booking.number}/").status_code, 404)
        token = reservations.issue_voucher(
            booking_id=booking.pk, property_id=inn.place.pk, actor=inn.actor, now=timezone.now()
        )
        self.assertContains(self.client.get(f"/v/{token}/"), booking.number)
        reservations.Voucher.objects.filter(version=2).update(
            issued_at=timezone.now() - timedelta(days=9), ends_at=timezone.now() - timedelta(days=1)
        )
        self.assertEqual(self.client.get(f"/v/{token}/").status_code, 404)
        self.assertEqual([voucher.version for voucher in booking.vouchers.order_by("version")], [1, 2])
