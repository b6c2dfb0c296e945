"""Tags and filters of every template."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from unittest.mock import patch

from django.db import models
from django.template import Context, Template
from django.test import RequestFactory, SimpleTestCase
from django.utils import translation

from kezhan.core import nav, statuses
from kezhan.core.shell import Shell
from kezhan.core.templatetags import kezhan

SHANGHAI = SimpleNamespace(timezone="Asia/Shanghai", code="bund", name="外滩店", name_en="The Bund")


class RoomState(models.TextChoices):
    VACANT_CLEAN = "VACANT_CLEAN", "空净房"
    BLOCKED = "BLOCKED", "停用"


def draw(source, **context):
    context.setdefault("request", RequestFactory().get("/list/?sort=name&page=2"))
    return Template(source).render(Context(context))


class FigureTests(SimpleTestCase):
    def test_money(self):
        self.assertEqual(kezhan.money(Decimal("1234")), "¥1,234.00")
        self.assertEqual(kezhan.money(Decimal("-20.5")), "−¥20.50")
        self.assertEqual(kezhan.money(Decimal("7"), "USD"), "US$7.00")
        self.assertEqual(kezhan.money(Decimal("7"), "THB"), "THB 7.00")
        self.assertEqual(kezhan.money(None), "—")

    def test_percent_of_nothing_is_not_nought(self):
        self.assertEqual(kezhan.percent(None), "—")
        self.assertEqual(kezhan.percent(Decimal("0.0625")), "6.2%")

    def test_day_has_its_weekday_in_the_language_of_the_page(self):
        day = date(2026, 11, 22)
        self.assertEqual(kezhan.day(day, "year"), "2026-11-22 周日")
        with translation.override("en"):
            self.assertEqual(kezhan.day(day, "year"), "2026-11-22 Sun")
        self.assertEqual(kezhan.day(None), "—")

    def test_clock_is_the_house_s(self):
        at = datetime(2026, 11, 22, 20, 5, tzinfo=UTC)
        self.assertEqual(kezhan.clock(at, SHANGHAI), "04:05")
        self.assertEqual(kezhan.clock(at, SimpleNamespace(timezone="Europe/Berlin")), "21:05")


class MarkTests(SimpleTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        statuses.declare(
            "core.test_room",
            RoomState,
            {"VACANT_CLEAN": "ok", "BLOCKED": "bad"},
            trade_codes={"VACANT_CLEAN": "VC"},
        )

    def test_a_chip_has_glyph_code_and_word(self):
        html = draw('{% status_chip "VACANT_CLEAN" "core.test_room" %}')
        self.assertHTMLEqual(
            html,
            '<span class="kz-chip kz-ok"><span aria-hidden="true">✓</span> <b class="kz-code">VC</b> 空净房</span>',
        )

    def test_an_undeclared_state_shows_itself_plainly(self):
        self.assertHTMLEqual(
            draw('{% status_chip "NEW" "core.test_room" %}'), '<span class="kz-chip kz-plain">NEW</span>'
        )

    def test_icon_is_silent_unless_it_has_a_label(self):
        self.assertIn('aria-hidden="true"', draw("{% icon 'bed' %}"))
        self.assertIn('role="img" aria-label="贵宾"', draw("{% icon 'star' '贵宾' %}"))
        self.assertIn("icons.svg#point", draw("{% icon 'no-such-icon' %}"))

    def test_every_navigation_entry_has_an_icon_of_the_sprite(self):
        self.assertEqual([item.key for item in nav.items() if item.icon not in kezhan.icon_names()], [])

    def test_shortcuts_are_used_once(self):
        letters = [item.shortcut for item in nav.items() if item.shortcut]
        self.assertEqual(len(letters), len(set(letters)))

    def test_with_query_changes_one_part(self):
        self.assertEqual(draw("{% with_query page=None %}"), "?sort=name")

    def test_house_name_follows_the_language(self):
        self.assertEqual(kezhan.house_name(SHANGHAI), "外滩店")
        with translation.override("en"):
            self.assertEqual(kezhan.house_name(SHANGHAI), "The Bund")


class BusinessDayTests(SimpleTestCase):
    """The business date beside the clock of the house."""

    def shell(self, hour_utc, business_date):
        request = RequestFactory().get("/")
        request.user = SimpleNamespace(is_authenticated=True)
        request.property = SHANGHAI
        shell = Shell(request, datetime(2026, 11, 22, hour_utc, tzinfo=UTC))
        with patch("kezhan.core.shell.business_date", return_value=business_date):
            return shell.business_day

    def test_same_day(self):
        day = self.shell(4, date(2026, 11, 22))
        self.assertEqual((day.behind, day.late), (0, False))

    def test_before_the_night_audit_yesterday_is_as_it_should_be(self):
        day = self.shell(18, date(2026, 11, 22))  # 02:00 of the 23rd in Shanghai
        self.assertEqual((day.behind, day.late), (1, False))

    def test_by_noon_yesterday_is_late(self):
        day = self.shell(4, date(2026, 11, 21))
        self.assertEqual((day.behind, day.late), (1, True))

    def test_ahead_of_the_calendar(self):
        day = self.shell(4, date(2026, 11, 23))
        self.assertEqual((day.behind, day.late), (-1, True))
