"""押金: a liability that goes back in full."""

from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction

from kezhan.audit import api as audit
from kezhan.billing import api as billing
from kezhan.core.errors import InvalidInput
from kezhan.hotel.tests.factories import BUSINESS_DATE
from kezhan.people.tests.factories import NOON
from kezhan.policy import api as policy

from .factories import charge, make_folio
from .test_ledger import TillCase


class DepositTest(TillCase):
    def take(self, folio, amount="300", **given):
        return billing.take_deposit(
            folio_id=folio.pk, amount=Decimal(amount), tender="WECHAT_PAY", **self.act, **given
        )

    def settle(self, deposit, deduct="0", **given):
        return billing.settle_deposit(
            deposit_id=deposit.pk, tender="WECHAT_PAY", deduct=Decimal(deduct), **self.act, **given
        )

    def reading(self):
        return policy.measure(
            "billing.deposit_returned_in_full", self.till.place, BUSINESS_DATE, date(2026, 11, 23), NOON
        ).counts

    def test_taken_as_a_liability_and_no_income(self):
        folio = make_folio(self.till)
        deposit = self.take(folio)
        line = folio.postings.get()
        self.assertEqual(
            (line.ledger, line.kind, line.amount), ("DEPOSIT", "DEPOSIT_TAKEN", Decimal("-300.00"))
        )
        self.assertEqual((deposit.status, deposit.tender), ("HELD", "WECHAT_PAY"))
        self.assertEqual(
            billing.balance(folio.pk), billing.Balance(Decimal("0.00"), Decimal("300.00"), Decimal("0.00"))
        )

    def test_the_same_key_takes_once(self):
        folio = make_folio(self.till)
        first = self.take(folio, source_key="form:1")
        self.assertEqual(self.take(folio, source_key="form:1"), first)
        self.assertEqual(billing.balance(folio.pk).deposit, Decimal("300.00"))

    def test_returned_in_full_when_nothing_stands_against_it(self):
        folio = make_folio(self.till)
        deposit = self.settle(self.take(folio))
        self.assertEqual(
            (deposit.status, deposit.returned_amount, deposit.applied_amount),
            ("RETURNED", Decimal("300.00"), Decimal("0.00")),
        )
        self.assertEqual(billing.balance(folio.pk).deposit, Decimal("0.00"))
        self.assertEqual(folio.postings.last().tender, "WECHAT_PAY")
        self.assertEqual(self.reading()["met"], 1)

    def test_nothing_is_kept_back_without_a_reason_and_a_charge(self):
        folio = make_folio(self.till)
        deposit = self.take(folio)
        with self.assertRaises(billing.NotCoveredByCharges):
            self.settle(deposit, "50", reason="杯子损坏")
        charge(self.till, folio, "50", "DAMAGE", text="玻璃杯")
        with self.assertRaises(InvalidInput):
            self.settle(deposit, "50")
        deposit.refresh_from_db()
        self.assertEqual((deposit.status, folio.postings.count()), ("HELD", 2))
        settled = self.settle(deposit, "50", reason="玻璃杯损坏")
        self.assertEqual(
            (settled.status, settled.returned_amount, settled.applied_amount),
            ("SETTLED", Decimal("250.00"), Decimal("50.00")),
        )
        self.assertTrue(billing.balance(folio.pk).settled)
        self.assertEqual(self.reading()["met"], 1)

    def test_the_reading_shows_what_was_kept_without_a_reason(self):
        """Where a house lowers the percentage, a deposit that does not go back whole is a breach all the same."""
        policy.set_value(
            "deposit_refund_percent", Decimal(90), property=self.till.place,
            effective_date=BUSINESS_DATE, today=BUSINESS_DATE, reason="试行", **self.act,
        )  # fmt: skip
        folio = make_folio(self.till, "30")
        self.settle(self.take(folio), "30")
        reading = self.reading()
        self.assertEqual((reading["met"], reading["breached"]), (0, 1))

    def test_settled_once(self):
        deposit = self.take(make_folio(self.till))
        self.settle(deposit)
        with self.assertRaises(billing.DepositNotHeld):
            self.settle(deposit)
        self.assertEqual(deposit.folio.postings.count(), 2)

    def test_more_than_the_deposit_is_not_deducted(self):
        deposit = self.take(make_folio(self.till, "388"))
        for deduct in ("300.01", "-1"):
            with self.assertRaises(InvalidInput):
                self.settle(deposit, deduct, reason="抵房费")
        settled = self.settle(deposit, "300", reason="抵房费")
        self.assertEqual(
            (settled.returned_amount, billing.balance(deposit.folio_id).guest), (Decimal(0), Decimal("88.00"))
        )

    def test_a_settlement_by_mistake_is_undone(self):
        folio = make_folio(self.till, "50")
        deposit = self.settle(self.take(folio), "50", reason="抵消费")
        with self.assertRaises(billing.CannotReverse):
            billing.reverse_posting(posting_id=folio.postings.last().pk, reason="错", **self.act)
        billing.undo_deposit_settlement(deposit_id=deposit.pk, reason="退错房间", **self.act)
        deposit.refresh_from_db()
        self.assertEqual(deposit.status, "HELD")
        self.assertEqual(
            billing.balance(folio.pk), billing.Balance(Decimal("50.00"), Decimal("300.00"), Decimal("0.00"))
        )
        self.settle(deposit, "50", reason="抵消费")
        self.assertTrue(billing.balance(folio.pk).settled)
        verbs = list(audit.events_of(deposit).values_list("verb", flat=True))
        self.assertEqual(
            verbs,
            [
                "billing.deposit_taken",
                "billing.deposit_settled",
                "billing.deposit_settlement_undone",
                "billing.deposit_settled",
            ],
        )

    def test_a_deposit_taken_by_mistake_is_voided(self):
        folio = make_folio(self.till)
        deposit = self.take(folio)
        billing.reverse_posting(posting_id=folio.postings.get().pk, reason="重复收取", **self.act)
        deposit.refresh_from_db()
        self.assertEqual((deposit.status, billing.balance(folio.pk).deposit), ("VOIDED", Decimal("0.00")))
        with self.assertRaises(billing.DepositNotHeld):
            self.settle(deposit)

    def test_the_table_refuses_a_settlement_that_loses_a_cent(self):
        deposit = self.take(make_folio(self.till))
        rows = billing.Deposit.objects.filter(pk=deposit.pk)
        with self.assertRaises(IntegrityError), transaction.atomic():
            rows.update(
                status="SETTLED", settled_at=NOON, returned_amount=Decimal("249.99"), applied_amount=50
            )
        rows.update(
            status="SETTLED",
            settled_at=NOON,
            returned_amount=Decimal("299.90"),
            applied_amount=Decimal("0.10"),
        )

    def test_the_proposal_follows_the_house(self):
        price = Decimal("428.50")
        self.assertEqual(
            billing.proposed_deposit(self.till.place, price, on=BUSINESS_DATE), Decimal("429.00")
        )
        policy.set_value(
            "deposit_nights", 0, property=self.till.place, effective_date=BUSINESS_DATE, today=BUSINESS_DATE,
            reason="改收固定押金", **self.act,
        )  # fmt: skip
        self.assertEqual(
            billing.proposed_deposit(self.till.place, price, on=BUSINESS_DATE), Decimal("300.00")
        )
