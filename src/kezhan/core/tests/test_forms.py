"""Dates, money and telephones as people type them; errors where they belong."""

from datetime import date
from decimal import Decimal

from django import forms
from django.test import SimpleTestCase

from kezhan.core.errors import InvalidInput, NotAllowed
from kezhan.core.forms import DateField, HouseForm, MoneyField, PhoneField, read_date

SUNDAY = date(2026, 11, 22)


class ArrivalForm(HouseForm):
    name = forms.CharField(label="姓名", help_text="与证件一致")
    phone = PhoneField(label="手机", required=False)
    arrival = DateField(label="到店")
    deposit = MoneyField(label="押金", required=False)


class DateTests(SimpleTestCase):
    def test_what_people_type(self):
        cases = {
            "+1": date(2026, 11, 23),
            "-2": date(2026, 11, 20),
            "＋１": date(2026, 11, 23),
            "1122": SUNDAY,
            "1121": date(2027, 11, 21),
            "11-25": date(2026, 11, 25),
            "1/3": date(2027, 1, 3),
            "12月5日": date(2026, 12, 5),
            "2026-12-01": date(2026, 12, 1),
            "2026年12月1日": date(2026, 12, 1),
            "20261201": date(2026, 12, 1),
            "周五": date(2026, 11, 27),
            "星期天": SUNDAY,
            "fri": date(2026, 11, 27),
            "Friday": date(2026, 11, 27),
        }
        self.assertEqual({text: read_date(text, SUNDAY) for text in cases}, cases)

    def test_what_is_no_date(self):
        for text in ("0230", "13-01", "xx", "", "+", "2026-02-29", "1", "周八"):
            self.assertIsNone(read_date(text, SUNDAY), text)


class FormTests(SimpleTestCase):
    def form(self, **data):
        return ArrivalForm({"name": "王", "arrival": "+1", **data}, today=SUNDAY)

    def test_values_are_normalised(self):
        form = self.form(phone="１３８ 1234-5678", deposit="￥1,200.5")
        self.assertTrue(form.is_valid(), form.errors)
        self.assertEqual(form.cleaned_data["arrival"], date(2026, 11, 23))
        self.assertEqual(form.cleaned_data["phone"], "13812345678")
        self.assertEqual(form.cleaned_data["deposit"], Decimal("1200.5"))

    def test_bad_values_say_what_to_write(self):
        form = self.form(phone="12ab", arrival="soon", deposit="1.005")
        self.assertEqual(set(form.errors), {"phone", "arrival", "deposit"})
        self.assertIn("1122", form.errors["arrival"][0])

    def test_label_above_help_below_error_beside_and_summed_up(self):
        html = str(self.form(name=""))
        self.assertIn('<label class="kz-label" for="id_name">姓名</label>', html)
        self.assertIn('id="id_name_helptext"', html)
        self.assertIn('aria-describedby="id_name_helptext id_name_error"', html)
        self.assertIn('id="id_name_error"', html)
        self.assertIn('<a href="#id_name">姓名</a>', html)
        self.assertIn("有 1 处需要修改", html)

    def test_date_field_tells_the_script_what_to_count_from(self):
        self.assertIn('data-kz-date="2026-11-22"', str(self.form()["arrival"]))

    def test_telephone_is_shown_in_groups(self):
        self.assertIn('value="138 1234 5678"', str(ArrivalForm(initial={"phone": "13812345678"})["phone"]))

    def test_a_refusal_goes_beside_the_field_it_names(self):
        form = self.form()
        form.refuse(InvalidInput(fields={"arrival": "这一天已满"}))
        self.assertEqual(form.errors, {"arrival": ["这一天已满"]})

    def test_a_refusal_without_field_goes_on_top_with_its_advice(self):
        form = self.form()
        form.refuse(NotAllowed(right="收款"))
        self.assertEqual(
            form.non_field_errors(), ["您的岗位没有这项权限。 需要“收款”权限，请联系本店管理员。"]
        )
