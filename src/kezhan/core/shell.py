"""What stands around every page: navigation, the house in view, its business date, the person.

Lower apps know no hotel: who knows the business date, or offers a search, registers it here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from . import door, nav

THEMES = ("light", "dark")
THEME_COOKIE = "kezhan_theme"
CHOSEN_PROPERTY = "property_code"
# A hotel's day ends with its night audit in the small hours: until then yesterday's date is as it should be.
AUDIT_HOUR = 6
ON_PHONES = 4

BusinessDate = Callable[[Any], date | None]
_business_date: BusinessDate | None = None
_search_url_name = ""


def register_business_date(provider: BusinessDate) -> None:
    """`provider(property)` is the stored business date of a house."""
    global _business_date
    if _business_date is not None:
        raise ImproperlyConfigured("a provider of the business date is registered twice")
    _business_date = provider


def register_search(url_name: str) -> None:
    """The page that answers `?q=`. Without one the search box is not shown."""
    global _search_url_name
    if _search_url_name:
        raise ImproperlyConfigured("a search is registered twice")
    _search_url_name = url_name


def business_date(place: Any) -> date | None:
    """The business date of a house, or None where no app keeps one."""
    return _business_date(place) if _business_date is not None and place is not None else None


@dataclass(frozen=True)
class Entry:
    """A navigation entry as the rail prints it. `active` is "page", "section" or ""."""

    label: Any
    url: str
    icon: str
    shortcut: str
    active: str = ""


@dataclass(frozen=True)
class BusinessDay:
    """The business date beside the clock of the house. `behind` counts days; negative when it runs ahead."""

    day: date
    behind: int
    late: bool


class Shell:
    """Everything the base page shows, each part computed when the template asks for it."""

    def __init__(self, request: HttpRequest, now: datetime | None = None) -> None:
        self.request = request
        self.now = now or timezone.now()

    @cached_property
    def person(self) -> Any:
        user = getattr(self.request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def properties(self) -> list[Any]:
        return list(getattr(self.request, "properties", ()) or ()) if self.person else []

    @cached_property
    def house(self) -> Any:
        """The house of the address; on pages without one, the house last worked in."""
        in_address = getattr(self.request, "property", None)
        if in_address is not None:
            return in_address
        session = getattr(self.request, "session", None)
        chosen = session.get(CHOSEN_PROPERTY) if session is not None else None
        houses = self.properties
        return next((house for house in houses if house.code == chosen), houses[0] if houses else None)

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.house.timezone) if self.house is not None else ZoneInfo("Asia/Shanghai")

    @cached_property
    def local_now(self) -> datetime:
        return self.now.astimezone(self.zone)

    @cached_property
    def business_day(self) -> BusinessDay | None:
        day = business_date(self.house)
        if day is None:
            return None
        behind = (self.local_now.date() - day).days
        expected = behind == 0 or (behind == 1 and self.local_now.hour < AUDIT_HOUR)
        return BusinessDay(day, behind, late=not expected)

    @cached_property
    def search_url(self) -> str:
        return url_for(_search_url_name, self.house) if _search_url_name and self.person else ""

    @cached_property
    def theme(self) -> str:
        chosen = self.request.COOKIES.get(THEME_COOKIE, "")
        return chosen if chosen in THEMES else ""

    @cached_property
    def entries(self) -> list[Entry]:
        if self.person is None:
            return []
        items = [item for item in nav.items() if self._may_see(item)]
        urls = {item.key: url_for(item.url_name, self.house) for item in items}
        active = self._active([item for item in items if urls[item.key]])
        return [
            Entry(item.label, urls[item.key], item.icon, item.shortcut, active.get(item.key, ""))
            for item in items
            if urls[item.key]
        ]

    @property
    def first_entries(self) -> list[Entry]:
        """What fits the bottom bar of a phone beside "more"."""
        return self.entries if len(self.entries) <= ON_PHONES + 1 else self.entries[:ON_PHONES]

    @property
    def more_entries(self) -> list[Entry]:
        return self.entries[len(self.first_entries) :]

    @property
    def other_houses(self) -> list[tuple[Any, str]]:
        """The other houses with the address of this same page there, or of their home page."""
        match = self.request.resolver_match
        stays = match is not None and set(match.kwargs) == {"property_code"}
        return [
            (house, url_for(match.view_name, house) if stays and match else "")
            for house in self.properties
            if self.house is None or house.code != self.house.code
        ]

    def _may_see(self, item: nav.NavItem) -> bool:
        place = self.house if item.scope == "property" else None
        if item.scope == "property" and place is None:
            return False
        return not item.right or door.resolver().holds(self.request, item.right, place)

    def _active(self, items: list[nav.NavItem]) -> dict[str, str]:
        match = self.request.resolver_match
        if match is None:
            return {}
        here = next((item for item in items if item.url_name == match.view_name), None)
        if here is not None:
            return {here.key: "page"}
        section = next((item for item in items if item.url_name.partition(":")[0] == match.app_name), None)
        return {section.key: "section"} if section is not None and match.app_name else {}


def url_for(url_name: str, place: Any) -> str:
    """The address of a page, with the house's code where the page belongs to one; "" when it is not mounted."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        pass
    try:
        return reverse(url_name, kwargs={"property_code": place.code}) if place is not None else ""
    except NoReverseMatch:
        return ""
