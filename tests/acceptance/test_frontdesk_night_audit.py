"""Faults seen by running other systems, at night: each test is named after what happened there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, connections

from kezhan.billing import api as billing
from kezhan.frontdesk import api as frontdesk
from kezhan.frontdesk.models import NightAudit, NightAuditReport, NightAuditStep
from kezhan.frontdesk.rules import report_digest
from kezhan.frontdesk.tests.factories import arrive, close_day, make_house
from kezhan.hotel import api as hotel
from kezhan.people.tests.factories import NOON
from kezhan.reservations import api as reservations

NEXT = NOON + timedelta(days=1)


def rooms_charged():
    return list(billing.Posting.objects.filter(charge_code__code="ROOM").values_list("source_key", flat=True))


@pytest.mark.django_db
def test_night_audit_bills_the_base_price_not_the_agreed_one():
    """Row 12."""
    inn = make_house()
    stay = arrive(inn, nights=2)
    reservations.BookingNight.objects.filter(booking_room=stay.booking_room, date=inn.day(0)).update(
        price=Decimal("211.50")
    )
    close_day(inn)
    assert billing.balance(stay.folio_id).guest == Decimal("211.50")


@pytest.mark.django_db
def test_night_audit_takes_any_date_and_charges_everyone_again():
    """Row 13."""
    inn = make_house()
    arrive(inn, nights=2)
    close_day(inn)
    for day in (date(2030, 1, 1), inn.day(2), inn.day(-1)):
        with pytest.raises(frontdesk.NotTheOpenDate):
            close_day(inn, day)
    close_day(inn)
    assert len(rooms_charged()) == 1


@pytest.mark.django_db
def test_a_closed_day_still_takes_postings_and_its_report_moves():
    """Row 15."""
    inn = make_house()
    stay = arrive(inn, nights=2)
    close_day(inn)
    before = [list(billing.LedgerDay.objects.values()), NightAuditReport.objects.values().get()]
    line = billing.post_charge(
        folio_id=stay.folio_id, code="RESTAURANT", amount=Decimal(88), service_date=inn.day(0), actor=inn.actor,
        now=NEXT,
    )  # fmt: skip
    assert line.business_date == inn.day(1)
    assert [list(billing.LedgerDay.objects.values()), NightAuditReport.objects.values().get()] == before


@pytest.mark.django_db
def test_daylight_saving_lists_a_date_twice():
    """Row 16: the night the clocks go back in New York is one night."""
    inn = make_house(
        timezone="America/New_York", business_date=date(2026, 10, 31), now=NOON - timedelta(days=22)
    )
    arrive(inn, nights=3)
    for n in range(2):
        close_day(inn, inn.day(n), NOON - timedelta(days=20 - n))
    dates = list(NightAudit.objects.order_by("pk").values_list("business_date", flat=True))
    assert dates == [date(2026, 10, 31), date(2026, 11, 1)]
    assert hotel.business_date(inn.place) == date(2026, 11, 2)


CHILD = """
import os, sys, time
import django
from django.conf import settings
from kezhan.settings import testing as _settings
os.environ["DJANGO_SETTINGS_MODULE"] = "kezhan.settings.testing"
django.setup()
from django.db import connections
from datetime import date, datetime, UTC
name = sys.argv[1]
connections["default"].settings_dict["NAME"] = name
from kezhan.core.actor import system
from kezhan.frontdesk import api as frontdesk
from kezhan.properties.models import Property
place = Property.objects.get(code=sys.argv[2])
def tell(key):
    print(key, flush=True)
    if key == sys.argv[4]:
        time.sleep(30)  # until we are killed
print("ready", flush=True)
frontdesk.night_audit.run(place=place, business_date=date.fromisoformat(sys.argv[3]), actor=system("night"),
                          now=datetime(2026, 11, 22, 4, 0, tzinfo=UTC), on_step=tell)
print("done", flush=True)
"""


def start(inn, stop_after: str):
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(connection.settings_dict["NAME"]), inn.place.code, inn.day(0).isoformat(), stop_after],
        stdout=subprocess.PIPE, text=True, env=os.environ.copy(),
    )  # fmt: skip


def read_until(child, word: str) -> None:
    for line in child.stdout:
        if line.strip() == word:
            return
    raise AssertionError(f"the child ended before {word!r}")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("word", "wait"),
    [("ready", 0.02), ("no_shows", 0), ("post_rooms", 0), ("room_status", 0), ("close_ledgers", 0), ("freeze_report", 0), ("roll_date", 0)],
)  # fmt: skip
def test_killed_half_way_it_is_already_run_for_ever(word, wait):
    """Row 14: kill -9 of the running process, then run again: finished, exactly one charge per room and night."""
    inn = make_house()
    for number, code in (("101", "STD"), ("102", "STD"), ("201", "KING")):
        arrive(inn, number, nights=2, booking={"types": (code,)})
    child = start(inn, word)
    read_until(child, word)
    time.sleep(wait)
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    done = close_day(inn)
    assert (done.status, hotel.business_date(inn.place)) == ("DONE", inn.day(1))
    keys = rooms_charged()
    assert len(keys) == len(set(keys)) == 3
    assert NightAuditStep.objects.filter(audit=done).count() == len(frontdesk.night_audit.STEPS)
    report = NightAuditReport.objects.get()
    assert report.digest == report_digest(report.content, report.previous_digest)
    assert {day.closing for day in billing.LedgerDay.objects.filter(ledger="GUEST")} == {
        sum((line.amount for line in billing.Posting.objects.filter(ledger="GUEST")), Decimal(0))
    }


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_clerks_press_at_once():
    """One runs it, both find it done; nobody is charged twice."""
    inn = make_house()
    for number in ("101", "102"):
        arrive(inn, number, nights=2)
    results: list[object] = []
    gate = threading.Barrier(2)

    def press():
        try:
            gate.wait()
            results.append(close_day(inn).status)
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            results.append(error)
        finally:
            connections.close_all()

    clerks = [threading.Thread(target=press) for _ in range(2)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    assert results == ["DONE", "DONE"]
    assert NightAudit.objects.count() == 1
    assert len(rooms_charged()) == 2
    assert hotel.business_date(inn.place) == inn.day(1)
