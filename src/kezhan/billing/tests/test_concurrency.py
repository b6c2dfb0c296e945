"""Several desks at once, each a process of the database: the same key pays once, the same night is posted once."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction

from kezhan.billing import api as billing
from kezhan.hotel import api as hotel
from kezhan.hotel.tests.factories import BUSINESS_DATE

from .factories import charge, make_folio, make_till

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def at_once(*acts):
    """Run each act in a thread with its own connection; answers in order, refusals and faults among them."""
    gate = threading.Barrier(len(acts))
    answers = [None] * len(acts)

    def run(n, act):
        try:
            gate.wait(10)
            answers[n] = act()
        except Exception as error:  # noqa: BLE001 - looked at by the test
            answers[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def pay(till, folio, key="form:1", amount="388"):
    return billing.take_payment(
        folio_id=folio.pk, tender="CASH", amount=Decimal(amount), source_key=key, **till.act()
    )


def test_the_same_payment_eight_times_at_once_is_one():
    till = make_till()
    folio = make_folio(till, "388")
    answers = at_once(*[lambda: pay(till, folio)] * 8)
    assert len({posting.pk for posting in answers}) == 1
    assert billing.balance(folio.pk).guest == 0


def test_one_key_on_two_folios_at_once_pays_one():
    till = make_till()
    folios = [make_folio(till, "388") for _ in range(2)]
    answers = at_once(*[lambda folio=folio: pay(till, folio) for folio in folios])
    assert sorted(type(answer).__name__ for answer in answers) == ["KeyUsed", "Posting"]


def test_a_line_reversed_by_two_desks_is_reversed_once():
    till = make_till()
    line = charge(till, make_folio(till), "388")
    reverse = lambda: billing.reverse_posting(posting_id=line.pk, reason="记错", **till.act())  # noqa: E731
    answers = at_once(*[reverse] * 4)
    assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyReversed"] * 3 + ["Posting"]


def test_a_deposit_is_returned_once():
    till = make_till()
    deposit = billing.take_deposit(
        folio_id=make_folio(till).pk, amount=Decimal(300), tender="CASH", **till.act()
    )
    settle = lambda: billing.settle_deposit(deposit_id=deposit.pk, tender="CASH", **till.act())  # noqa: E731
    answers = at_once(*[settle] * 4)
    assert sorted(type(answer).__name__ for answer in answers) == ["Deposit"] + ["DepositNotHeld"] * 3
    assert billing.balance(deposit.folio_id).deposit == 0


def test_the_night_posted_by_four_at_once_is_posted_once():
    till = make_till()
    folios = [make_folio(till) for _ in range(60)]
    lines = [billing.ChargeLine(f.pk, Decimal(388), BUSINESS_DATE, f"room:{f.pk}") for f in folios]
    post = [
        lambda some=some: billing.post_room_charges(place=till.place, lines=some, **till.act())
        for some in (lines, lines[::-1], lines[:40], lines[20:])
    ]
    answers = at_once(*post)
    assert sum(answers) == 60
    assert billing.Posting.objects.count() == 60


def test_closing_a_folio_and_charging_it_at_once_loses_nothing():
    till = make_till()
    for _ in range(5):
        folio = make_folio(till)
        closed, charged = at_once(
            lambda folio=folio: billing.close_folio(folio_id=folio.pk, **till.act()),
            lambda folio=folio: charge(till, folio, "18"),
        )
        folio.refresh_from_db()
        if folio.status == "CLOSED":
            assert isinstance(charged, billing.FolioIsClosed)
        else:
            assert isinstance(closed, billing.FolioNotSettled)


def test_a_charge_and_the_closing_of_the_day_meet_in_order():
    """Either the charge is in the closed sums, or it is refused; never in between."""
    till = make_till()
    folio = make_folio(till, "100")
    answers = at_once(
        lambda: billing.close_ledger_day(place=till.place, business_date=BUSINESS_DATE, **till.act()),
        *[lambda: charge(till, folio, "1")] * 6,
    )
    posted = [answer for answer in answers[1:] if isinstance(answer, billing.Posting)]
    assert all(isinstance(answer, billing.Posting | billing.DayIsClosed) for answer in answers[1:])
    guest = next(row for row in answers[0] if row.ledger == "GUEST")
    assert guest.closing == 100 + len(posted) == billing.balance(folio.pk).guest


def test_who_waited_for_the_roll_posts_on_the_new_date():
    till = make_till()
    folio = make_folio(till)
    posted = []

    def post():
        posted.append(charge(till, folio, "1").business_date)
        connection.close()

    desk = threading.Thread(target=post)
    with transaction.atomic():
        hotel.roll_business_date(place=till.place, from_date=BUSINESS_DATE, **till.act())
        desk.start()
        desk.join(0.3)
        assert posted == []
    desk.join(10)
    assert posted == [date(2026, 11, 23)]
