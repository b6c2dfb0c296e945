"""The pages: each opens for its right, shows what it should, and does its step; nobody else gets in."""

from __future__ import annotations

import io
from decimal import Decimal
from unittest import mock

import pytest
from django.test import TestCase
from openpyxl import load_workbook

from kezhan.guests import api as guests
from kezhan.guests.tests.factories import make_guest
from kezhan.people.tests.factories import give_rights, make_user
from kezhan.reservations import api as reservations

from .factories import NOON, make_booking, make_inn, make_request, sold

ALL = ["read", "book", "cancel", "cancel_late", "override_price", "manage_rates", "review", "close_rooms"]


class Case(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.inn = make_inn([f"reservations.{name}" for name in ALL], code="inn")

    def setUp(self):
        # The pages ask the clock; here it stands at noon of the business date.
        clock = mock.patch("django.utils.timezone.now", return_value=NOON)
        clock.start()
        self.addCleanup(clock.stop)
        self.client.force_login(self.inn.user)

    def url(self, path=""):
        return f"/p/inn/reservations/{path}"

    def fields(self, **changes):
        return {
            "arrival": self.inn.day(1).isoformat(),
            "departure": self.inn.day(3).isoformat(),
            "line0-room_type": "STD",
            "line0-rate_plan": "BAR",
            "line0-count": "1",
            "line0-adults": "2",
            "line0-children": "0",
            "market": "FIT",
            "source": "PHONE",
            "channel": "DESK",
            "guest_name": "王小明",
            "guest_phone": "138 0000 0001",
            "act": "confirm",
        } | changes


class Editor(Case):
    def test_confirmed_with_its_voucher(self):
        answer = self.client.post(self.url("new/"), self.fields())
        booking = reservations.Booking.objects.get()
        self.assertContains(answer, booking.number)
        self.assertContains(answer, "/v/")
        self.assertEqual((booking.status, booking.total), ("CONFIRMED", Decimal("600.00")))

    def test_saved_as_an_enquiry(self):
        answer = self.client.post(self.url("new/"), self.fields(act="save"))
        booking = reservations.Booking.objects.get()
        self.assertRedirects(answer, self.url(f"of/{booking.number}/"))
        self.assertEqual((booking.status, sold(self.inn, "STD", 1)), ("ENQUIRY", [0]))

    def test_two_types_at_once_and_an_agreed_price(self):
        more = {
            "line0-count": "2", "line1-room_type": "KING", "line1-rate_plan": "BAR", "line1-count": "1",
            "line1-adults": "1", "line1-children": "0", "line1-agreed_price": "100", "price_reason": "熟客",
        }  # fmt: skip
        self.client.post(self.url("new/"), self.fields(**more))
        booking = reservations.Booking.objects.get()
        self.assertEqual(
            list(booking.rooms.values_list("room_type__code", "total")),
            [("STD", Decimal("600.00")), ("STD", Decimal("600.00")), ("KING", Decimal("200.00"))],
        )

    def test_without_the_right_there_is_no_agreed_price(self):
        clerk = make_user(self.inn.group)
        give_rights(clerk, ["reservations.read", "reservations.book"], self.inn.place)
        self.client.force_login(clerk)
        self.assertNotContains(self.client.get(self.url("new/")), "agreed_price")
        self.client.post(self.url("new/"), self.fields(**{"line0-agreed_price": "1", "price_reason": "x"}))
        self.assertEqual(reservations.Booking.objects.get().total, Decimal("600.00"))

    def test_a_refusal_stands_in_the_form(self):
        make_booking(self.inn, 2, 1, types=("STD", "STD"))
        answer = self.client.post(self.url("new/"), self.fields())
        self.assertContains(answer, "房型", status_code=422)
        self.assertContains(answer, "11-24", status_code=422)
        self.assertContains(
            self.client.post(self.url("new/"), self.fields(guest_name="")), "姓名", status_code=422
        )
        self.assertEqual(reservations.Booking.objects.count(), 1)

    def test_the_quote_follows_the_form(self):
        answer = self.client.get(self.url("new/quote/"), self.fields(), headers={"HX-Request": "true"})
        self.assertContains(answer, "¥600.00")
        self.assertContains(answer, "之前可免费取消")

    @pytest.mark.clause("R-3.1(10)")
    def test_a_booking_too_late_for_grace_says_so_before_it_is_accepted(self):
        today = self.inn.day(0).isoformat()
        fields = self.fields(arrival=today, departure=self.inn.day(1).isoformat())
        answer = self.client.get(self.url("new/quote/"), fields)
        self.assertContains(answer, "没有免费取消的时间")

    @pytest.mark.clause("R-3.1(4)")
    def test_choosing_a_member_shows_tier_and_points(self):
        guest = make_guest(self.inn.group, "李会员", phone="13912345678")
        guests.enrol_member(
            guest=guest, joined_date=self.inn.day(-9), points=888, tier="GOLD", actor=self.inn.actor, now=NOON
        )
        answer = self.client.get(self.url("new/guests/"), {"guest_search": "李会员"})
        self.assertContains(answer, "金卡会员")
        self.assertContains(answer, "积分 888")

    def test_guests_are_found_while_typing(self):
        make_guest(self.inn.group, "欧阳娜娜", phone="13912345678")
        answer = self.client.get(self.url("new/guests/"), {"guest_search": "欧阳"})
        self.assertContains(answer, "139****5678")
        self.assertNotContains(answer, "13912345678")

    def test_a_known_guest_is_chosen(self):
        guest = make_guest(self.inn.group)
        self.client.post(self.url("new/"), self.fields(guest=guest.number, guest_name="", guest_phone=""))
        self.assertEqual(reservations.Booking.objects.get().guest, guest)


class Page(Case):
    def page(self, booking):
        return self.client.get(self.url(f"of/{booking.number}/"))

    def post(self, booking, step, **fields):
        return self.client.post(self.url(f"of/{booking.number}/{step}/"), fields)

    def test_the_whole_way_by_buttons(self):
        booking = reservations.open_enquiry(
            place=self.inn.place, request=make_request(self.inn), actor=self.inn.actor, now=NOON
        )
        self.assertContains(self.page(booking), "核验资格")
        self.post(booking, "eligibility")
        self.post(booking, "submit")
        self.assertContains(self.post(booking, "confirm"), "/v/")
        self.post(booking, "guest-confirmed")
        booking.refresh_from_db()
        self.assertEqual(booking.status, "GUEST_CONFIRMED")
        page = self.page(booking)
        self.assertContains(page, 'aria-current="step"')
        self.assertContains(page, "规则自动通过")

    @pytest.mark.clause("R-3.1(10)")
    def test_the_page_shows_how_long_cancelling_stays_free(self):
        booking = make_booking(self.inn, 3, 2)
        self.assertContains(self.page(booking), "还剩 54 小时 0 分")
        self.assertContains(self.page(make_booking(self.inn, 0, 1)), "现在取消按规则收取 ¥150.00")

    @pytest.mark.clause("S-2.2(1)")
    def test_what_the_guest_has_not_checked_is_listed_and_then_shows_the_time(self):
        booking = make_booking(self.inn, 3, 2)
        self.assertContains(self.client.get(self.url("?status=CONFIRMED")), booking.number)
        self.post(booking, "guest-confirmed")
        self.assertNotContains(self.client.get(self.url("?status=CONFIRMED")), booking.number)
        booking.refresh_from_db()
        self.assertEqual(booking.guest_confirmed_at, NOON)
        self.assertContains(self.page(booking), "客人核对")

    def test_refused_steps_say_why(self):
        booking = make_booking(self.inn)
        answer = self.post(booking, "confirm")
        self.assertContains(answer, "现在是", status_code=409)

    def test_cancelled_with_a_reason(self):
        booking = make_booking(self.inn, 9)
        self.assertEqual(self.post(booking, "cancel", reason="").status_code, 422)
        self.post(booking, "cancel", reason="行程有变")
        booking.refresh_from_db()
        self.assertEqual((booking.status, booking.cancel_reason), ("CANCELLED", "行程有变"))
        self.assertContains(self.page(booking), "行程有变")

    def test_reviewed_by_a_person(self):
        make_booking(self.inn, 1, 2, types=("STD", "STD"))
        enquiry = reservations.open_enquiry(
            place=self.inn.place, request=make_request(self.inn), actor=self.inn.actor, now=NOON
        )
        self.post(enquiry, "eligibility")
        self.post(enquiry, "submit")
        self.assertContains(self.client.get(self.url("?status=UNDER_REVIEW")), enquiry.number)
        self.post(enquiry, "review", act="refuse", reason="满房")
        enquiry.refresh_from_db()
        self.assertEqual((enquiry.status, enquiry.review_reason), ("DECLINED", "满房"))

    def test_rooms_are_changed(self):
        booking = make_booking(self.inn, 3, 2)
        dates = {
            "arrival": self.inn.day(3).isoformat(),
            "departure": self.inn.day(6).isoformat(),
            "reason": "多住",
        }
        self.assertContains(self.client.post(self.url(f"of/{booking.number}/rooms/1/dates/"), dates), "/v/")
        self.client.post(
            self.url(f"of/{booking.number}/rooms/1/type/"), {"room_type": "KING", "reason": "升级"}
        )
        self.client.post(self.url(f"of/{booking.number}/rooms/1/door/"), {"door": "201"})
        room = booking.rooms.get()
        self.assertEqual(
            (
                room.departure_date,
                room.inventory_type.code,
                set(room.room_nights.values_list("room__number", flat=True)),
            ),
            (self.inn.day(6), "KING", {"201"}),
        )
        self.assertContains(self.client.get(self.url(f"of/{booking.number}/vouchers/1/")), "¥600.00")
        for page in ("dates", "type", "door"):
            self.assertEqual(
                self.client.get(self.url(f"of/{booking.number}/rooms/1/{page}/")).status_code, 200
            )

    def test_not_shown(self):
        booking = make_booking(self.inn, 0, 1)
        self.client.post(self.url(f"of/{booking.number}/rooms/1/no-show/"))
        booking.refresh_from_db()
        self.assertEqual(booking.status, "NO_SHOW")


class Lists(Case):
    def test_filters_and_export(self):
        first, second = make_booking(self.inn, 1), make_booking(self.inn, 9, guest_name="赵六")
        page = self.client.get(self.url(), {"first": self.inn.day(5).isoformat()})
        self.assertContains(page, second.number)
        self.assertNotContains(page, first.number)
        self.assertContains(self.client.get(self.url(), {"q": "赵"}), second.number)
        export = self.client.get(self.url(), {"export": "xlsx"})
        rows = list(
            load_workbook(io.BytesIO(b"".join(export.streaming_content))).active.iter_rows(values_only=True)
        )
        self.assertEqual({row[0] for row in rows[1:]}, {first.number, second.number})

    def test_the_list_costs_the_same_with_more_rows(self):
        make_booking(self.inn, 1)
        self.client.get(self.url())
        with self.assertNumQueries(10):
            self.client.get(self.url())
        for n in range(2, 5):
            make_booking(self.inn, n)
        with self.assertNumQueries(10):
            self.client.get(self.url())

    def test_grids(self):
        make_booking(self.inn, 1, 2)
        reservations.RoomTypeNight.objects.filter(
            room_type=self.inn.types["KING"], date=self.inn.day(1)
        ).update(overbook_allowance=1, sold=3)
        page = self.client.get(self.url("availability/"))
        self.assertContains(page, "is-negative")
        self.assertContains(self.client.get(self.url("prices/")), "350")

    def test_prices_are_set(self):
        fields = {
            "rate_plan": "BAR", "room_type": "STD", "first": self.inn.day(1).isoformat(),
            "end": self.inn.day(3).isoformat(), "price": "288",
        }  # fmt: skip
        self.client.post(self.url("prices/"), fields)
        prices = reservations.NightPrice.objects.filter(price=Decimal(288))
        self.assertEqual(prices.count(), 2)

    def test_rooms_are_closed_and_opened(self):
        fields = {
            "room": "101", "kind": "OOO", "starts": self.inn.day(1).isoformat(),
            "ends": self.inn.day(3).isoformat(), "reason": "漏水",
        }  # fmt: skip
        self.client.post(self.url("closures/"), fields)
        self.assertContains(self.client.get(self.url("closures/")), "漏水")
        self.client.post(self.url(f"closures/101/{self.inn.day(1).isoformat()}/release/"))
        self.assertIsNotNone(reservations.Closure.objects.get().released_at)


class Doors(Case):
    def test_each_page_asks_for_its_right(self):
        booking = make_booking(self.inn)
        reader = make_user(self.inn.group)
        give_rights(reader, ["reservations.read"], self.inn.place)
        self.client.force_login(reader)
        for path in ("", "availability/", "prices/", "closures/", f"of/{booking.number}/"):
            self.assertEqual(self.client.get(self.url(path)).status_code, 200, path)
        for path in ("new/", f"of/{booking.number}/cancel/", f"of/{booking.number}/rooms/1/dates/"):
            self.assertEqual(self.client.get(self.url(path)).status_code, 403, path)
        for path in ("prices/", "closures/"):
            self.assertEqual(self.client.post(self.url(path), {}).status_code, 403, path)

    def test_another_house_is_not_found(self):
        other = make_inn(code="other")
        booking = make_booking(other)
        self.assertEqual(self.client.get(f"/p/other/reservations/of/{booking.number}/").status_code, 404)
        self.assertEqual(self.client.get(self.url(f"of/{booking.number}/")).status_code, 404)
