"""A guest's whole journey through the desk, in Chinese, by the words on the screen: enquiry to paid bill."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest

from kezhan.frontdesk.tests.factories import card

from .desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.slow]

GUEST = "欧阳若水"
CARD = card(7)
MASKED = f"{CARD[:4]}**********{CARD[-4:]}"


def test_a_guest_comes_stays_and_leaves(inn, desk_of, new_page):
    first = date.fromisoformat(inn.told["first"])
    booker, clerk = desk_of(inn, "zhou"), desk_of(inn, "qian")
    number, link = take_booking(booker, first)
    voucher_is_open_to_its_link_alone(booker, new_page(phone=True), number, link)
    room = check_in(clerk)
    nothing_tells_the_card(clerk)
    room_shows_its_guest(clerk, room)
    charge_minibar(clerk)
    close_the_day(clerk, first)
    check_out(clerk, room)
    clean(desk_of(inn, "he", phone=True), desk_of(inn, "tang", phone=True), room)
    inn_balances(inn, first)


def take_booking(booker: Desk, first: date) -> tuple[str, str]:
    """Search as you type, prices as they stand in the form, confirmed with a voucher. Returns number and link."""
    page = booker.page
    booker.follow("预订")
    booker.follow("新预订")
    page.get_by_label("离店", exact=True).fill("+2")
    page.get_by_label("房型").first.select_option(label="KING 大床房")
    page.get_by_label("成人").first.fill("1")
    quote = page.locator("#rsv-quote")
    for day in (first, first + timedelta(days=1)):
        quote.get_by_role("row", name=f"{day:%m-%d}").get_by_text("¥400.00").wait_for()
    page.locator("#rsv-total", has_text="¥800.00").wait_for()
    page.get_by_label("离店", exact=True).fill("+1")
    page.get_by_label("查找客人").press_sequentially("欧阳", delay=20)
    page.get_by_role("radio", name="欧阳秋白").wait_for()
    page.get_by_role("radio", name=GUEST).check()
    assert "199****1111" in booker.main()
    assert "19900001111" not in page.content()
    page.locator("#rsv-total", has_text="¥400.00").wait_for()
    assert "KING 剩 3" in booker.main()
    booker.press("确认并发送凭证")
    page.get_by_text("已确认，总价 ¥400.00").wait_for()
    number = re.search(r"B\d{6}-\w+", page.locator("h1").inner_text())
    assert number
    return number[0], page.locator(".rsv-link a").inner_text()


def voucher_is_open_to_its_link_alone(booker: Desk, phone: Any, number: str, link: str) -> None:
    """On the guest's telephone, without signing in; with a PDF; for that token and no other."""
    guest = Desk(phone, booker.product)
    assert phone.goto(link).status == 200
    for words in (number, GUEST, "大床房", "¥400.00", "取消规定"):
        assert words in guest.text()
    assert guest.too_wide() <= 0
    assert guest.barriers() == []
    printed = guest.pdf(phone.get_by_role("link", name="下载 PDF").evaluate("link => link.href"))
    for words in ("预订凭证", number, GUEST, "¥400.00", "林间客栈"):
        assert words in printed, words
    token = link.rstrip("/").rsplit("/", 1)[1]
    for wrong in (token[:-1] + ("a" if token[-1] != "a" else "b"), number):
        assert phone.goto(link.replace(token, wrong)).status == 404
        assert GUEST not in guest.text()
    assert guest.complaints == []


def check_in(clerk: Desk) -> str:
    """Document, room, deposit. A number that does not add up is refused, and what was typed stays. Returns the room."""
    page = clerk.page
    clerk.follow("前台")
    assert GUEST in page.get_by_role("region", name="预抵").inner_text()
    clerk.follow(f"为 {GUEST} 办理入住")
    wrong = CARD[:-1] + ("1" if CARD[-1] != "1" else "2")
    page.get_by_label("证件号码").fill(wrong)
    page.get_by_label("房间", exact=True).select_option(label="202 · 大床房 · 2F")
    assert page.get_by_label("押金金额").input_value() == "400.00"
    clerk.press("办理入住")
    page.locator("form [role=alert]").first.wait_for()
    assert "证件" in clerk.main() or "身份证" in clerk.main()
    assert page.get_by_label("房间", exact=True).input_value() == "202"
    page.get_by_label("证件号码").fill(CARD)
    page.get_by_label("收款方式").select_option(label="微信支付")
    clerk.press("办理入住")
    page.get_by_role("heading", name=f"202 · {GUEST}").wait_for()
    assert clerk.said() == f"{GUEST} 已入住 202 房"
    assert "账单余额 ¥0.00 在押押金 ¥400.00" in clerk.main()
    assert MASKED in clerk.main()
    return "202"


def nothing_tells_the_card(clerk: Desk) -> None:
    """After check-in no page sends the number, nor the telephone, in clear."""
    stay = clerk.page.url
    pages = [
        stay,
        clerk.address("frontdesk/"),
        clerk.address("frontdesk/rack/"),
        clerk.address("frontdesk/rooms/202/"),
    ]
    pages += [clerk.address("guests/?q=" + GUEST), clerk.address("reservations/")]
    pages += clerk.page.locator("main a").evaluate_all("links => links.map(link => link.href)")
    for address in dict.fromkeys(pages):
        answer = clerk.page.request.get(address)
        assert answer.status == 200, address
        assert CARD not in answer.text(), address
        assert "19900001111" not in answer.text(), address
    clerk.page.goto(stay)


def room_shows_its_guest(clerk: Desk, room: str) -> None:
    clerk.follow("房态图")
    tile = clerk.page.locator(".fd-tile", has_text=room)
    words = " ".join(tile.inner_text().split())
    assert re.match(rf"{room} KING OC 住净房.* 欧阳\* 余 1 晚", words), words
    assert GUEST not in clerk.main()
    tile.click()
    sheet = clerk.page.locator("#kz-sheet")
    sheet.get_by_role("link", name=GUEST).click()
    clerk.page.get_by_role("heading", name=f"{room} · {GUEST}").wait_for()


def charge_minibar(clerk: Desk) -> None:
    page = clerk.page
    clerk.follow("账单")
    clerk.follow("入账消费")
    sheet = page.locator("#kz-sheet")
    sheet.get_by_label("项目").select_option(value="MINIBAR")
    sheet.get_by_label("金额").fill("18")
    sheet.get_by_label("说明").fill("矿泉水")
    sheet.get_by_role("button", name="确认").click()
    page.get_by_role("row", name="矿泉水").wait_for()
    assert clerk.said() == "已入账。"
    assert page.locator(".billing-balance").inner_text() == "¥18.00"


def close_the_day(clerk: Desk, first: date) -> None:
    """Night audit posts the night once, balances, freezes, rolls."""
    page = clerk.page
    clerk.follow("夜审")
    page.get_by_role("heading", name=f"夜审 {first:%m-%d}").wait_for()
    assert "没有挡住夜审的事" in clerk.main()
    clerk.press("开始夜审")
    page.get_by_role("heading", name="夜审报表").wait_for()
    assert clerk.said() == f"{first:%m-%d} 夜审完成"
    report = clerk.main()
    # A night contains 6 % tax, goods 13 %: 22.64 of 400, 2.07 of 18.
    for words in (
        "已售房间 1", "出租率（全部房间） 12.5%", "平均房价 ¥377.36", "合计 ¥418.00 ¥24.71 ¥393.29", "与封存时一致",
    ):  # fmt: skip
        assert words in report, (words, report)
    assert f"{first + timedelta(days=1):%m-%d}" in page.locator(".kz-business").inner_text()


def clean(attendant: Desk, inspector: Desk, room: str) -> None:
    """On telephones: the room is started, finished, inspected, and can be sold again."""
    attendant.follow("客房")
    attendant.follow("清洁清单")
    attendant.press(f"开始清洁 {room}")
    attendant.press(f"清洁完成 {room}")
    attendant.page.locator(".kz-chip", has_text="待检查").wait_for()
    assert attendant.too_wide() <= 0
    inspector.open(f"housekeeping/rooms/{room}/")
    inspector.page.get_by_label("得分").fill("96")
    inspector.press("通过")
    inspector.page.get_by_text("没有未完成的清洁任务").wait_for()
    assert "VI 空净已查" in inspector.main()
    assert inspector.too_wide() <= 0


def check_out(clerk: Desk, room: str) -> None:
    """The next business date: bill, payment, deposit given back in full, and the guest is gone."""
    page = clerk.page
    clerk.follow("前台")
    leaving = page.get_by_role("region", name="预离")
    assert "欠 ¥418.00" in leaving.inner_text()
    clerk.follow(f"为 {room} 办理离店")
    bill = clerk.pdf(page.get_by_role("link", name="账单 PDF").evaluate("link => link.href"))
    for words in ("林间客栈", GUEST, "¥400.00", "矿泉水", "¥18.00", "¥418.00"):
        assert words in bill, words
    assert CARD not in bill
    assert page.get_by_label("收款金额").input_value() == "418.00"
    page.get_by_label("收款方式").select_option(label="支付宝")
    clerk.press("办理离店")
    page.get_by_text("已离店").first.wait_for()
    assert clerk.said() == f"{room} 房已办理离店"
    assert "账单余额 ¥0.00 在押押金 ¥0.00" in clerk.main()
    assert "已全额退还" in clerk.main()
    clerk.follow("前台")
    assert "今天没有要离店的客人" in clerk.main()
    page.get_by_text("今天已离店 1").click()
    page.get_by_role("region", name="预离").get_by_text(GUEST).wait_for()
    clerk.follow("房态图")
    words = " ".join(page.locator(".fd-tile", has_text=room).inner_text().split())
    assert re.match(rf"{room} KING VD 空脏房", words), words


def inn_balances(inn: Any, first: date) -> None:
    """What the rows say when everybody has gone home."""
    found = inn.ask("count")
    assert found["business_date"] == (first + timedelta(days=1)).isoformat()
    assert found["bookings"] == [GUEST]
    assert found["stays"] == ["202"]
    assert (found["room_charges"], found["payments"]) == (["400.00"], ["-418.00"])
    assert (found["audits"], found["oversold"]) == (1, 0)
