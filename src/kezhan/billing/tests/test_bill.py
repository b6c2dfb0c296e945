"""The printed bill: what is owed, in both languages, without what was undone."""

import io
from decimal import Decimal

from pypdf import PdfReader

from kezhan.billing import api as billing
from kezhan.guests.tests.factories import make_guest
from kezhan.people.tests.factories import NOON

from .factories import charge, make_folio
from .test_ledger import TillCase


def text_of(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


class BillTest(TillCase):
    def folio(self):
        folio = make_folio(self.till, "388", guest=make_guest(self.till.hotel.group, "王小明"), label="8801")
        charge(self.till, folio, "11.30", "MINIBAR", text="可乐")
        wrong = charge(self.till, folio, "77", "LAUNDRY")
        billing.reverse_posting(posting_id=wrong.pk, reason="记错房间", **self.act)
        billing.take_deposit(folio_id=folio.pk, amount=Decimal(300), tender="WECHAT_PAY", **self.act)
        self.pay(folio, "100")
        return billing.folio_by_number(self.till.place, folio.number)

    def test_chinese(self):
        text = text_of(billing.bill_pdf(self.folio(), "zh-hans", now=NOON))
        for words in ("王小明", "房费", "迷你吧", "可乐", "¥388.00", "¥21.96", "13%", "¥1.30", "微信支付", "现金",
                      "¥399.30", "¥100.00", "¥300.00", "¥299.30", "应付余额"):  # fmt: skip
            self.assertIn(words, text)
        for hidden in ("洗衣", "77.00", "记错房间"):
            self.assertNotIn(hidden, text)

    def test_english_says_no_chinese_of_ours(self):
        text = text_of(billing.bill_pdf(self.folio(), "en", now=NOON))
        for words in ("Room", "Minibar", "Balance due", "¥299.30"):
            self.assertIn(words, text)
        for chinese in ("房费", "账单", "应付余额", "金额"):
            self.assertNotIn(chinese, text)

    def test_one_window_alone(self):
        folio = self.folio()
        billing.add_window(folio_id=folio.pk, payee="甲公司", **self.act)
        charge(self.till, folio, "60", "RESTAURANT", window=2)
        text = text_of(billing.bill_pdf(folio, "zh-hans", window=2))
        self.assertIn("¥60.00", text)
        self.assertNotIn("388.00", text)

    def test_a_credit_and_an_applied_deposit(self):
        folio = make_folio(self.till, "50")
        deposit = billing.take_deposit(folio_id=folio.pk, amount=Decimal(300), tender="CASH", **self.act)
        billing.settle_deposit(
            deposit_id=deposit.pk, tender="CASH", deduct=Decimal(50), reason="抵消费", **self.act
        )
        self.pay(folio, "5")
        text = text_of(billing.bill_pdf(billing.folio_by_number(self.till.place, folio.number), "zh-hans"))
        self.assertEqual(text.count("押金抵账"), 1)
        self.assertIn("应退", text)
        self.assertIn("¥5.00", text)

    def test_a_long_stay_fills_several_pages(self):
        folio = make_folio(self.till, *["388"] * 60)
        pdf = billing.bill_pdf(billing.folio_by_number(self.till.place, folio.number), "zh-hans")
        self.assertGreater(len(PdfReader(io.BytesIO(pdf)).pages), 1)
        self.assertIn("¥23,280.00", text_of(pdf))
