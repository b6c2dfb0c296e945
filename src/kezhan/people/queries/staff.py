"""People: lists, one person, who is on duty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, QuerySet

from kezhan.core import crypto
from kezhan.core.errors import NotFound
from kezhan.core.fields import reveal
from kezhan.core.masks import mask_email, mask_phone
from kezhan.people.models import DutyShift, Holding, User
from kezhan.people.rules import clean_username, digits_of
from kezhan.properties.api import Property

from .lookup import the_only
from .standing import today_at


@dataclass(frozen=True)
class StaffRow:
    """A person of the list with the posts held today."""

    user: User
    posts: list[Holding]


@dataclass(frozen=True)
class HoldingRow:
    """A holding on a person's page. `state` is COMING, NOW or ENDED."""

    holding: Holding
    state: str


def person(group: Any, username: str) -> User:
    """The employee of that sign-in name in the group. Raises NotFound."""
    return the_only(User.objects.of(group).filter(username=username))


def staff_list(group: Any, *, words: str, left: bool, now: datetime) -> list[StaffRow]:
    """People of the group by name; `words` finds by name, sign-in name, or the whole or last four digits of a phone."""
    rows = User.objects.of(group).filter(left_date__isnull=not left)
    if words:
        rows = rows.filter(_matches(words))
    rows = rows.prefetch_related(Prefetch("holdings", queryset=_with_words(Holding.objects.of(group))))
    today: dict[int | None, date] = {None: today_at(None, getattr(group, "pk", group), now)}
    listed = []
    for user in rows.order_by("name", "pk"):
        posts = [row for row in user.holdings.all() if row.is_current(_today(row, today, now))]
        listed.append(StaffRow(user, posts))
    return listed


def _matches(words: str) -> Q:
    found = (
        Q(name__icontains=words) | Q(name_en__icontains=words) | Q(username__icontains=clean_username(words))
    )
    digits = digits_of(words)
    if len(digits) == 4:
        found |= Q(phone_tail_index=crypto.blind_index("user.phone_tail", digits))
    elif len(digits) > 4:
        found |= Q(phone_index=crypto.blind_index("user.phone", digits))
    return found


def _with_words(rows: QuerySet[Holding]) -> QuerySet[Holding]:
    return rows.select_related("post__department__property", "property").order_by("starts_date", "pk")


def _today(row: Holding, known: dict[int | None, date], now: datetime) -> date:
    """Today at the holding's house, computed once per house."""
    if row.property_id not in known:
        known[row.property_id] = today_at(row.property, row.group_id, now)
    return known[row.property_id]


def holdings_of(user: User, now: datetime) -> list[HoldingRow]:
    """Every post the person holds, will hold or has held; current ones first."""
    known: dict[int | None, date] = {None: today_at(None, user.group_id, now)}
    listed = []
    for row in _with_words(user.holdings.all()):
        today = _today(row, known, now)
        ended = row.ends_date is not None and row.ends_date <= today
        listed.append(HoldingRow(row, "NOW" if row.is_current(today) else "ENDED" if ended else "COMING"))
    return sorted(listed, key=lambda item: ["NOW", "COMING", "ENDED"].index(item.state))


def holding_of(user: User, handle: str) -> Holding:
    """The person's holding of that handle that has not been ended; of several the newest. Raises NotFound."""
    rows = [row for row in _with_words(user.holdings.all()) if row.handle == handle]
    if not rows:
        raise NotFound()
    return rows[-1]


def masked_phone(user: User) -> str:
    return mask_phone(reveal(user, "phone")) if user.phone is not None else ""


def masked_email(user: User) -> str:
    return mask_email(reveal(user, "email")) if user.email is not None else ""


def staff_at(place: Property, now: datetime) -> QuerySet[User]:
    """People who may sign in and hold a post at the house, or in the whole group, now or soon."""
    today = today_at(place, place.group_id, now)
    holding = Holding.objects.of(place.group_id).filter(Q(property=place) | Q(property__isnull=True))
    holding = holding.filter(Q(ends_date__isnull=True) | Q(ends_date__gt=today))
    people = User.objects.of(place.group_id).filter(is_active=True, pk__in=holding.values("user_id"))
    return people.order_by("name", "pk")


def duty_now(property: Any, *, now: datetime, department: str = "") -> list[User]:
    """Who is on duty at the house at this moment, optionally in the department of that code."""
    shifts = DutyShift.objects.of(property).filter(starts_at__lte=now, ends_at__gt=now, user__is_active=True)
    if department:
        shifts = shifts.filter(department__code=department)
    return [shift.user for shift in shifts.select_related("user").order_by("starts_at", "pk")]


@dataclass(frozen=True)
class RotaLine:
    """A person's week: seven lists of shifts."""

    user: User
    days: list[list[DutyShift]]


@dataclass(frozen=True)
class RotaTable:
    days: list[date]
    lines: list[RotaLine]


def rota(place: Property, first: date) -> RotaTable:
    """Shifts that begin in the week of `first`, by person and day of the house."""
    zone = ZoneInfo(place.timezone)
    days = [first + timedelta(days=n) for n in range(7)]
    start = datetime.combine(first, datetime.min.time(), zone)
    shifts = (
        DutyShift.objects.of(place)
        .filter(starts_at__gte=start, starts_at__lt=start + timedelta(days=7))
        .select_related("user", "department")
        .order_by("user__name", "user_id", "starts_at")
    )
    lines: dict[int, RotaLine] = {}
    for shift in shifts:
        line = lines.setdefault(shift.user_id, RotaLine(shift.user, [[] for _day in days]))
        day = (shift.starts_at.astimezone(zone).date() - first).days
        if 0 <= day < 7:
            line.days[day].append(shift)
    return RotaTable(days, list(lines.values()))


def shift_by_handle(place: Property, handle: str) -> DutyShift:
    """The shift called "username@2026-11-22T07:00:00+00:00". Raises NotFound."""
    username, _at, starts = handle.rpartition("@")
    try:
        starts_at = datetime.fromisoformat(starts)
    except ValueError:
        raise NotFound() from None
    return the_only(DutyShift.objects.of(place).filter(user__username=username, starts_at=starts_at))
