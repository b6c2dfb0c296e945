"""One day after another: cancellations, departures, bookings, arrivals, what ends as it began, night audit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kezhan.billing import api as billing
from kezhan.core.actor import system
from kezhan.core.dates import ONE_DAY
from kezhan.core.errors import DomainError
from kezhan.core.money import round_money
from kezhan.frontdesk import api as frontdesk
from kezhan.guests import api as guests
from kezhan.housekeeping import api as housekeeping
from kezhan.reservations import api as reservations

from .house import PLAN_CODE, SOURCE_CODE, House
from .plan import Plan
from .source import SourceRow

ATTENDANT = system("replay attendant", origin="IMPORT")
INSPECTOR = system("replay inspector", origin="IMPORT")
CANCELLED = "cancelled in the file"
ASSIGNED = "assigned in the file"
TURNED_AWAY = "no room on arrival"
WAIVED = "replay of recorded bookings"


class Booked(NamedTuple):
    booking: int
    room: int
    guest: int


class Staying(NamedTuple):
    stay: int
    folio: int
    room: int
    room_type: str


class NoRoomOnArrival(DomainError):
    code = "replay.no_room_on_arrival"
    message = _("到店时没有可入住的该房型房间。")


class Refusals:
    """What the product refused, by row; a refused life ends there."""

    def __init__(self) -> None:
        self.rows: list[dict[str, object]] = []

    def add(self, row: SourceRow, reason: str) -> None:
        self.rows.append({"src_row": row.src_row, "reason": reason})


class Desk:
    """Lives one hotel's days. Keeps in memory only who is booked or in the house: keys by source row."""

    def __init__(self, house: House, plan: Plan, refusals: Refusals) -> None:
        self.house = house
        self.plan = plan
        self.refusals = refusals
        self._booked: dict[int, Booked] = {}
        self._staying: dict[int, Staying] = {}

    def live(self, tell: Callable[[str, date], None]) -> None:
        first, last = self.plan.span(self.house.name)
        day = first
        while day <= last:
            self.live_day(day)
            tell(self.house.name, day)
            day += ONE_DAY

    def live_day(self, day: date) -> None:
        name = self.house.name
        for row in self.plan.cancelled_on(name, day):
            self._cancel(row, day)
        self._depart(self.plan.leaving_on(name, day), day, hour=11)
        for row in self.plan.booked_on(name, day):
            self._book(row, day)
        for row in self.plan.arriving_on(name, day):
            self._arrive(row, day)
        for row in self.plan.cancelled_at_once(name, day):
            self._cancel(row, day)
        self._depart(self.plan.leaving_at_once(name, day), day, hour=18)
        self._audit(day)

    def _book(self, row: SourceRow, day: date) -> None:
        now = self.house.at(day, 12)
        try:
            booked = reservations.book(
                place=self.house.place,
                request=self._request(row, day),
                actor=self.house.clerk,
                now=now,
                allow_past=True,
                price_override=True,
            )
        except DomainError as refusal:
            self.refusals.add(row, f"{refusal.code}: {refusal}")
            return
        booking = booked.booking
        room_id = booking.rooms.values_list("pk", flat=True).get()
        self._booked[row.src_row] = Booked(booking.pk, room_id, booking.guest_id)

    def _request(self, row: SourceRow, day: date) -> reservations.BookingRequest:
        stay_nights = (row.departure - row.arrival).days
        room = reservations.RoomRequest(
            room_type=self.house.types[row.reserved_type].code,
            rate_plan=PLAN_CODE,
            adults=row.adults,
            children=row.children,
            infants=row.infants,
            nightly_prices=(round_money(row.rate),) * stay_nights,
            day_use=stay_nights == 0,
            day_use_price=row.rate if stay_nights == 0 else None,
            price_reason="as booked",
        )
        return reservations.BookingRequest(
            arrival=row.arrival,
            departure=row.departure,
            rooms=(room,),
            guest=self._profile(row, day),
            market=self.house.markets[row.market],
            source=SOURCE_CODE,
            channel=self.house.channels[row.channel],
            external_reference=str(row.src_row),
            contact_waiver=WAIVED,
        )

    def _profile(self, row: SourceRow, day: date) -> guests.Guest:
        """The file names nobody: each row is a profile of its own, a known one where the file says "repeated"."""
        return guests.make_profile(
            group=self.house.place.group,
            name=f"#{row.src_row}",
            kind=guests.GuestKind.REGULAR if row.repeated else guests.GuestKind.TEMPORARY,
            actor=self.house.clerk,
            now=self.house.at(day, 12),
        )

    def _cancel(self, row: SourceRow, day: date) -> None:
        booked = self._booked.pop(row.src_row, None)
        if booked is None:
            return
        now = self.house.at(day, 10)
        reservations.cancel(booking_id=booked.booking, reason=CANCELLED, actor=self.house.clerk, now=now)
        self._change_type(row, booked, now)

    def _change_type(self, row: SourceRow, booked: Booked, now: datetime) -> None:
        """The type the house gave: before arrival it moves the nights, of an ended booking it is only written down."""
        if row.assigned_type != row.reserved_type:
            reservations.change_room_type(
                booking_room_id=booked.room,
                room_type_id=self.house.types[row.assigned_type].pk,
                reason=ASSIGNED,
                actor=self.house.clerk,
                now=now,
            )

    def _arrive(self, row: SourceRow, day: date) -> None:
        booked = self._booked.get(row.src_row)
        if booked is None:
            return
        now = self.house.at(day, 15)
        try:
            with transaction.atomic():
                self._change_type(row, booked, now)
                self._check_in(row, booked, now)
        except DomainError as refusal:
            self._turn_away(row, day, f"{refusal.code}: {refusal}")
        else:
            del self._booked[row.src_row]

    def _check_in(self, row: SourceRow, booked: Booked, now: datetime) -> None:
        ready = self.house.free[row.assigned_type]
        if not ready:
            raise NoRoomOnArrival()
        stay = frontdesk.check_in(
            booking_room_id=booked.room,
            room_id=ready[-1],
            guests=(
                frontdesk.GuestAtDesk(
                    guest_id=booked.guest, check=frontdesk.DocumentCheck.IMPORTED, is_main=True
                ),
            ),
            deposit=None,
            deposit_waiver_reason=WAIVED,
            actor=self.house.clerk,
            now=now,
        )
        self._staying[row.src_row] = Staying(stay.pk, stay.folio_id, ready.pop(), row.assigned_type)

    def _turn_away(self, row: SourceRow, day: date, reason: str) -> None:
        """A guest for whom no room is left on arrival: the booking ends, and the report says so."""
        self.refusals.add(row, reason)
        booked = self._booked.pop(row.src_row)
        reservations.cancel(
            booking_id=booked.booking,
            reason=TURNED_AWAY,
            actor=self.house.clerk,
            now=self.house.at(day, 16),
        )

    def _depart(self, rows: Iterator[SourceRow], day: date, hour: int) -> None:
        """Everybody of this hour pays and leaves; then their rooms are cleaned and inspected for the next."""
        left: list[Staying] = []
        for row in rows:
            staying = self._staying.pop(row.src_row, None)
            if staying is not None:
                self._check_out(staying, self.house.at(day, hour))
                left.append(staying)
        for staying in left:
            self._clean(staying, self.house.at(day, hour, 30))
            self.house.free[staying.room_type].append(staying.room)

    def _check_out(self, staying: Staying, now: datetime) -> None:
        """Pay what is owed, or be paid what a credit left, and go."""
        owed = billing.balance(staying.folio).guest
        paid = frontdesk.PaymentAtDesk(amount=owed, tender=billing.Tender.BANK_CARD, reason=WAIVED)
        frontdesk.check_out(
            stay_id=staying.stay, payments=(paid,) if owed else (), actor=self.house.clerk, now=now
        )

    def _clean(self, staying: Staying, now: datetime) -> None:
        task = housekeeping.open_task(staying.room)
        if task is None:
            raise LookupError("a room was left without a cleaning being planned")
        housekeeping.start_cleaning(task_id=task.pk, actor=ATTENDANT, now=now)
        housekeeping.finish_cleaning(task_id=task.pk, actor=ATTENDANT, now=now)
        housekeeping.inspect(task_id=task.pk, passed=True, score=100, actor=INSPECTOR, now=now)

    def _audit(self, day: date) -> None:
        """Close the day. Guests who did not come are found by it; the type kept for them is written down then."""
        now = self.house.at(day + ONE_DAY, 2)
        frontdesk.night_audit.run(place=self.house.place, business_date=day, actor=self.house.clerk, now=now)
        for row in self.plan.missing_on(self.house.name, day):
            booked = self._booked.pop(row.src_row, None)
            if booked is not None:
                self._change_type(row, booked, now)
