"""A night of a whole house: posted at once, each line once."""

from datetime import date
from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext

from kezhan.audit import api as audit
from kezhan.billing import api as billing
from kezhan.core.errors import NotFound
from kezhan.hotel.tests.factories import BUSINESS_DATE

from .factories import make_folio, make_till
from .test_ledger import NEXT_DAY, TillCase


class RoomChargesTest(TillCase):
    def lines(self, folios, day=BUSINESS_DATE, amount="388.00"):
        return [
            billing.ChargeLine(folio.pk, Decimal(amount), day, f"room:{folio.pk}:{day}") for folio in folios
        ]

    def post(self, lines, **given):
        return billing.post_room_charges(place=self.till.place, lines=lines, **self.act, **given)

    def test_posted_with_tax_and_key(self):
        folio = make_folio(self.till)
        window = billing.add_window(folio_id=folio.pk, payee="甲公司", **self.act)
        line = billing.ChargeLine(folio.pk, Decimal("388.00"), BUSINESS_DATE, "room:1", window.pk, "8801")
        self.assertEqual(self.post([line]), 1)
        posting = folio.postings.get()
        self.assertEqual(
            (
                posting.window,
                posting.amount,
                posting.tax,
                posting.source_key,
                posting.text,
                posting.charge_code.code,
            ),
            (window, Decimal("388.00"), Decimal("21.96"), "room:1", "8801", "ROOM"),
        )
        self.assertEqual((posting.business_date, posting.service_date), (BUSINESS_DATE, BUSINESS_DATE))

    def test_repeated_it_posts_what_is_missing(self):
        folios = [make_folio(self.till) for _ in range(3)]
        self.assertEqual(self.post(self.lines(folios[:2])), 2)
        self.assertEqual(self.post(self.lines(folios, amount="999")), 1)
        self.assertEqual(self.post(self.lines(folios)), 0)
        amounts = list(
            billing.Posting.objects.of(self.till.place).order_by("id").values_list("amount", flat=True)
        )
        self.assertEqual(amounts, [Decimal("388.00"), Decimal("388.00"), Decimal("999.00")])
        facts = [
            e.facts for e in audit.Event.objects.filter(verb="billing.room_charges_posted").order_by("id")
        ]
        self.assertEqual([(f["lines"], f["total"]) for f in facts], [(2, "776.00"), (1, "999.00")])

    def test_the_same_line_twice_in_one_call(self):
        folio = make_folio(self.till)
        self.assertEqual(self.post(self.lines([folio, folio])), 1)

    def test_nothing_is_posted_when_one_folio_is_closed_or_not_ours(self):
        ours, closed = make_folio(self.till), make_folio(self.till)
        billing.close_folio(folio_id=closed.pk, **self.act)
        stranger = make_folio(make_till())
        for other, refusal in ((closed, billing.FolioIsClosed), (stranger, NotFound)):
            with self.assertRaises(refusal):
                self.post(self.lines([ours, other]))
        wrong_window = billing.ChargeLine(ours.pk, Decimal(1), BUSINESS_DATE, "k", stranger.windows.get().pk)
        with self.assertRaises(NotFound):
            self.post([wrong_window])
        self.assertFalse(billing.Posting.objects.exists())

    def test_queries_do_not_grow_with_the_rooms(self):
        folios = [make_folio(self.till) for _ in range(40)]
        counts = []
        for some, day in ((folios[:2], BUSINESS_DATE), (folios, NEXT_DAY)):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                self.post(self.lines(some, day))
            counts.append(len([q for q in queries if "INSERT INTO" not in q["sql"]]))
        self.assertEqual(counts[0], counts[1])

    def test_a_past_night_still_carries_the_open_date(self):
        folio = make_folio(self.till)
        self.post(self.lines([folio], day=date(2026, 11, 20)))
        self.assertEqual(folio.postings.get().business_date, BUSINESS_DATE)
