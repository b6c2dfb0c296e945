"""Every page of the demo hotel opens for those who may see it: in Chinese, without a complaint, at both widths.

A newcomer judges the product by these pages; data that crash one of them must never leave the house.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from kezhan.demo.words import STAFF

from .desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROLES = ["admin", "manager", "desk", "booking", "attendant", "inspector", "finance", "auditor"]
# Pages reached from a list are all drawn by one view: this many of each kind are opened.
OF_A_KIND = 1
# What is not Chinese on purpose: codes of the trade, numbers of things, names of programs, units.
LATIN = re.compile(r"[A-Za-z][A-Za-z'’]+(?:[ ,]+[A-Za-z'’]+)+|\b[a-z]{4,}\.[a-z_]{4,}\b")
ALLOWED = re.compile(r"\b(?:English|Python|Kezhan|SHA-256|[A-Z0-9-]{2,})\b|\b[gn?] [a-z]\b")
# What machines did is told in the machines' own words, and people have a second name.
TECHNICAL = ("/audit/", "/outbox/")
SECOND_NAMES = [staff.name_en for staff in STAFF]
# A change of colours is seen by axe after the next frame.
PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 30))))"
# Whoever follows these would change the house or leave it.
NOT_FOLLOWED = re.compile(r"/sign-out|/language|\.xlsx|export=xlsx|/bill/|\.pdf|/v/")


def kind_of(path: str) -> str:
    """Addresses of one view: numbers of things, dates and codes made alike; filters of a list are one page."""
    path = path.split("?")[0]
    path = re.sub(r"/(?:of|people/of|rooms|folios|stays|booked|check-in|guests)/[^/]+", r"/*", path)
    return re.sub(r"/[^/]*\d[^/]*(?=/|$)", "/#", path)


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_the_demo_hotel_opens(role, demo, desk_of):
    """From the rail of that person inwards: each entry, and the pages those link to."""
    desk = desk_of(demo, role)
    entries = [path for path in links(desk, "nav.kz-rail a") if path != "/"]
    assert entries, role
    faults: list[str] = []
    seen: dict[str, int] = {}
    queue = ["/", *entries]
    while queue:
        path = queue.pop(0)
        kind = kind_of(path)
        if seen.get(kind, 0) >= OF_A_KIND:
            continue
        seen[kind] = seen.get(kind, 0) + 1
        faults += look_at(desk, path)
        queue += [one for one in links(desk, "main a") if kind_of(one) not in seen]
    assert faults == []
    print(role, len(seen), "pages")
    assert {kind_of(entry) for entry in entries} <= set(seen)


def links(desk: Desk, selector: str) -> list[str]:
    """Paths of this site behind the links that can be seen."""
    found = desk.page.locator(selector).evaluate_all(
        "links => links.filter(link => link.origin === location.origin).map(link => link.pathname + link.search)"
    )
    return [path for path in dict.fromkeys(found) if not NOT_FOLLOWED.search(path)]


def look_at(desk: Desk, path: str) -> list[str]:
    """What is wrong with a page, in one line each."""
    desk.page.set_viewport_size({"width": 1280, "height": 800})
    answer = desk.page.goto(desk.product.url + path)
    if answer.status != 200:
        return [f"{path}: {answer.status}"]
    faults = [] if path.startswith(TECHNICAL) else english_words(desk, path)
    for width in (1280, 390):
        desk.page.set_viewport_size({"width": width, "height": 800})
        if desk.too_wide() > 0:
            faults.append(f"{path}: {desk.too_wide()} px too wide at {width}")
    return faults


def english_words(desk: Desk, path: str) -> list[str]:
    """Sentences in Latin letters; what people typed (pre, code, inputs) is theirs."""
    text = desk.page.evaluate(
        """() => { const copy = document.body.cloneNode(true);
        copy.querySelectorAll("code, pre, script, kbd, [lang=en], option").forEach(one => one.remove());
        return copy.textContent; }"""
    )
    for name in SECOND_NAMES:
        text = text.replace(name, " · ")
    found = set(LATIN.findall(ALLOWED.sub(" · ", text)))
    return [f"{path}: {words!r}" for words in sorted(found)]


def test_pages_not_allowed_are_not_offered(demo, desk_of):
    """An attendant's rail has no desk, no money and no settings, and their addresses are closed as well."""
    attendant = desk_of(demo, "attendant", phone=True)
    words = attendant.page.locator("nav.kz-rail").inner_text()
    assert "客房" in words
    for word in ("前台", "账务", "夜审", "预订"):
        assert word not in words
    for path in ("frontdesk/", "billing/folios/", "frontdesk/night-audit/", "reservations/new/"):
        answer = attendant.page.request.get(attendant.address(path))
        assert answer.status == 403, path


def pages_of(desk: Desk) -> dict[str, Any]:
    """The main pages, with a booking, a stay and a folio that the demo hotel has."""
    desk.open("frontdesk/")
    stay = links(desk, "a[href*='/stays/']")[0]
    arrival = next(path for path in links(desk, "a[href*='/check-in/']"))
    leaving = next(path for path in links(desk, "a[href*='/check-out/']"))
    desk.page.goto(desk.product.url + stay)
    folio = next(path for path in links(desk, "a[href*='/billing/folios/']"))
    booking = next(path for path in links(desk, "a[href*='/reservations/of/']"))
    house = f"/p/{desk.product.told['code']}/"
    return {
        "home": "/",
        "today": f"{house}frontdesk/",
        "rack": f"{house}frontdesk/rack/",
        "chart": f"{house}frontdesk/chart/",
        "arrival": arrival,
        "walk-in": f"{house}frontdesk/walk-in/",
        "stay": stay,
        "leaving": leaving,
        "night audit": f"{house}frontdesk/night-audit/",
        "bookings": f"{house}reservations/",
        "editor": f"{house}reservations/new/",
        "booking": booking,
        "availability": f"{house}reservations/availability/",
        "folio": folio,
        "ledgers": f"{house}billing/ledgers/",
        "board": f"{house}housekeeping/",
        "tasks": f"{house}housekeeping/tasks/?all=1",
        "guests": f"{house}guests/",
    }


@pytest.mark.parametrize("width", [1280, 390])
def test_nobody_is_kept_out_of_the_main_pages(width, demo, desk_of):
    """WCAG 2.2 A and AA by axe, light and dark. The window is tall, so that what floats at its edges covers nothing."""
    desk = desk_of(demo, "manager", reduced_motion="reduce")
    found: list[str] = []
    for path in pages_of(desk).values():
        desk.page.set_viewport_size({"width": width, "height": 3000})
        desk.page.emulate_media(color_scheme="light")
        assert desk.page.goto(desk.product.url + path).status == 200
        desk.page.wait_for_load_state("networkidle")
        for scheme in ("light", "dark"):
            desk.page.emulate_media(color_scheme=scheme)
            desk.page.locator(f"html[data-bs-theme={scheme}]").wait_for(state="attached")
            desk.page.evaluate(PAINTED)
            found += [f"{scheme} {width}: {line}" for line in desk.barriers(of_colour=scheme == "dark")]
    assert found == []


def test_the_sign_in_page_keeps_nobody_out(demo, new_page):
    desk = Desk(new_page(phone=True), demo)
    desk.page.goto(f"{demo.url}/sign-in/")
    assert desk.barriers() == []
    assert desk.complaints == []
