"""Night audit: blocked until settled, run in steps, resumed anywhere, done once."""

from __future__ import annotations

import sys
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from kezhan.billing import api as billing
from kezhan.core.errors import DomainError
from kezhan.frontdesk import api as frontdesk
from kezhan.frontdesk.models import NightAudit, NightAuditReport, NightAuditStep
from kezhan.frontdesk.night_audit.steps import IN_ORDER
from kezhan.frontdesk.rules import report_digest
from kezhan.hotel import api as hotel
from kezhan.housekeeping import api as housekeeping
from kezhan.people.tests.factories import NOON
from kezhan.policy import api as policy
from kezhan.reservations import api as reservations
from kezhan.reservations.tests.factories import sold

from .factories import arrive, close_day, expect, make_house

pytestmark = pytest.mark.django_db
NEXT = NOON + timedelta(days=1)
KEYS = [step.key for step in frontdesk.night_audit.STEPS]


class Killed(Exception):
    pass


@pytest.fixture
def inn():
    return make_house()


def room_charges():
    return list(billing.Posting.objects.filter(charge_code__code="ROOM").values_list("source_key", flat=True))


def test_the_day_is_closed_and_the_next_one_open(inn):
    stay = arrive(inn, nights=2)
    absent = expect(inn)
    audit = close_day(inn)
    assert (audit.status, hotel.business_date(inn.place)) == ("DONE", inn.day(1))
    assert list(audit.steps.order_by("pk").values_list("key", flat=True)) == KEYS
    assert room_charges() == [f"room:{stay.booking_room_id}:{inn.day(0)}"]
    absent.refresh_from_db()
    assert (absent.status, sold(inn, "STD", 0)) == ("NO_SHOW", [1])
    assert hotel.room_by_number(inn.place, "101").cleanliness == "DIRTY"
    assert billing.LedgerDay.objects.count() == 3


def test_each_night_is_charged_at_its_own_price(inn):
    stay = arrive(inn, nights=3)
    nights = stay.booking_room.nights.order_by("date")
    for n, price in enumerate(("310.00", "320.00")):
        reservations.BookingNight.objects.filter(pk=nights[n].pk).update(price=Decimal(price))
    close_day(inn)
    close_day(inn, inn.day(1), NEXT)
    lines = billing.Posting.objects.filter(charge_code__code="ROOM").order_by("service_date")
    assert list(lines.values_list("service_date", "amount")) == [
        (inn.day(0), Decimal("310.00")), (inn.day(1), Decimal("320.00")),
    ]  # fmt: skip


@pytest.mark.parametrize("stopped_after", KEYS)
def test_killed_after_any_step_it_goes_on_and_charges_once(inn, stopped_after):
    for number in ("101", "102"):
        arrive(inn, number, nights=2)

    def stop(key):
        if key == stopped_after:
            raise Killed

    with pytest.raises(Killed):
        frontdesk.night_audit.run(
            place=inn.place, business_date=inn.day(0), actor=inn.actor, now=NOON, on_step=stop
        )
    audit = close_day(inn)
    assert (audit.status, hotel.business_date(inn.place)) == ("DONE", inn.day(1))
    assert len(room_charges()) == len(set(room_charges())) == 2
    assert NightAuditReport.objects.count() == 1


@pytest.mark.parametrize("broken", KEYS)
def test_a_step_that_fails_half_way_leaves_nothing_of_itself(inn, monkeypatch, broken):
    arrive(inn, nights=2)
    work = {key: work for key, _label, work in IN_ORDER}
    module = sys.modules["kezhan.frontdesk.night_audit.run"]

    def fail_at_its_end(night):
        work[broken](night)
        raise Killed

    whole = module.STEPS
    steps = tuple(
        module.Step(step.key, step.label, fail_at_its_end) if step.key == broken else step for step in whole
    )
    monkeypatch.setattr(module, "STEPS", steps)
    with pytest.raises(Killed):
        close_day(inn)
    assert not NightAuditStep.objects.filter(key=broken).exists()
    monkeypatch.setattr(module, "STEPS", whole)
    assert close_day(inn).status == "DONE"
    assert len(room_charges()) == 1


def test_repeated_it_does_nothing(inn):
    arrive(inn, nights=2)
    first = close_day(inn)
    lines = billing.Posting.objects.count()
    again = close_day(inn)
    assert (again.pk, again.status, billing.Posting.objects.count()) == (first.pk, "DONE", lines)
    assert hotel.business_date(inn.place) == inn.day(1)


def test_only_the_open_date_and_never_ahead_of_the_calendar(inn):
    for n in (-1, 1, 1500):
        with pytest.raises(frontdesk.NotTheOpenDate):
            close_day(inn, inn.day(n))
    close_day(inn)
    with pytest.raises(frontdesk.TooEarlyToAudit):
        close_day(inn, inn.day(1), NOON)
    assert hotel.business_date(inn.place) == inn.day(1)


def test_guests_who_should_have_left_block_it(inn):
    stay = arrive(inn, nights=1)
    close_day(inn)
    with pytest.raises(frontdesk.AuditBlocked):
        close_day(inn, inn.day(1), NEXT)
    assert not NightAudit.objects.filter(business_date=inn.day(1)).exists()
    [blocker] = frontdesk.night_audit.blockers(inn.place)
    assert (blocker.kind, blocker.subject, blocker.url_kwargs) == ("due_out", "101", {"number": stay.number})


def test_arrivals_block_it_where_a_person_decides(inn):
    policy.set_value(
        "audit_marks_no_shows", False, property=inn.place, effective_date=inn.day(0), today=inn.day(0),
        reason="人工判断", actor=inn.actor, now=NOON,
    )  # fmt: skip
    booked = expect(inn)
    with pytest.raises(frontdesk.AuditBlocked):
        close_day(inn)
    reservations.mark_no_show(booking_room_id=booked.pk, actor=inn.actor, now=NOON)
    assert close_day(inn).status == "DONE"


def test_the_desk_waits_while_it_runs(inn):
    stay = arrive(inn, nights=2)
    booked = expect(inn)
    seen = {}

    def try_everything(key):
        for name, act in {
            "check_in": lambda: arrive(inn, "102", booked=booked),
            "check_out": lambda: frontdesk.check_out(stay_id=stay.pk, actor=inn.actor, now=NOON),
        }.items():
            with transaction.atomic(), pytest.raises(DomainError) as refused:
                act()
            seen[name, key] = refused.value.code

    frontdesk.night_audit.run(
        place=inn.place, business_date=inn.day(0), actor=inn.actor, now=NOON, on_step=try_everything
    )
    before_roll = KEYS[: KEYS.index("roll_date")]
    assert {seen["check_in", key] for key in before_roll} == {"frontdesk.audit_running"}
    assert {seen["check_out", key] for key in before_roll} == {"frontdesk.audit_running"}
    assert len(room_charges()) == 1


def test_a_closed_day_is_closed(inn):
    stay = arrive(inn, nights=2)
    close_day(inn)
    frozen = NightAuditReport.objects.get()
    days = list(billing.LedgerDay.objects.values())
    posting = billing.post_charge(
        folio_id=stay.folio_id, code="MINIBAR", amount=Decimal(20), actor=inn.actor, now=NEXT
    )
    charge = billing.Posting.objects.get(charge_code__code="ROOM")
    reversal = billing.reverse_posting(posting_id=charge.pk, reason="错价", actor=inn.actor, now=NEXT)
    assert (posting.business_date, reversal.business_date) == (inn.day(1), inn.day(1))
    assert list(billing.LedgerDay.objects.values()) == days
    frozen.refresh_from_db()
    assert frozen.digest == report_digest(frozen.content, frozen.previous_digest)


def test_reports_are_chained_and_cannot_be_changed(inn):
    arrive(inn, nights=3)
    close_day(inn)
    close_day(inn, inn.day(1), NEXT)
    first, second = NightAuditReport.objects.order_by("business_date")
    assert (first.previous_digest, second.previous_digest) == ("", first.digest)
    with pytest.raises(DatabaseError), transaction.atomic():
        NightAuditReport.objects.update(digest="0" * 64)


def test_the_report_says_what_the_rows_say(inn):
    arrive(inn, "101", nights=2)
    arrive(inn, "201", nights=2, booking={"types": ("KING",)})
    expect(inn)
    reservations.close_room(
        room_id=inn.rooms["202"].pk, kind="OOO", starts=inn.day(0), ends=inn.day(1), reason="漏水",
        actor=inn.actor, now=NOON,
    )  # fmt: skip
    close_day(inn)
    report = NightAuditReport.objects.get().content
    assert report["rooms"] == {"all": 4, "out_of_order": 1, "net_of_out_of_order": 3}
    assert (report["sold"], report["not_sold"]) == (2, 0)
    assert report["occupancy"] == {"all": "0.5000", "net_of_out_of_order": "0.6667"}
    gross = Decimal("700.00")
    net = Decimal(report["revenue"]["ROOM"]["net"])
    assert (Decimal(report["revenue"]["ROOM"]["gross"]), net) == (gross, Decimal("660.38"))
    assert report["adr"] == "330.19"
    assert report["revpar"] == {"all": "165.10", "net_of_out_of_order": "220.13"}
    assert report["movements"] == {
        "arrivals": 2, "day_use": 0, "departures": 0, "no_shows": 1, "in_house_rooms": 2, "in_house_guests": 2,
    }  # fmt: skip
    assert report["tenders"] == [
        {"kind": "DEPOSIT_TAKEN", "tender": "CASH", "received": "600.00", "lines": 2}
    ]
    assert {line["ledger"]: line["closing"] for line in report["ledgers"]} == {
        "GUEST": "700.00", "DEPOSIT": "-600.00", "CITY": "0.00",
    }  # fmt: skip


def test_rooms_given_free_are_not_sold(inn):
    stay = arrive(inn, nights=2)
    reservations.RatePlan.objects.filter(code="BAR").update(kind="COMPLIMENTARY")
    close_day(inn)
    report = NightAuditReport.objects.get().content
    assert (report["sold"], report["not_sold"], report["adr"]) == (0, 1, None)
    assert stay.status == "IN_HOUSE"


def test_rooms_that_stay_on_are_cleaned_tomorrow(inn):
    arrive(inn, "101", nights=3)
    arrive(inn, "102", nights=1)
    close_day(inn)
    task = housekeeping.CleaningTask.objects.get()
    assert (task.room.number, task.kind, task.business_date) == ("101", "STAYOVER", inn.day(1))


def test_the_number_of_queries_does_not_grow_with_the_rooms(inn):
    other = make_house()
    arrive(inn, "101", nights=9)
    for number, code in (("101", "STD"), ("102", "STD"), ("201", "KING"), ("202", "KING")):
        arrive(other, number, nights=9, booking={"types": (code,)})
    with CaptureQueriesContext(connection) as few:
        close_day(inn)
    with CaptureQueriesContext(connection) as many:
        close_day(other)
    assert len(many) == len(few)
