"""Three ledgers, closed every night: opening + activity = closing, and closed is closed."""

from datetime import date
from decimal import Decimal

from django.db import DatabaseError, transaction

from kezhan.audit import api as audit
from kezhan.audit.triggers import lifted_triggers
from kezhan.billing import api as billing
from kezhan.hotel import api as hotel
from kezhan.hotel.tests.factories import BUSINESS_DATE

from .factories import charge, make_folio, make_till
from .test_ledger import NEXT_DAY, TillCase


class LedgerDayTest(TillCase):
    def close(self, day=BUSINESS_DATE):
        return billing.close_ledger_day(place=self.till.place, business_date=day, **self.act)

    def figures(self, rows):
        return {row.ledger: (row.opening, row.activity, row.closing, row.postings) for row in rows}

    def test_two_days_carry_over(self):
        folio = make_folio(self.till, "388.10")
        billing.take_deposit(folio_id=folio.pk, amount=Decimal("300"), tender="CASH", **self.act)
        elsewhere = make_till()
        make_folio(elsewhere, "999")
        self.assertEqual(
            self.figures(self.close()),
            {
                "GUEST": (Decimal("0.00"), Decimal("388.10"), Decimal("388.10"), 1),
                "DEPOSIT": (Decimal("0.00"), Decimal("-300.00"), Decimal("-300.00"), 1),
                "CITY": (Decimal("0.00"), Decimal("0.00"), Decimal("0.00"), 0),
            },
        )
        self.roll()
        charge(self.till, folio, "388.20")
        self.pay(folio, "776.30", "CITY_LEDGER", text="甲公司")
        self.assertEqual(
            self.figures(self.close(NEXT_DAY)),
            {
                "GUEST": (Decimal("388.10"), Decimal("-388.10"), Decimal("0.00"), 2),
                "DEPOSIT": (Decimal("-300.00"), Decimal("0.00"), Decimal("-300.00"), 0),
                "CITY": (Decimal("0.00"), Decimal("776.30"), Decimal("776.30"), 1),
            },
        )

    def test_closed_folios_leave_the_sums_right(self):
        folio = make_folio(self.till, "388")
        self.close()
        self.roll()
        self.pay(folio, "388")
        billing.close_folio(folio_id=folio.pk, **self.act)
        self.assertEqual(self.figures(self.close(NEXT_DAY))["GUEST"][2], Decimal("0.00"))

    def test_a_closed_day_takes_nothing_before_and_after_the_roll(self):
        folio = make_folio(self.till, "388")
        line = folio.postings.get()
        deposit = billing.take_deposit(folio_id=folio.pk, amount=Decimal(300), tender="CASH", **self.act)
        rows = self.close()
        for act in (
            lambda: charge(self.till, folio, "1"),
            lambda: self.pay(folio, "1"),
            lambda: make_folio(self.till),
            lambda: billing.reverse_posting(posting_id=line.pk, reason="错", **self.act),
            lambda: billing.settle_deposit(deposit_id=deposit.pk, tender="CASH", **self.act),
            lambda: billing.post_room_charges(
                place=self.till.place,
                lines=[billing.ChargeLine(folio.pk, Decimal(1), BUSINESS_DATE, "k")],
                **self.act,
            ),
        ):
            with self.assertRaises(billing.DayIsClosed):
                act()
        self.roll()
        reversal = billing.reverse_posting(posting_id=line.pk, reason="错", **self.act)
        self.assertEqual(reversal.business_date, NEXT_DAY)
        self.assertEqual(self.figures(self.close()), self.figures(rows))

    def test_repeated_it_is_a_no_op(self):
        make_folio(self.till, "388")
        first = self.close()
        self.assertEqual([row.pk for row in self.close()], [row.pk for row in first])
        self.roll()
        self.assertEqual([row.pk for row in self.close()], [row.pk for row in first])
        events = audit.Event.objects.filter(verb="billing.ledger_day_closed")
        self.assertEqual(events.get().facts["GUEST"], "388.00")

    def test_only_the_open_date(self):
        for wrong in (date(2026, 11, 21), date(2030, 1, 1)):
            with self.assertRaises(hotel.NotTheOpenDate):
                self.close(wrong)
        self.assertFalse(billing.LedgerDay.objects.exists())

    def test_refuses_when_two_ways_of_adding_differ(self):
        folio = make_folio(self.till, "388")
        billing.Folio.objects.filter(pk=folio.pk).update(status="CLOSED", closed_at=self.act["now"])
        with self.assertRaises(billing.LedgerDoesNotBalance) as refused:
            self.close()
        self.assertEqual(str(refused.exception), "宾客账在 2026-11-22 不平：应为 0.00，实际为 388.00。")
        self.assertFalse(billing.LedgerDay.objects.exists())

    def test_refuses_to_close_again_with_other_sums(self):
        folio = make_folio(self.till, "388")
        self.close()
        with lifted_triggers():
            folio.postings.update(amount=Decimal("389"))
        with self.assertRaises(billing.LedgerDoesNotBalance):
            self.close()

    def test_frozen_by_the_database(self):
        self.close()
        for act in (
            lambda: billing.LedgerDay.objects.update(postings=7),
            lambda: billing.LedgerDay.objects.all().delete(),
        ):
            with self.assertRaises(DatabaseError), transaction.atomic():
                act()

    def test_the_open_day_as_it_stands(self):
        make_folio(self.till, "388")
        live = billing.open_day(self.till.place, BUSINESS_DATE)
        self.assertEqual(
            [(line.ledger, line.closing, line.closed) for line in live][0],
            ("GUEST", Decimal("388.00"), False),
        )
        self.close()
        self.assertEqual(billing.open_day(self.till.place, BUSINESS_DATE), [])
        closed = billing.ledger_days(self.till.place, BUSINESS_DATE, NEXT_DAY)
        self.assertEqual(
            [(line.ledger, line.closed) for line in closed],
            [("GUEST", True), ("DEPOSIT", True), ("CITY", True)],
        )
