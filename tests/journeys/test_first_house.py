"""An owner with an empty installation: from the link that is good once to the first booking, by what the pages offer."""

from __future__ import annotations

import json

import pytest

from .desk import Desk
from .product import served

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PASSWORD = "correct-horse-9-battery"


@pytest.fixture
def owner(prepared, journeys_folder, new_page):
    link = json.loads((prepared / "answer.json").read_text(encoding="utf-8"))["link"]
    with served(prepared, journeys_folder / "empty", "keys") as product:
        product.told = {"code": "yunqi", "passwords": {"owner": PASSWORD}}
        desk = Desk(new_page(), product)
        desk.page.goto(f"{product.url}{link}")
        yield desk
        assert desk.complaints == []


def fill(page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"[name={name}]:visible").fill(value)


def home(desk: Desk) -> None:
    desk.page.goto(f"{desk.product.url}/")


def test_an_owner_comes_from_the_link_to_the_first_booking(owner):
    page = owner.page
    fill(page, house_name="云栖小院", code="yunqi", person="李店主", username="owner")
    fill(page, password=PASSWORD, password_again=PASSWORD)
    owner.press("建立并去登录")
    owner.sign_in("owner")

    page.get_by_role("link", name="开启营业", exact=True).click()
    owner.press("开启营业")
    page.get_by_role("link", name="建立房型与房间", exact=True).click()
    add_type_and_room(page)

    home(owner)
    page.get_by_role("link", name="设定基础房价", exact=True).click()
    fill(page, price_STD="288", weekend_STD="288")
    owner.press("保存基础房价")

    home(owner)
    page.get_by_role("link", name="接受第一个预订", exact=True).click()
    fill(page, guest_name="王小明", guest_phone="13800000001")
    owner.press("确认并发送凭证")
    page.get_by_text("已确认，总价 ¥288.00").wait_for()

    home(owner)
    assert page.get_by_role("heading", name="开始使用").count() == 0


def add_type_and_room(page) -> None:
    sheet = page.locator("#kz-sheet-body")
    page.get_by_role("link", name="新增房型").click()
    sheet.locator("[name=code]").fill("STD")
    sheet.locator("[name=name]").fill("标准间")
    sheet.get_by_role("button", name="保存").click()
    page.get_by_role("cell", name="标准间").wait_for()
    page.get_by_role("link", name="新增房间").click()
    sheet.locator("[name=number]").fill("201")
    sheet.locator("[name=floor]").fill("2F")
    sheet.get_by_role("button", name="保存").click()
    page.get_by_role("rowheader", name="201").wait_for()
