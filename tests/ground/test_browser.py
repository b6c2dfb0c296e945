"""The browser of the journeys works, and the first page anyone sees loads whole and without complaint."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


def test_the_sign_in_page_loads_in_chinese_without_a_complaint_of_the_browser(page, live_server):
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    answer = page.goto(f"{live_server.url}/sign-in/")
    page.wait_for_load_state("networkidle")
    assert answer.status == 200
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    assert page.locator("input[type=password]").is_visible()
    assert complaints == []


def test_each_page_has_a_session_of_its_own(new_page, live_server):
    one, other = new_page(), new_page(phone=True)
    one.goto(f"{live_server.url}/sign-in/")
    other.goto(f"{live_server.url}/sign-in/")
    token = {page: page.context.cookies()[0]["value"] for page in (one, other)}
    assert token[one] != token[other]
    assert other.viewport_size["width"] == 390
