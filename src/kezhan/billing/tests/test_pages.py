"""账单 and 三账平衡 as a clerk meets them."""

import io
import re
from decimal import Decimal

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from kezhan.billing import api as billing
from kezhan.hotel.tests.factories import BUSINESS_DATE

from .factories import charge, make_folio, make_till

ALL = ["billing.read", "billing.post", "billing.take_payment", "billing.reverse", "billing.return_deposit"]


class PagesCase(TestCase):
    rights = ALL

    @classmethod
    def setUpTestData(cls):
        cls.till = make_till(rights=cls.rights)
        cls.root = f"/p/{cls.till.place.code}/billing/"

    def setUp(self):
        self.client.force_login(self.till.hotel.user)

    def address(self, folio, step=""):
        return f"{self.root}folios/{folio.number}/{step}"

    def key(self, folio, step):
        page = self.client.get(self.address(folio, step))
        return re.search(r'name="source_key" value="([^"]+)"', page.content.decode())[1]

    def owed(self, folio):
        return billing.balance(folio.pk).guest


class FolioPageTest(PagesCase):
    def test_shows_lines_balance_and_steps(self):
        folio = make_folio(self.till, "388", label="8801 王小明")
        page = self.client.get(self.address(folio))
        for words in ("8801 王小明", "房费", "¥388.00", "微信支付", "收取押金", "入账消费"):
            self.assertContains(page, words)

    def test_a_payment_sent_twice_pays_once(self):
        folio = make_folio(self.till, "388")
        sent = {"tender": "CASH", "amount": "388", "window": "1", "source_key": self.key(folio, "pay/")}
        for _ in range(2):
            answer = self.client.post(self.address(folio, "pay/"), sent)
            self.assertRedirects(answer, self.address(folio))
        self.assertEqual(self.owed(folio), Decimal("0.00"))
        self.assertEqual(folio.postings.count(), 2)

    def test_two_forms_are_two_payments(self):
        folio = make_folio(self.till, "388")
        keys = {self.key(folio, "pay/"), self.key(folio, "pay/")}
        for key in keys:
            self.client.post(
                self.address(folio, "pay/"),
                {"tender": "CASH", "amount": "100", "window": "1", "source_key": key},
            )
        self.assertEqual(self.owed(folio), Decimal("188.00"))

    def test_a_refusal_stands_in_the_form(self):
        folio = make_folio(self.till, "388")
        sent = {"tender": "CITY_LEDGER", "amount": "388", "window": "1", "source_key": "form:x"}
        answer = self.client.post(self.address(folio, "pay/"), sent, headers={"HX-Request": "true"})
        self.assertContains(answer, "请写明挂账单位。", status_code=422)
        self.assertNotContains(answer, "<html", status_code=422)
        self.assertEqual(self.owed(folio), Decimal("388.00"))

    def test_charge_allowance_and_window(self):
        folio = make_folio(self.till)
        self.client.post(self.address(folio, "windows/new/"), {"payee": "甲公司"})
        sent = {"code": "MINIBAR", "amount": "18", "text": "可乐", "window": "2", "source_key": "form:a"}
        self.client.post(self.address(folio, "charge/"), sent)
        sent = {"code": "ALLOWANCE", "amount": "8", "text": "等候过久", "window": "2", "source_key": "form:b"}
        self.client.post(self.address(folio, "charge/"), sent)
        self.assertEqual(billing.window_balances(folio.pk), {2: Decimal("10.00")})
        page = self.client.get(self.address(folio) + "?window=2")
        self.assertContains(page, "等候过久")

    def test_reversal_is_struck_and_names_its_partner(self):
        folio = make_folio(self.till, "388")
        answer = self.client.post(self.address(folio, "lines/1/reverse/"), {"reason": "记错房间"})
        self.assertRedirects(answer, self.address(folio))
        page = self.client.get(self.address(folio))
        self.assertContains(page, "billing-reversed", 2)
        self.assertContains(page, "已由第 2 行冲销")
        self.assertContains(page, "冲销第 1 行")
        again = self.client.post(self.address(folio, "lines/1/reverse/"), {"reason": "再冲"})
        self.assertContains(again, "这一笔已经冲销过了。", status_code=422)
        self.assertEqual(self.client.get(self.address(folio, "lines/3/reverse/")).status_code, 404)

    def test_the_deposit_goes_back_in_full_by_default(self):
        folio = make_folio(self.till)
        sent = {"amount": "300", "tender": "WECHAT_PAY", "source_key": self.key(folio, "deposit/")}
        for _ in range(2):
            self.client.post(self.address(folio, "deposit/"), sent)
        deposit = billing.Deposit.objects.get()
        form = self.client.get(self.address(folio, f"deposits/{deposit.number}/return/")).context["form"]
        sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
        self.client.post(self.address(folio, f"deposits/{deposit.number}/return/"), sent)
        deposit.refresh_from_db()
        self.assertEqual((deposit.status, deposit.returned_amount), ("RETURNED", Decimal("300.00")))
        self.client.post(self.address(folio, f"deposits/{deposit.number}/undo/"), {"reason": "客人续住"})
        deposit.refresh_from_db()
        self.assertEqual(deposit.status, "HELD")

    def test_close_and_reopen(self):
        folio = make_folio(self.till, "1")
        refused = self.client.post(self.address(folio, "close/"))
        self.assertContains(refused, "还没有结清", status_code=422)
        billing.take_payment(folio_id=folio.pk, tender="CASH", amount=Decimal(1), **self.till.act())
        self.client.post(self.address(folio, "close/"))
        folio.refresh_from_db()
        self.assertEqual(folio.status, "CLOSED")
        self.assertNotContains(self.client.get(self.address(folio)), "收取押金")
        self.client.post(self.address(folio, "reopen/"), {"reason": "漏记"})
        folio.refresh_from_db()
        self.assertEqual(folio.status, "OPEN")

    def test_overpaid_is_paid_back(self):
        folio = make_folio(self.till)
        billing.take_payment(folio_id=folio.pk, tender="CASH", amount=Decimal(50), **self.till.act())
        self.assertContains(self.client.get(self.address(folio)), "应退客人")
        sent = {"tender": "CASH", "amount": "50", "reason": "多收", "window": "1", "source_key": "form:c"}
        self.client.post(self.address(folio, "pay-back/"), sent)
        self.assertEqual(self.owed(folio), Decimal("0.00"))

    def test_another_house_is_not_found(self):
        stranger = make_folio(make_till(), "388")
        self.assertEqual(self.client.get(self.address(stranger)).status_code, 404)
        own = stranger.property.code
        self.assertEqual(self.client.get(f"/p/{own}/billing/folios/{stranger.number}/").status_code, 404)

    def test_queries_do_not_grow_with_the_lines(self):
        short, long = make_folio(self.till, "1"), make_folio(self.till, *["1"] * 12)
        self.client.get(self.address(short))  # the session is written once
        counts = []
        for folio in (short, long):
            with CaptureQueriesContext(connection) as queries:
                self.client.get(self.address(folio))
            counts.append(len(queries))
        self.assertEqual(counts[0], counts[1])


class ReaderTest(PagesCase):
    rights = ["billing.read"]

    def test_sees_and_touches_nothing(self):
        folio = make_folio(self.till, "388")
        page = self.client.get(self.address(folio))
        for words in ("入账消费", "收取押金", "冲销", "结清并关闭"):
            self.assertNotContains(page, words)
        for step in (
            "charge/",
            "pay/",
            "pay-back/",
            "deposit/",
            "lines/1/reverse/",
            "windows/new/",
            "close/",
            "reopen/",
        ):
            with self.subTest(step):
                self.assertEqual(
                    self.client.post(self.address(folio, step), {"reason": "x"}).status_code, 403
                )
        self.assertEqual(folio.postings.count(), 1)


class LedgersPageTest(PagesCase):
    def test_open_and_closed_days_with_their_rows(self):
        folio = make_folio(self.till, "388")
        address = f"{self.root}ledgers/"
        self.assertContains(self.client.get(address), "未关账", 3)
        billing.close_ledger_day(place=self.till.place, business_date=BUSINESS_DATE, **self.till.act())
        self.assertContains(self.client.get(address), "已关账", 3)
        rows = self.client.get(f"{address}{BUSINESS_DATE}/GUEST/")
        self.assertContains(rows, folio.number)
        self.assertContains(rows, "¥388.00")
        for wrong in (f"{address}{BUSINESS_DATE}/BANK/", f"{address}2026-13-01/GUEST/"):
            self.assertEqual(self.client.get(wrong).status_code, 404)

    def test_exports(self):
        make_folio(self.till, "388", label="=1+1")
        book = load_workbook(io.BytesIO(self.client.get(f"{self.root}ledgers/?export=xlsx").getvalue()))
        first = [cell.value for cell in list(book.active.rows)[1]]
        self.assertEqual(first[1:6], ["宾客账", 0, 388, 388, 1])
        book = load_workbook(
            io.BytesIO(self.client.get(f"{self.root}ledgers/{BUSINESS_DATE}/GUEST/?export=xlsx").getvalue())
        )
        self.assertEqual([cell.value for cell in list(book.active.rows)[1]][-1], 388)
        book = load_workbook(io.BytesIO(self.client.get(f"{self.root}folios/?export=xlsx").getvalue()))
        self.assertEqual([cell.value for cell in list(book.active.rows)[1]][2:6:2], ["=1+1", 388])

    def test_rows_are_paged_without_loss(self):
        folio = make_folio(self.till)
        for n in range(53):
            charge(self.till, folio, n)
        address = f"{self.root}ledgers/{BUSINESS_DATE}/GUEST/"
        first = self.client.get(address).context["listing"]
        second = self.client.get(first.next_url).context["listing"]
        self.assertEqual([len(first.rows), len(second.rows)], [50, 3])
        self.assertEqual([row.line for row in second.rows], [51, 52, 53])

    def test_folios_are_found(self):
        wanted, _other = make_folio(self.till, "1", label="甲公司会议"), make_folio(self.till, label="乙")
        for text in ("甲公司", wanted.number.lower()):
            listing = self.client.get(f"{self.root}folios/", {"q": text}).context["listing"]
            self.assertEqual([row.number for row in listing.rows], [wanted.number])
