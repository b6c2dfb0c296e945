"""Every page of the desk: opens with data and empty, does its one act, refuses in place, and asks for its right."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from kezhan.billing import api as billing
from kezhan.core.rights import RIGHTS
from kezhan.frontdesk.models import NightAudit, Stay
from kezhan.hotel import api as hotel
from kezhan.people.tests.factories import NOON
from kezhan.reservations import api as reservations

from .factories import arrive, card, close_day, expect, make_house, person

pytestmark = pytest.mark.django_db
ALL = [
    code
    for code, _right in RIGHTS
    if code.partition(".")[0] in ("frontdesk", "housekeeping", "billing", "reservations")
]
STAY_PAGES = (
    "stay",
    "check_out",
    "guests",
    "move",
    "departure",
    "undo_check_in",
    "undo_check_out",
    "receipt",
)
PAGES = ("today", "rack", "chart", "walk_in", "night_audit")


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    """The pages ask the clock; the tests say what it shows."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


@pytest.fixture
def inn():
    return make_house(ALL)


@pytest.fixture
def desk(client, inn):
    client.force_login(inn.user)
    return client


def at(inn, name, **kwargs):
    return reverse(f"frontdesk:{name}", kwargs={"property_code": inn.place.code, **kwargs})


def people(*rows):
    """The management form and rows of the guests' formset."""
    data = {"p-TOTAL_FORMS": len(rows), "p-INITIAL_FORMS": 0, "p-MIN_NUM_FORMS": 1, "p-MAX_NUM_FORMS": 12}
    for n, row in enumerate(rows):
        full = {"document_kind": "IDENTITY_CARD", "check": "MATCHED", "phone": "", **row}
        data |= {f"p-{n}-{name}": value for name, value in full.items()}
    return data


@pytest.mark.parametrize("name", PAGES)
def test_pages_open_empty_and_with_data(desk, inn, name):
    assert desk.get(at(inn, name)).status_code == 200
    arrive(inn, "101", nights=3)
    expect(inn)
    reservations.close_room(
        room_id=inn.rooms["202"].pk, kind="OOO", starts=inn.day(0), ends=inn.day(2), reason="漏水",
        actor=inn.actor, now=NOON,
    )  # fmt: skip
    assert desk.get(at(inn, name)).status_code == 200
    assert desk.get(at(inn, name), headers={"Accept-Language": "en"}).status_code == 200


@pytest.mark.parametrize("name", STAY_PAGES)
def test_pages_of_a_stay_open(desk, inn, name):
    stay = arrive(inn, nights=2)
    page = desk.get(at(inn, name, number=stay.number))
    assert page.status_code == 200
    assert "王小明" in page.content.decode()


def test_sheets_open_as_pages_and_as_fragments(desk, inn):
    stay = arrive(inn, nights=2)
    booked = expect(inn, first=1)
    urls = [
        at(inn, "room", number="101"),
        at(inn, "room", number="202"),
        at(inn, "booked", number=stay.booking_room.booking.number, position=1),
        at(inn, "booked", number=booked.booking.number, position=1),
        at(inn, "unassigned", code="STD", day=inn.day(1).isoformat()),
    ]
    for url in urls:
        assert desk.get(url).status_code == 200
        fragment = desk.get(url, headers={"HX-Request": "true"})
        assert (fragment.status_code, b"<html" in fragment.content) == (200, False)
    assert booked.booking.number in desk.get(urls[-1]).content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_without_the_right_there_is_no_page(client, name):
    stranger = make_house(["housekeeping.read"])
    client.force_login(stranger.user)
    assert client.get(at(stranger, name)).status_code == 403


def test_another_house_is_not_found(desk, inn):
    other = make_house(ALL)
    stay = arrive(other)
    assert desk.get(at(other, "today")).status_code == 404
    assert desk.get(at(inn, "stay", number=stay.number)).status_code == 404


def test_the_form_checks_in_and_goes_to_the_stay(desk, inn):
    booked = expect(inn)
    url = at(inn, "check_in", number=booked.booking.number, position=1)
    page = desk.get(url)
    assert page.status_code == 200
    assert page.context["form"].initial["deposit"] == Decimal("300.00")
    data = people({"name": "王小明", "document_number": card(1)})
    answer = desk.post(url, data | {"room": "101", "deposit": "300", "tender": "CASH", "waiver": ""})
    stay = Stay.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, at(inn, "stay", number=stay.number))
    assert stay.guests.get().guest_id == booked.booking.guest_id
    page = desk.get(answer["Location"]).content.decode()
    assert card(1) not in page
    assert f"{card(1)[:4]}**********{card(1)[-4:]}" in page


def test_the_form_refuses_in_place(desk, inn):
    booked = expect(inn)
    url = at(inn, "check_in", number=booked.booking.number, position=1)
    data = people({"name": "王小明", "document_number": ""})
    answer = desk.post(url, data | {"room": "101", "deposit": "300", "tender": "CASH", "waiver": ""})
    assert (answer.status_code, Stay.objects.exists()) == (422, False)
    assert "还没有核对证件" in answer.content.decode()
    data = people({"name": "王小明", "document_number": card(1)})
    answer = desk.post(url, data | {"room": "101", "deposit": "", "tender": "CASH", "waiver": ""})
    assert (answer.status_code, "请收取押金" in answer.content.decode()) == (422, True)


def test_waiving_the_deposit_is_a_right_of_its_own(client):
    inn = make_house(["frontdesk.read", "frontdesk.check_in"])
    client.force_login(inn.user)
    booked = expect(inn)
    data = people({"name": "王小明", "document_number": card(1)})
    answer = client.post(
        at(inn, "check_in", number=booked.booking.number, position=1),
        data | {"room": "101", "deposit": "", "tender": "CASH", "waiver": "老板的朋友"},
    )
    assert (answer.status_code, Stay.objects.exists()) == (422, False)


def test_a_walk_in_by_the_form(desk, inn):
    data = people({"name": "李芳", "phone": "138 0000 9999", "document_number": card(2)})
    data |= {
        "room": "201", "departure": "+2", "rate_plan": "BAR", "adults": "1", "children": "0", "market": "FIT",
        "source": "PHONE", "channel": "DESK", "deposit": "400", "tender": "WECHAT_PAY", "waiver": "",
    }  # fmt: skip
    answer = desk.post(at(inn, "walk_in"), data)
    stay = Stay.objects.get()
    assert answer["Location"] == at(inn, "stay", number=stay.number)
    assert (stay.room.number, stay.departure_date) == ("201", inn.day(2))


def test_check_out_by_the_form(desk, inn):
    stay = arrive(inn, nights=1)
    close_day(inn)
    url = at(inn, "check_out", number=stay.number)
    refused = desk.post(url, {"amount": "", "tender": "CASH", "deposit_tender": "", "deduct": ""})
    assert (refused.status_code, "未结清" in refused.content.decode()) == (422, True)
    done = desk.post(url, {"amount": "300", "tender": "CASH", "deposit_tender": "", "deduct": ""})
    assert done.status_code == 302
    assert billing.balance(stay.folio_id).settled
    undone = desk.post(at(inn, "undo_check_out", number=stay.number), {"reason": "客人未走"})
    assert undone.status_code == 302
    stay.refresh_from_db()
    assert stay.status == "IN_HOUSE"


def test_acts_on_a_stay_by_their_forms(desk, inn):
    stay = arrive(inn, nights=2)
    posts = {
        "guests": {
            "name": "李芳",
            "document_kind": "IDENTITY_CARD",
            "document_number": card(5),
            "check": "MATCHED",
        },
        "move": {"room": "102", "reason": "空调坏"},
        "departure": {"departure": "+3", "reason": "延住"},
        "undo_check_in": {"reason": "办错", "entered": ""},
    }
    for name, data in posts.items():
        assert desk.post(at(inn, name, number=stay.number), {}).status_code == 422, name
        assert desk.post(at(inn, name, number=stay.number), data).status_code == 302, name
    stay.refresh_from_db()
    assert (stay.status, stay.room.number, stay.departure_date) == ("UNDONE", "102", inn.day(3))


def test_a_person_marks_a_no_show(desk, inn):
    booked = expect(inn)
    desk.post(at(inn, "no_show", number=booked.booking.number, position=1))
    booked.refresh_from_db()
    assert booked.status == "NO_SHOW"


def test_night_audit_by_its_page(desk, inn):
    arrive(inn, nights=2)
    answer = desk.post(at(inn, "run_night_audit"), {"business_date": inn.day(0).isoformat()})
    assert answer["Location"] == at(inn, "report", day=inn.day(0).isoformat())
    page = desk.get(answer["Location"]).content.decode()
    assert "与封存时一致" in page
    again = desk.post(at(inn, "run_night_audit"), {"business_date": inn.day(0).isoformat()})
    assert (again.status_code, NightAudit.objects.count()) == (302, 1)
    assert hotel.business_date(inn.place) == inn.day(1)
    assert desk.post(at(inn, "run_night_audit"), {"business_date": "2030-01-01"}).status_code == 409
    assert desk.get(at(inn, "night_audit")).status_code == 200


def test_what_may_not_be_done_is_shown_with_the_reason(desk, inn):
    stay = arrive(inn, nights=2)
    close_day(inn)
    page = desk.get(at(inn, "stay", number=stay.number)).content.decode()
    assert "只能在当天夜审之前撤销" in page
    assert "客人还没有离店" in page


def test_the_rack_shows_the_change_in_the_very_next_answer_and_counts(desk, inn):
    arrive(inn, "101", nights=2)
    page = desk.get(at(inn, "rack"))
    assert page.context["total"] == 4
    text = page.content.decode()
    assert "王* 余 2 晚" in text
    hotel.Room.objects.filter(number="102").update(cleanliness="DIRTY")
    text = desk.get(at(inn, "rack")).content.decode()
    assert 'fd-VD" href="' + at(inn, "room", number="102") in text
    shown = desk.get(at(inn, "rack") + "?show=VD").content.decode()
    assert (at(inn, "room", number="102") in shown, at(inn, "room", number="101") in shown) == (True, False)


def test_names_are_escaped_everywhere(desk, inn):
    arrive(inn, nights=2, guests=[person(1, name="<b>x</b>")], booking={"guest_name": "<script>1</script>"})
    for name in ("rack", "chart", "today"):
        text = desk.get(at(inn, name)).content.decode()
        assert "<script>1" not in text
        assert "<b>x</b>" not in text


@pytest.mark.parametrize(("name", "most"), [("rack", 14), ("chart", 14), ("today", 26)])
def test_queries_do_not_grow_with_the_house(desk, inn, name, most, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    desk.get(at(inn, name))
    arrive(inn, "101", nights=3)
    with CaptureQueriesContext(connection) as few:
        desk.get(at(inn, name))
    arrive(inn, "102", nights=3)
    arrive(inn, "201", nights=3, booking={"types": ("KING",)})
    expect(inn, first=5, types=("KING",))
    with CaptureQueriesContext(connection) as many:
        desk.get(at(inn, name))
    assert len(many) == len(few) <= most


def test_the_chart_shows_all_of_the_window_with_names_and_conflicts(desk, inn):
    stay = arrive(inn, "101", nights=3)
    late = expect(inn, first=4, nights=2, guest_name="赵六")
    reservations.assign_room(booking_room_id=late.pk, room_id=inn.rooms["101"].pk, actor=inn.actor, now=NOON)
    unassigned = expect(inn, first=2, guest_name="钱七")
    chart = desk.get(at(inn, "chart")).context["chart"]
    assert (chart.bars, chart.conflicts, chart.unassigned) == (2, 0, 1)
    reservations.RoomNight.objects.filter(booking_room=late, date=inn.day(5)).delete()
    page = desk.get(at(inn, "chart"))
    assert page.context["chart"].conflicts == 1
    text = page.content.decode()
    assert all(name in text for name in ("王小明", "赵六", "is-conflict"))
    listed = desk.get(at(inn, "unassigned", code="STD", day=inn.day(2).isoformat())).content.decode()
    assert ("钱七" in listed, "王小明" in listed) == (True, False)
    assert (stay.number, unassigned.status) == (stay.number, "HELD")


def test_the_chart_half_days(desk, inn):
    arrive(inn, "101", nights=3)
    text = desk.get(at(inn, "chart")).content.decode()
    assert 'class="fd-bar d0 n4 fd-bar-here"' in text
    earlier = (inn.day(0) + timedelta(days=1)).isoformat()
    text = desk.get(at(inn, "chart") + f"?from={earlier}").content.decode()
    assert 'class="fd-bar d0 n3 fd-bar-here is-cut-left"' in text
