"""Lists walk forward and back over every row once, whatever they are sorted by."""

import io

from django.test import RequestFactory, TestCase
from openpyxl import load_workbook

from kezhan.core.errors import InvalidInput
from kezhan.core.tables import Column, Listing
from kezhan.properties.api import Property
from kezhan.properties.tests.factories import make_property

COLUMNS = [
    Column("code", "代码", sort=("code",)),
    Column("currency", "币种", sort=("currency", "code")),
    Column("name", "名称", lambda row: row.name.upper()),
]


class ListingTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        first = make_property(code="h00", name="a0", currency="CNY")
        for n in range(1, 7):
            make_property(group=first.group, code=f"h0{n}", name=f"a{n}", currency="CNY" if n % 2 else "USD")

    def listing(self, query="", sort="code"):
        request = RequestFactory().get(f"/houses/{query}")
        return Listing(request, Property.objects.all(), COLUMNS, sort=sort, name="门店", size=3)

    def walk(self, sort, way="next_url", query=""):
        seen = []
        listing = self.listing(query or f"?sort={sort}")
        while True:
            seen.append([row.code for row in listing.rows])
            url = getattr(listing, way)
            if not url:
                return seen, listing
            listing = self.listing(url.partition("/houses/")[2])

    def test_forward_over_every_row_once(self):
        pages, _last = self.walk("code")
        self.assertEqual(pages, [["h00", "h01", "h02"], ["h03", "h04", "h05"], ["h06"]])

    def test_ties_are_broken_by_the_unique_field(self):
        pages, _last = self.walk("-currency")
        self.assertEqual(sum(pages, []), ["h06", "h04", "h02", "h05", "h03", "h01", "h00"])

    def test_back_to_the_beginning(self):
        _pages, last = self.walk("currency")
        query = last.previous_url.partition("/houses/")[2]
        back, _first = self.walk("currency", "previous_url", query)
        self.assertEqual(back, [["h05", "h02", "h04"], ["h00", "h01", "h03"]])

    def test_a_cursor_that_we_did_not_write_is_refused(self):
        for text in ("zzz", "-", "W10", "WyJhIiwiYiJd", "bnVsbA", "%00"):
            with self.subTest(text), self.assertRaises(InvalidInput):
                self.listing(f"?page={text}").rows  # noqa: B018

    def test_an_unknown_sort_falls_back(self):
        self.assertEqual(self.listing("?sort=password").sort, "code")

    def test_heads_say_how_the_list_is_sorted(self):
        heads = self.listing("?sort=code&page=abc").heads
        self.assertEqual([head.direction for head in heads], ["ascending", "", ""])
        self.assertEqual(heads[0].url, "/houses/?sort=-code")
        self.assertEqual(heads[2].url, "")

    def test_export_has_every_row(self):
        listing = self.listing("?export=xlsx&sort=-code")
        self.assertTrue(listing.wants_export)
        sheet = load_workbook(io.BytesIO(b"".join(listing.export().streaming_content))).active
        rows = list(sheet.iter_rows(values_only=True))
        self.assertEqual(rows[0], ("代码", "币种", "名称"))
        self.assertEqual([row[0] for row in rows[1:]], [f"h0{n}" for n in range(6, -1, -1)])
        self.assertEqual(rows[1][2], "A6")
