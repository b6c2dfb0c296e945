"""Charges, payments, reversals: every line dated by the house, nothing changed afterwards."""

from datetime import date
from decimal import Decimal

from django.db import DatabaseError, IntegrityError, transaction
from django.test import TestCase

from kezhan.audit import api as audit
from kezhan.billing import api as billing
from kezhan.core.errors import InvalidInput, NotFound
from kezhan.hotel import api as hotel
from kezhan.hotel.tests.factories import BUSINESS_DATE
from kezhan.people.tests.factories import NOON

from .factories import charge, make_folio, make_till

NEXT_DAY = date(2026, 11, 23)


class TillCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.till = make_till()
        cls.act = cls.till.act()

    def pay(self, folio, amount, tender="CASH", **given):
        return billing.take_payment(
            folio_id=folio.pk, tender=tender, amount=Decimal(amount), **self.act, **given
        )

    def roll(self):
        hotel.roll_business_date(
            place=self.till.place, from_date=hotel.business_date(self.till.place), **self.act
        )

    def guest_owes(self, folio):
        return billing.balance(folio.pk).guest


class ChargeTest(TillCase):
    def test_shipped_codes_are_made_once(self):
        again = billing.set_up_charge_codes(place=self.till.place, **self.act)
        self.assertEqual(list(again), list(billing.SHIPPED_CODES))
        self.assertEqual(billing.ChargeCode.objects.of(self.till.place).count(), 9)

    def test_a_charge_keeps_its_tax_part_and_the_open_date(self):
        line = charge(self.till, make_folio(self.till), "388.00")
        self.assertEqual(
            (line.amount, line.tax, line.business_date), (Decimal("388.00"), Decimal("21.96"), BUSINESS_DATE)
        )
        self.assertEqual((line.ledger, line.kind, line.service_date), ("GUEST", "CHARGE", BUSINESS_DATE))
        self.assertEqual(charge(self.till, line.folio, "11.30", "MINIBAR").tax, Decimal("1.30"))

    def test_a_night_may_cost_nothing_or_be_a_credit(self):
        folio = make_folio(self.till, "0", "-6.38")
        self.assertEqual(self.guest_owes(folio), Decimal("-6.38"))

    def test_a_machine_posts_under_its_key_once(self):
        folio = make_folio(self.till)
        first = charge(self.till, folio, "50", "NO_SHOW_FEE", source_key="no-show:1")
        self.assertEqual(charge(self.till, folio, "50", "NO_SHOW_FEE", source_key="no-show:1"), first)
        self.assertEqual(folio.postings.count(), 1)

    def test_an_allowance_is_negative_and_says_why(self):
        folio = make_folio(self.till, "388")
        for amount, text in (("20", "早餐延误"), ("-20", " ")):
            with self.assertRaises(InvalidInput):
                charge(self.till, folio, amount, "ALLOWANCE", text=text)
        charge(self.till, folio, "-20", "ALLOWANCE", text="早餐延误")
        self.assertEqual(self.guest_owes(folio), Decimal("368.00"))

    def test_odd_amounts_and_codes_are_refused(self):
        folio = make_folio(self.till)
        for amount in ("0.001", "NaN", "Infinity", "1000000000"):
            with self.subTest(amount), self.assertRaises(InvalidInput):
                charge(self.till, folio, amount)
        with self.assertRaises(billing.UnknownCode):
            charge(self.till, folio, "1", "SPA")
        with self.assertRaises(NotFound):
            charge(self.till, folio, "1", window=2)
        self.assertFalse(folio.postings.exists())

    def test_a_code_of_another_house_is_unknown(self):
        other = make_till()
        billing.ChargeCode.objects.create(property=other.place, code="SPA", kind="SERVICE")
        with self.assertRaises(billing.UnknownCode):
            charge(self.till, make_folio(self.till), "1", "SPA")

    def test_windows_split_a_bill(self):
        folio = make_folio(self.till, "388")
        billing.add_window(folio_id=folio.pk, payee="甲公司", **self.act)
        charge(self.till, folio, "60", "RESTAURANT", window=2)
        self.assertEqual(billing.window_balances(folio.pk), {1: Decimal("388.00"), 2: Decimal("60.00")})

    def test_the_trail_keeps_codes_and_amounts_and_no_words(self):
        folio = make_folio(self.till, label="王小明")
        charge(self.till, folio, "30", "LAUNDRY", text="王小明的衬衫")
        event = audit.events_of(folio).last()
        self.assertEqual(event.facts, {"code": "LAUNDRY", "amount": "30.00", "business_date": "2026-11-22"})
        kept = repr([[getattr(e, f.name) for f in e._meta.fields] for e in audit.events_of(folio)])
        self.assertNotIn("王小明", kept)


class PaymentTest(TillCase):
    def test_paid_and_closed(self):
        folio = make_folio(self.till, "388")
        self.pay(folio, "388")
        self.assertEqual(self.guest_owes(folio), Decimal("0.00"))
        closed = billing.close_folio(folio_id=folio.pk, **self.act)
        self.assertEqual(
            (closed.status, closed.closed_at, closed.closed_business_date), ("CLOSED", NOON, BUSINESS_DATE)
        )
        self.assertEqual(billing.close_folio(folio_id=folio.pk, **self.act).status, "CLOSED")

    def test_a_closed_folio_takes_nothing(self):
        folio = make_folio(self.till)
        billing.close_folio(folio_id=folio.pk, **self.act)
        for take in (lambda: charge(self.till, folio, "1"), lambda: self.pay(folio, "1")):
            with self.assertRaises(billing.FolioIsClosed):
                take()
        billing.reopen_folio(folio_id=folio.pk, reason="漏记迷你吧", **self.act)
        charge(self.till, folio, "18", "MINIBAR")
        self.assertEqual(self.guest_owes(folio), Decimal("18.00"))

    def test_an_unsettled_folio_stays_open(self):
        owing, held = make_folio(self.till, "388"), make_folio(self.till)
        billing.take_deposit(folio_id=held.pk, amount=Decimal(300), tender="CASH", **self.act)
        split = make_folio(self.till, "100")
        billing.add_window(folio_id=split.pk, payee="乙", **self.act)
        self.pay(split, "100", window=2)
        for folio in (owing, held, split):
            with self.assertRaises(billing.FolioNotSettled):
                billing.close_folio(folio_id=folio.pk, **self.act)
            folio.refresh_from_db()
            self.assertEqual(folio.status, "OPEN")

    def test_the_same_key_pays_once(self):
        folio = make_folio(self.till, "388")
        first = self.pay(folio, "388", source_key="form:1")
        self.assertEqual(self.pay(folio, "388", source_key="form:1"), first)
        self.assertEqual(self.guest_owes(folio), Decimal("0.00"))

    def test_the_same_key_with_another_content_is_refused(self):
        folio, other = make_folio(self.till, "388"), make_folio(self.till, "388")
        self.pay(folio, "100", source_key="form:1")
        for again in (
            lambda: self.pay(folio, "200", source_key="form:1"),
            lambda: self.pay(folio, "100", "ALIPAY", source_key="form:1"),
            lambda: self.pay(other, "100", source_key="form:1"),
        ):
            with self.assertRaises(billing.KeyUsed):
                again()
        self.assertEqual(
            (self.guest_owes(folio), self.guest_owes(other)), (Decimal("288.00"), Decimal("388.00"))
        )

    def test_the_same_key_in_another_house_is_another_key(self):
        folio = make_folio(self.till, "1")
        other = make_till()
        elsewhere = make_folio(other, "1")
        self.pay(folio, "1", source_key="form:1")
        billing.take_payment(
            folio_id=elsewhere.pk, tender="CASH", amount=Decimal(1), source_key="form:1", **other.act()
        )
        self.assertEqual(billing.balance(elsewhere.pk).guest, Decimal("0.00"))

    def test_nothing_and_less_is_no_payment(self):
        folio = make_folio(self.till, "388")
        for amount, tender in (("0", "CASH"), ("-1", "CASH"), ("1", "SHELLS")):
            with self.assertRaises(InvalidInput):
                self.pay(folio, amount, tender)

    def test_what_a_company_owes_goes_to_its_ledger(self):
        folio = make_folio(self.till, "388")
        with self.assertRaises(InvalidInput):
            self.pay(folio, "388", "CITY_LEDGER")
        self.pay(folio, "388", "CITY_LEDGER", text="甲公司")
        self.assertEqual(
            billing.balance(folio.pk), billing.Balance(Decimal("0.00"), Decimal("0.00"), Decimal("388.00"))
        )
        billing.close_folio(folio_id=folio.pk, **self.act)

    def test_only_credit_is_paid_back(self):
        folio = make_folio(self.till, "100")
        self.pay(folio, "150")
        back = {"folio_id": folio.pk, "tender": "CASH", "reason": "多收", **self.act}
        with self.assertRaises(billing.MoreThanCredit):
            billing.pay_back(amount=Decimal("50.01"), **back)
        billing.pay_back(amount=Decimal("50"), **back)
        self.assertEqual(self.guest_owes(folio), Decimal("0.00"))

    def test_balances_of_many_folios_in_one_query(self):
        folios = [make_folio(self.till, "10", "20") for _ in range(3)] + [make_folio(self.till)]
        with self.assertNumQueries(1):
            found = billing.balances([folio.pk for folio in folios])
        self.assertEqual([found[folio.pk].guest for folio in folios], [Decimal(30)] * 3 + [Decimal(0)])


class ReversalTest(TillCase):
    def reverse(self, posting, reason="记错房间"):
        return billing.reverse_posting(posting_id=posting.pk, reason=reason, **self.act)

    def test_posts_the_opposite_today_and_names_its_partner(self):
        folio = make_folio(self.till)
        line = charge(self.till, folio, "388")
        self.roll()
        reversal = self.reverse(line)
        self.assertEqual(
            (reversal.amount, reversal.tax, reversal.business_date, reversal.service_date, reversal.reverses),
            (Decimal("-388.00"), Decimal("-21.96"), NEXT_DAY, BUSINESS_DATE, line),
        )
        self.assertEqual((self.guest_owes(folio), reversal.reason), (Decimal("0.00"), "记错房间"))
        line.refresh_from_db()
        self.assertEqual((line.amount, line.business_date), (Decimal("388.00"), BUSINESS_DATE))

    def test_once_with_a_reason_and_never_a_reversal(self):
        line = charge(self.till, make_folio(self.till), "388")
        with self.assertRaises(InvalidInput):
            self.reverse(line, " ")
        reversal = self.reverse(line)
        with self.assertRaises(billing.AlreadyReversed):
            self.reverse(line)
        with self.assertRaises(billing.CannotReverse):
            self.reverse(reversal)
        self.assertEqual(line.folio.postings.count(), 2)

    def test_both_halves_of_a_city_payment_go(self):
        folio = make_folio(self.till, "388")
        paid = self.pay(folio, "388", "CITY_LEDGER", text="甲公司")
        with self.assertRaises(billing.CannotReverse):
            self.reverse(paid.other_half)
        self.reverse(paid)
        self.assertEqual(
            billing.balance(folio.pk), billing.Balance(Decimal("388.00"), Decimal("0.00"), Decimal("0.00"))
        )

    def test_a_closed_folio_is_reopened_first(self):
        folio = make_folio(self.till)
        line = charge(self.till, folio, "0")
        billing.close_folio(folio_id=folio.pk, **self.act)
        with self.assertRaises(billing.FolioIsClosed):
            self.reverse(line)


class ConstraintTest(TillCase):
    """The table refuses on its own what the operations would."""

    def refused(self, **what):
        folio = make_folio(self.till)
        row = {
            "property": self.till.place, "folio": folio, "window": folio.windows.get(), "business_date": BUSINESS_DATE,
            "posted_at": NOON, "ledger": "GUEST", "kind": "CHARGE", "charge_code": self.till.codes["ROOM"],
            "amount": Decimal(1), "actor_kind": "USER", "actor_id": "1", "actor_name": "李梅",
        }  # fmt: skip
        with self.assertRaises(IntegrityError) as refused, transaction.atomic():
            billing.Posting.objects.create(**(row | what))
        return str(refused.exception)

    def test_each_named_constraint(self):
        money = {"kind": "PAYMENT", "charge_code": None, "tender": "CASH"}
        deposit = billing.take_deposit(
            folio_id=make_folio(self.till).pk, amount=Decimal(300), tender="CASH", **self.act
        )
        back = {"kind": "DEPOSIT_RETURNED", "ledger": "DEPOSIT", "tender": "CASH", "charge_code": None}
        for name, what in {
            "posting_charge_names_its_code": {"charge_code": None},
            "posting_ledger_is_known": {"ledger": "BANK"},
            "posting_kind_is_known": {"kind": "GIFT"},
            "posting_money_names_its_tender": money | {"tender": ""},
            "posting_tender_is_known": {"tender": "SHELLS"},
            "posting_moves_money": money | {"amount": Decimal(0)},
            "posting_tax_is_of_a_charge": money | {"tax": Decimal(1)},
            "posting_ledger_fits_its_kind": {"ledger": "DEPOSIT"},
            "posting_deposit_line_names_its_deposit": back,
            "posting_deposit_has_its_sign": back | {"deposit": deposit, "amount": Decimal(-1)},
            "posting_reversal_gives_a_reason": {"reverses": charge(self.till, make_folio(self.till), "1")},
        }.items():
            with self.subTest(name):
                self.assertIn(name.split("_is_known")[0].split("_fits")[0], self.refused(**what))

    def test_a_source_key_once(self):
        charge(self.till, make_folio(self.till), "1", source_key="k")
        self.assertIn("source", self.refused(source_key="k"))

    def test_a_line_is_reversed_once(self):
        line = charge(self.till, make_folio(self.till), "1")
        billing.reverse_posting(posting_id=line.pk, reason="错", **self.act)
        self.assertIn("reverses", self.refused(reverses=line, reason="再错"))

    def test_neither_changed_nor_deleted(self):
        line = charge(self.till, make_folio(self.till), "1")
        for act in (
            lambda: billing.Posting.objects.filter(pk=line.pk).update(amount=2),
            lambda: billing.Posting.objects.filter(pk=line.pk).delete(),
        ):
            with self.assertRaises(DatabaseError), transaction.atomic():
                act()
        line.refresh_from_db()
        self.assertEqual(line.amount, Decimal("1.00"))

    def test_a_ledger_day_that_does_not_add_up(self):
        row = {
            "property": self.till.place,
            "business_date": BUSINESS_DATE,
            "ledger": "GUEST",
            "postings": 0,
            "closed_at": NOON,
        }
        with self.assertRaises(IntegrityError), transaction.atomic():
            billing.LedgerDay.objects.create(
                opening=Decimal("0.10"), activity=Decimal("0.20"), closing=Decimal("0.31"), **row
            )
        billing.LedgerDay.objects.create(
            opening=Decimal("0.10"), activity=Decimal("0.20"), closing=Decimal("0.30"), **row
        )
