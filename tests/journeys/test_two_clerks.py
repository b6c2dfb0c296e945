"""Two people press at the same time: one of them is served, the other is told, nothing happens twice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from kezhan.frontdesk.tests.factories import card

from .desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Both forms are sent before either answer is awaited: the server has two requests at once.
SEND = """words => {
  const button = [...document.querySelectorAll("main button")].find((one) => one.innerText.trim() === words);
  setTimeout(() => button.click(), 50);
}"""
# A careless hand: past the guard of the page, the form is sent twice within one breath.
SEND_TWICE = """async form => {
  const send = () => fetch(form.action, { method: "POST", body: new FormData(form) });
  return (await Promise.all([send(), send()])).map((answer) => answer.status);
}"""


def test_the_desk_races(inn, desk_of):
    one, other = desk_of(inn, "qian"), desk_of(inn, "sun")
    number = last_room_is_booked_once(one, other)
    room_is_given_once(inn, one, other, number)
    payment_counts_once(inn, one)
    day_is_closed_once(inn, one, other)


def press_together(words: str, *desks: Desk) -> None:
    for desk in desks:
        desk.page.evaluate(SEND, words)
    for desk in desks:
        desk.page.wait_for_timeout(100)
        desk.page.wait_for_load_state("networkidle")


def last_room_is_booked_once(one: Desk, other: Desk) -> str:
    """The inn has one suite; both editors are open and show it as free."""
    for desk, name, phone in ((one, "甲大年", "19900003331"), (other, "乙小月", "19900003332")):
        fill_booking(desk, name, phone)
    press_together("确认并发送凭证", one, other)
    served = [desk for desk in (one, other) if desk.page.locator(".rsv-link").count()]
    assert len(served) == 1, [desk.main() for desk in (one, other)]
    refused = other if served[0] is one else one
    words = refused.main()
    assert "STE" in words
    assert "已经订满" in words
    assert "仍可预订：STD 4、KING 3" in words
    kept = refused.page
    assert kept.get_by_label("姓名").input_value() == ("乙小月" if refused is other else "甲大年")
    assert kept.get_by_label("电话").input_value().replace(" ", "").startswith("1990000333")
    assert kept.get_by_label("特别要求").input_value() == "安静，靠院子"
    assert kept.get_by_label("房型").first.input_value() == "STE"
    assert kept.get_by_label("到店时间").input_value() == "15:30"
    found = one.product.ask("count")
    assert (len(found["bookings"]), found["oversold"]) == (1, 0)
    # What is left can be booked from the same form, without typing anything again.
    kept.get_by_label("房型").first.select_option(value="KING")
    refused.press("确认并发送凭证")
    kept.locator(".rsv-link").wait_for()
    assert len(one.product.ask("count")["bookings"]) == 2
    return kept.locator("h1").inner_text().split()[0]


def fill_booking(desk: Desk, name: str, phone: str) -> None:
    page = desk.page
    desk.open("reservations/new/")
    page.get_by_label("房型").first.select_option(value="STE")
    page.get_by_label("到店时间").fill("15:30")
    page.get_by_label("姓名").fill(name)
    page.get_by_label("电话").fill(phone)
    page.get_by_label("特别要求").fill("安静，靠院子")
    page.locator("#rsv-total", has_text="¥800.00").wait_for()
    assert "STE 剩 1" in desk.main()


def room_is_given_once(inn: Any, one: Desk, other: Desk, number: str) -> None:
    """Both check in the same booking, into the same room."""
    for desk in (one, other):
        desk.open(f"frontdesk/check-in/{number}/1/")
        desk.page.get_by_label("证件号码").fill(card(11))
        desk.page.get_by_label("房间", exact=True).select_option(value="201")
    press_together("办理入住", one, other)
    arrived = [desk for desk in (one, other) if "/stays/" in desk.page.url]
    assert len(arrived) == 1, [desk.main() for desk in (one, other)]
    refused = other if arrived[0] is one else one
    assert refused.page.locator("[role=alert]", has_text="入住").count() or "201" in refused.main()
    found = inn.ask("count")
    assert found["stays"] == ["201"]
    one.page.goto(arrived[0].page.url)
    assert "在押押金 ¥400.00" in one.main()


def payment_counts_once(inn: Any, clerk: Desk) -> None:
    """A double click, and a form sent twice past the page's own guard: the money is taken once each."""
    clerk.follow("账单")
    for text in ("双击", "重发"):
        clerk.follow("现金")
        sheet = clerk.page.locator("#kz-sheet")
        sheet.get_by_label("金额").fill("50")
        sheet.get_by_label("备注").fill(text)
        if text == "双击":
            sheet.get_by_role("button", name="确认").dblclick()
            clerk.page.get_by_role("row", name=text).wait_for()
            clerk.page.wait_for_load_state("networkidle")
        else:
            statuses = sheet.locator("form").evaluate(SEND_TWICE)
            assert all(status < 500 for status in statuses), statuses
            clerk.page.reload()
        assert clerk.page.get_by_role("row", name=text).count() == 1
    assert inn.ask("count")["payments"] == ["-50.00", "-50.00"]
    assert "应退客人" in clerk.main()
    assert clerk.page.locator(".billing-balance").inner_text() == "¥100.00"


def day_is_closed_once(inn: Any, one: Desk, other: Desk) -> None:
    """Two tabs show the same date; both are pressed. The night is charged once and one day is closed, not two."""
    first = date.fromisoformat(inn.told["first"])
    for desk in (one, other):
        desk.open("frontdesk/night-audit/")
    press_together("开始夜审", one, other)
    for desk in (one, other):
        desk.page.get_by_role("heading", name="夜审报表").wait_for()
        assert f"frontdesk/night-audit/{first.isoformat()}" in desk.page.url
        assert "合计 ¥400.00 ¥22.64 ¥377.36" in desk.main()
    found = inn.ask("count")
    assert found["business_date"] == (first + timedelta(days=1)).isoformat()
    assert (found["audits"], found["steps"], found["room_charges"]) == (1, 7, ["400.00"])
