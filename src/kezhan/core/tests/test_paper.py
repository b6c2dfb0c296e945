"""Printed documents: text that can be read back, rare names never dropped, the same bytes twice."""

import io
from types import SimpleNamespace
from unittest.mock import patch

from django.test import SimpleTestCase
from pypdf import PdfReader

from kezhan.core import fonts, qr
from kezhan.core.pdf import Col, Paper, break_lines

HOUSE = SimpleNamespace(
    name="云栖客栈", name_en="Yunqi Inn", address="中山东一路 18 号", telephone="021 6321 0000"
)


def paper(rows=2, *, guest="王建国", **options):
    made = Paper(
        house=HOUSE, title="订房凭证", number="B261122-7KQ4TM", printed="2026-11-22 14:05", **options
    )
    made.facts([("住客", guest), ("到店", "11-22 周日"), ("离店", "11-24 周二")])
    made.heading("房费")
    made.table(
        [Col("日期"), Col("项目", 3), Col("金额", align="right")],
        [(f"夜{n}", "标准双床房，含双份早餐", "¥388.00") for n in range(rows)],
    )
    made.totals([("房费", "¥776.00"), ("合计", "¥976.00")])
    made.qr("https://hotel.example/v/token", "扫码查看")
    made.signatures(["住客签名", "经办人"])
    return made


def read(content):
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


class PaperTests(SimpleTestCase):
    def test_everything_can_be_read_back(self):
        (text,) = read(paper().build())
        for words in (
            "云栖客栈",
            "订房凭证",
            "B261122-7KQ4TM",
            "王建国",
            "含双份早餐",
            "¥976.00",
            "扫码查看",
            "经办人",
        ):
            self.assertIn(words, text)
        self.assertIn("第 1 页，共 1 页", text)

    def test_fonts_are_embedded(self):
        page = PdfReader(io.BytesIO(paper().build())).pages[0]
        for font in page["/Resources"]["/Font"].values():
            if "KezhanNotoSansSC" in font["/BaseFont"]:
                self.assertIn("/FontFile2", font["/FontDescriptor"])
                break
        else:
            self.fail("our font is not in the document")

    def test_long_table_repeats_its_head_and_loses_no_row(self):
        pages = read(paper(rows=90).build())
        self.assertGreater(len(pages), 2)
        whole = "\n".join(pages)
        self.assertEqual([n for n in range(90) if f"夜{n}\n" not in whole and f"夜{n} " not in whole], [])
        self.assertIn("项目", pages[1])

    def test_the_same_content_gives_the_same_bytes(self):
        self.assertEqual(paper().build(), paper().build())

    def test_slip_is_80_mm_wide_one_page_and_as_long_as_needed(self):
        short, long = (PdfReader(io.BytesIO(paper(n, slip=True).build())) for n in (1, 60))
        self.assertEqual((len(short.pages), len(long.pages)), (1, 1))
        self.assertAlmostEqual(float(short.pages[0].mediabox.width), 226.77, places=1)
        self.assertGreater(long.pages[0].mediabox.height, short.pages[0].mediabox.height)

    def test_english_paper_has_the_english_name(self):
        self.assertIn("Yunqi Inn", read(paper(english=True).build())[0])


class LineTests(SimpleTestCase):
    def test_words_stay_whole_and_closing_marks_do_not_begin_a_line(self):
        lines = break_lines("住客 Alexandra Johannsen，取消规则（免费）。到店前一天取消。", 90, 9)
        self.assertEqual(
            "".join(lines).replace(" ", ""), "住客AlexandraJohannsen，取消规则（免费）。到店前一天取消。"
        )
        self.assertEqual([line for line in lines if line[0] in "，。）"], [])
        self.assertTrue(any("Alexandra" in line for line in lines))

    def test_a_word_wider_than_the_line_is_cut_not_lost(self):
        lines = break_lines("x" * 200, 60, 9)
        self.assertEqual("".join(lines), "x" * 200)
        self.assertGreater(len(lines), 3)


class RareNameTests(SimpleTestCase):
    def test_a_rare_name_of_our_own_font(self):
        self.assertEqual(fonts.unprintable("骉喆堃"), [])
        self.assertIn("骉喆堃", read(paper(guest="骉喆堃").build())[0])

    def test_names_that_only_a_system_font_has(self):
        """𠮷 lies beyond the basic plane, where a wrong character map would make it unsearchable."""
        missing = fonts.unprintable("㐂𠮷")
        text = read(paper(guest="㐂𠮷").build())[0]
        for character in "㐂𠮷":
            shown = f"〔U+{ord(character):04X}〕" if character in missing else character
            self.assertIn(shown, text)

    def test_without_any_font_the_number_is_printed_and_logged(self):
        fonts._font_for.cache_clear()
        fonts._mixed_runs.cache_clear()
        self.addCleanup(fonts._font_for.cache_clear)
        self.addCleanup(fonts._mixed_runs.cache_clear)
        with (
            patch("kezhan.core.fonts._sources", return_value=[]),
            self.assertLogs("kezhan.core.fonts", "WARNING"),
        ):
            self.assertEqual(fonts.unprintable("𠮷田"), ["𠮷"])
            self.assertIn("〔U+20BB7〕", read(paper(guest="𠮷田").build())[0])


class QrTests(SimpleTestCase):
    def test_svg_speaks(self):
        html = qr.svg("https://hotel.example/v/token", "打开<凭证>")
        self.assertIn('aria-label="打开&lt;凭证&gt;"', html)
        self.assertIn("<svg", html)
        self.assertNotIn("style=", html)
