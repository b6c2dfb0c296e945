"""The REST root: who is let in, how refusals look, what the OpenAPI text says."""

from __future__ import annotations

import base64
import json

import pytest
from django.test import Client

from kezhan.core.door import policy_of
from kezhan.people.tests import factories

from . import trial

pytestmark = [pytest.mark.urls("tests.rest.trial"), pytest.mark.django_db]
PROBLEM = "application/problem+json"


def refusal(response):
    assert response["Content-Type"] == PROBLEM
    body = response.json()
    assert body["status"] == response.status_code
    assert body["type"] == f"urn:kezhan:problem:{body['code']}"
    return response.status_code, body["code"]


@pytest.mark.parametrize(
    "path", ["/api/v1/properties/", "/api/v1/", "/api/v1/nothing", "/api/v1/openapi.json/x", "/trial/echo/a"]
)
def test_nothing_answers_without_a_token(path):
    response = Client().get(path)
    assert refusal(response) == (401, "rest.not_signed_in")
    assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer ", "Basic YTpi", "Bearer \x00", "Bearer 王"])
def test_a_bad_token_opens_nothing(header):
    response = Client().get("/api/v1/properties/", headers={"Authorization": header})
    assert refusal(response) == (401, "rest.not_signed_in")


def test_an_address_we_do_not_have_is_not_found(caller):
    assert refusal(caller.get("/api/v1/nothing")) == (404, "core.not_found")
    assert refusal(caller.post("/api/v1/nothing", {})) == (404, "core.not_found")


def test_another_method_is_refused_with_those_that_are_not(caller):
    response = caller.post("/api/v1/properties/", {})
    assert refusal(response) == (405, "rest.method_not_allowed")
    assert response["Allow"] == "GET"


def test_fields_that_are_wrong_are_named_in_the_callers_language(caller):
    wrong = {"name": "", "guests": "2", "arrival": 0, "price": 1.5, "extra": 1}
    response = caller.post("/trial/notes", wrong)
    assert refusal(response) == (422, "rest.invalid_fields")
    assert response.json()["errors"] == {
        "name": "至少 1 个字符。",
        "guests": "应为整数。",
        "arrival": "日期应写作 2026-11-22。",
        "price": '金额应写作文字 "388.00"。',
        "extra": "没有这个字段。",
    }
    assert response["Content-Language"] == "zh-hans"
    english = caller.post("/trial/notes", wrong, Accept_Language="en").json()
    assert english["errors"]["guests"] == "Must be a whole number."


def test_text_with_nul_dates_from_numbers_and_days_too_far_away_are_refused(caller):
    assert refusal(caller.post("/trial/notes", {"name": "a\x00b"})) == (422, "rest.invalid_fields")
    for day in ("0", "1700000000", "1066-10-14", "2026-02-30", "2026-11-22T00:00:00"):
        assert refusal(caller.get(f"/trial/days?arrival={day}")) == (422, "rest.invalid_fields"), day
    assert caller.get("/trial/days?arrival=2026-11-22&guests=3").json() == {
        "name": "2026-11-22",
        "notes": 3,
        "price": None,
    }


def test_a_body_that_is_no_json_is_unreadable(caller):
    response = caller.client.post(
        "/trial/notes",
        b"{",
        content_type="application/json",
        headers={"Authorization": f"Bearer {caller.text}"},
    )
    assert refusal(response) == (400, "rest.unreadable")


def test_a_fault_tells_nothing_but_that_it_was_one(caller, caplog):
    response = caller.get("/trial/fault")
    assert refusal(response) == (500, "rest.fault")
    assert "secret" not in response.text
    assert "fault at GET trial/fault" in caplog.text


def test_a_busy_database_asks_to_try_again(caller):
    response = caller.get("/trial/busy")
    assert refusal(response) == (503, "rest.busy")
    assert response["Retry-After"] == "1"


def test_the_openapi_text_is_open_and_says_what_may_happen():
    response = Client().get("/api/v1/openapi.json")
    text = response.json()
    assert (response.status_code, text["openapi"]) == (200, "3.1.0")
    listing = text["paths"]["/api/v1/properties/"]["get"]
    assert listing["security"] == [{"bearer": []}]
    assert set(listing["responses"]) == {
        "200",
        "400",
        "401",
        "403",
        "404",
        "405",
        "409",
        "413",
        "422",
        "429",
        "500",
        "503",
    }
    assert listing["responses"]["422"]["content"][PROBLEM]["schema"] == {
        "$ref": "#/components/schemas/Problem"
    }


def test_the_openapi_text_speaks_both_languages():
    texts = [
        Client().get("/api/v1/openapi.json", headers={"Accept-Language": language}).json()
        for language in ("zh", "en")
    ]
    summaries = [text["paths"]["/api/v1/properties/"]["get"]["summary"] for text in texts]
    assert summaries == ["门店列表", "Properties"]


def test_the_openapi_text_names_the_key_where_it_may_be_sent():
    text = trial.trial.openapi_bytes("zh-hans").decode()
    assert text.count('"Idempotency-Key"') == 1


def test_every_address_declares_its_door():
    kinds = [policy_of(pattern.callback).kind for pattern in trial.trial.urls[0]]
    assert kinds.count("public") == 1
    assert set(kinds) == {"public", "token"}


def test_a_token_sees_its_houses_only_a_page_at_a_time(caller):
    factories.make_property()
    more = [factories.make_property(caller.house.group, code) for code in ("aa", "bb", "cc")]
    from kezhan.people.models import TokenProperty

    TokenProperty.objects.bulk_create(TokenProperty(property=house, token=caller.token) for house in more[:2])
    first = caller.get("/api/v1/properties/?limit=2").json()
    assert [item["code"] for item in first["items"]] == ["aa", "bb"]
    rest = caller.get(f"/api/v1/properties/?limit=2&after={first['next']}").json()
    assert rest == {
        "items": [
            {
                "code": caller.house.code,
                "name": caller.house.name,
                "name_en": "",
                "timezone": "Asia/Shanghai",
                "currency": "CNY",
            }
        ],
        "next": None,
    }


def test_pages_are_bounded_and_a_made_up_cursor_is_not_found(caller):
    for query in ("limit=0", "limit=201", "limit=99999999999999999999", "limit=a", "after=%00"):
        assert refusal(caller.get(f"/api/v1/properties/?{query}")) == (422, "rest.invalid_fields"), query
    for cursor in ("x", "W10", "WyJhIiwiYiJd", "bnVsbA", "W1tdXQ"):
        assert caller.get(f"/api/v1/properties/?after={cursor}").status_code in (200, 404)


def test_an_ended_and_a_revoked_token_open_nothing(caller):
    from django.utils import timezone

    caller.token.revoked_at = timezone.now()
    caller.token.save()
    assert caller.get("/api/v1/properties/").status_code == 401


def test_a_cursor_made_up_of_any_values_is_not_found_and_never_a_fault(caller):
    from kezhan.core.schemas import NoSuchPage, PageQuery, page
    from kezhan.outbox.models import Schedule, Task

    def cursor(*values):
        return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")

    for value in ("0001-01-01T00:00:00+14:00", "2026-11-22T00:00:00", "x", "", None, {}, "9" * 200):
        with pytest.raises(NoSuchPage):
            page(Schedule.objects.all(), PageQuery(after=cursor(value)), by=("last_slot_at",), make=str)
    for value in ("9" * 30, "-1"):
        assert page(Task.objects.all(), PageQuery(after=cursor(value)), by=("id",), make=str).items == []


def test_a_page_in_falling_order_goes_on_where_it_ended(db):
    from kezhan.core.schemas import PageQuery, page
    from kezhan.outbox.models import CallCount

    for minute, token in ((1, 1), (2, 2), (2, 3), (3, 4)):
        CallCount.objects.create(group_id=1, token_id=token, minute=minute, calls=0)
    seen, after = [], ""
    while True:
        found = page(
            CallCount.objects.all(),
            PageQuery(limit=1, after=after),
            by=("-minute", "token_id"),
            make=lambda row: row.token_id,
        )
        seen += found.items
        if found.next is None:
            break
        after = found.next
    assert seen == [4, 2, 3, 1]
