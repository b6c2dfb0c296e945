"""Exports: text stays text, figures are figures, times are the house's."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

from django.test import SimpleTestCase
from openpyxl import load_workbook

from kezhan.core.xlsx import workbook_response


class WorkbookTests(SimpleTestCase):
    def sheet(self, rows, columns=("甲", "乙", "丙", "丁", "戊")):
        self.answer = workbook_response("预抵", columns, rows)
        return load_workbook(io.BytesIO(b"".join(self.answer.streaming_content))).active

    def test_a_name_that_looks_like_a_formula_stays_a_name(self):
        names = ["=1+1", "+86 138", "-5", "@SUM(A1)", "http://evil.example"]
        sheet = self.sheet([names])
        self.assertEqual([cell.value for cell in sheet[2]], names)
        self.assertEqual({cell.data_type for cell in sheet[2]}, {"s"})
        self.assertIsNone(sheet["E2"].hyperlink)

    def test_figures_and_dates_keep_their_kind(self):
        moment = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
        sheet = self.sheet([[Decimal("1234.50"), 7, date(2026, 11, 22), moment, None]])
        self.assertEqual(sheet["A2"].value, 1234.5)
        self.assertEqual(sheet["A2"].number_format, "#,##0.00")
        self.assertEqual(sheet["B2"].value, 7)
        self.assertEqual(sheet["C2"].value, datetime(2026, 11, 22))  # noqa: DTZ001 - what the file holds
        self.assertEqual(sheet["D2"].value, datetime(2026, 11, 23, 2, 30))  # noqa: DTZ001
        self.assertIsNone(sheet["E2"].value)

    def test_download_has_a_chinese_name(self):
        self.sheet([])
        self.assertIn("filename*=utf-8''%E9%A2%84%E6%8A%B5.xlsx", self.answer["Content-Disposition"])
