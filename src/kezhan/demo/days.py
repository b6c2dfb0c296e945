"""A week of the demo house's life, up to this moment: bookings, arrivals, cleaning, departures, night audits.

Everything goes through the product's operations with the time it would have happened, so that each list, ledger and
trail looks as a working hotel's does. The dice are seeded: two demo hotels of one day are alike.
"""

# no-translate-file: what an invented Chinese hotel wrote down

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from kezhan.billing import api as billing
from kezhan.core.dates import ONE_DAY
from kezhan.frontdesk import api as frontdesk
from kezhan.guests import api as guests
from kezhan.hotel import api as hotel
from kezhan.housekeeping import api as housekeeping
from kezhan.properties import api as properties
from kezhan.reservations import api as reservations

from . import words
from .house import staff_actor

ARRIVALS_A_DAY = 21
ASSIGNED_DAYS = 6
BOOKED_AHEAD_DAYS = 24


@dataclass
class Days:
    """`moment` is now: nothing is done later than that."""

    place: properties.Property
    moment: datetime
    dice: random.Random = field(default_factory=lambda: random.Random(20))  # noqa: S311
    people_made: int = 0

    def __post_init__(self) -> None:
        self.zone = ZoneInfo(self.place.timezone)
        self.desk, self.booking = staff_actor("desk"), staff_actor("booking")
        self.attendant, self.inspector = staff_actor("attendant"), staff_actor("inspector")
        self.manager = staff_actor("manager")

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """That hour of the day, or this moment when the hour has not come yet."""
        return min(datetime.combine(day, time(hour, minute), tzinfo=self.zone), self.moment)

    # -- bookings ------------------------------------------------------------------------------------------------

    def book_ahead(self, first: date, last: date) -> None:
        """Bookings for each day of [first, last], made the day before `first`'s desk opened."""
        day = first
        while day <= last:
            near = (day - first).days
            for _ in range(max(ARRIVALS_A_DAY - near * 2 // 3, 4)):
                self._book(day, self.at(first, 8))
            day += ONE_DAY

    def _book(self, arrival: date, now: datetime) -> None:
        stay = self.dice.choices([1, 2, 3, 5], [5, 4, 2, 1])[0]
        kind = self.dice.choices(["STW", "DKG", "FAM", "STE"], [9, 8, 3, 1])[0]
        market, source, channel, plan = self.dice.choices(*zip(*words.WAYS, strict=True))[0]
        name, phone = self._person()
        request = reservations.BookingRequest(
            arrival=arrival,
            departure=arrival + timedelta(days=stay),
            rooms=(
                reservations.RoomRequest(room_type=kind, rate_plan=plan, adults=self.dice.choice([1, 2, 2])),
            ),
            guest_name=name,
            guest_phone=phone,
            market=market,
            source=source,
            channel=channel,
            arrival_time=time(self.dice.choice([14, 15, 16, 18, 20])),
            wishes=self.dice.choice(words.WISHES),
        )
        try:
            reservations.book(place=self.place, request=request, actor=self.booking, now=now)
        except reservations.SoldOut:
            return

    def _person(self) -> tuple[str, str]:
        """An invented name, and a telephone of a range that is given to nobody."""
        self.people_made += 1
        name = self.dice.choice(words.SURNAMES) + self.dice.choice(words.GIVEN)
        return name, f"1990000{self.people_made:04d}"

    # -- a day ---------------------------------------------------------------------------------------------------

    def live(self, day: date) -> None:
        """One whole day, closed by its night audit."""
        self.cancel_some(day)
        self.check_out(self.leaving(day), day, hour=11)
        self.clean(day, hour=12)
        self.check_in(self.arriving(day), day)
        self.sell_extras(day)
        frontdesk.night_audit.run(
            place=self.place, business_date=day, actor=self.manager, now=self.at(day + ONE_DAY, 1, 30)
        )

    def arriving(self, day: date) -> list[reservations.BookingRoom]:
        rooms = reservations.BookingRoom.objects.of(self.place).filter(status="HELD", arrival_date=day)
        return list(rooms.select_related("booking").order_by("booking__number"))

    def leaving(self, day: date) -> list[frontdesk.Stay]:
        stays = frontdesk.Stay.objects.of(self.place).filter(status="IN_HOUSE", departure_date__lte=day)
        return list(stays.order_by("room__number"))

    def cancel_some(self, day: date) -> None:
        for room in self.arriving(day + timedelta(days=2))[:1]:
            reservations.cancel(
                booking_id=room.booking_id, reason="客人行程改变", actor=self.booking, now=self.at(day, 10)
            )

    def check_in(self, rooms: list[reservations.BookingRoom], day: date) -> None:
        """Everybody but one a day; those who do not come are found by night audit."""
        for position, room in enumerate(rooms):
            if position % 12 == 11:
                continue
            now = self.at(day, 14 + position % 8, 5 * (position % 12))
            ready = self._ready_room(room)
            if ready is None:
                continue
            frontdesk.check_in(
                booking_room_id=room.pk,
                room_id=ready.pk,
                guests=(self._at_desk(room),),
                actor=self.desk,
                now=now,
                **self._deposit(position),
            )

    def _ready_room(self, room: reservations.BookingRoom) -> hotel.Room | None:
        free = reservations.free_rooms(
            self.place, room.inventory_type_id, room.arrival_date, room.departure_date
        )
        return next((door for door in free if housekeeping.room_is_ready(door)), None)

    def _at_desk(self, room: reservations.BookingRoom) -> frontdesk.GuestAtDesk:
        """The invented guest shows an invented permit; its number is of no form that is issued."""
        return frontdesk.GuestAtDesk(
            guest_id=room.booking.guest_id,
            document_kind=guests.DocumentKind.OTHER,
            document_number=f"DEMO{room.pk:08d}",
            check=frontdesk.DocumentCheck.MATCHED,
            sex=self.dice.choice("FM"),
            birth_date=date(self.dice.randint(1958, 2004), self.dice.randint(1, 12), 15),
            is_main=True,
        )

    def _deposit(self, position: int) -> dict:
        if position % 9 == 4:
            return {"deposit": None, "deposit_waiver_reason": "协议公司担保，免收押金"}
        tender = billing.Tender.WECHAT_PAY if position % 2 else billing.Tender.CASH
        return {"deposit": frontdesk.DepositAtDesk(amount=Decimal("300.00"), tender=tender)}

    def sell_extras(self, day: date) -> None:
        stays = frontdesk.Stay.objects.of(self.place).filter(status="IN_HOUSE").order_by("number")
        for position, stay in enumerate(stays):
            if position % 7 == 3:
                code, amount, text = words.EXTRAS[position % len(words.EXTRAS)]
                billing.post_charge(
                    folio_id=stay.folio_id, code=code, amount=Decimal(amount), text=text, actor=self.desk,
                    now=self.at(day, 20, 15),
                )  # fmt: skip

    def check_out(self, stays: list[frontdesk.Stay], day: date, hour: int) -> None:
        for position, stay in enumerate(stays):
            now = self.at(day, hour - 3 + position % 4, 7 * (position % 8))
            self._pay(stay, now, position)
            frontdesk.check_out(stay_id=stay.pk, deposit_tender=billing.Tender.CASH, actor=self.desk, now=now)

    def _pay(self, stay: frontdesk.Stay, now: datetime, position: int) -> None:
        owed = billing.balance(stay.folio_id).guest
        if owed > 0:
            tender = list(billing.Tender)[position % 4]
            billing.take_payment(folio_id=stay.folio_id, tender=tender, amount=owed, actor=self.desk, now=now)

    # -- housekeeping --------------------------------------------------------------------------------------------

    def clean(self, day: date, hour: int, leave: int = 0) -> None:
        """Clean and inspect what was left; `leave` rooms stay for later."""
        tasks = list(self._open_tasks())
        for position, task in enumerate(tasks[: len(tasks) - leave] if leave else tasks):
            start = self.at(day, hour, 5 * (position % 10))
            housekeeping.start_cleaning(task_id=task.pk, actor=self.attendant, now=start)
            housekeeping.finish_cleaning(task_id=task.pk, actor=self.attendant, now=self.at(day, hour + 1))
            housekeeping.inspect(
                task_id=task.pk,
                passed=True,
                score=94 + position % 6,
                actor=self.inspector,
                now=self.at(day, hour + 1, 20),
            )

    def _open_tasks(self) -> Iterator[housekeeping.CleaningTask]:
        rows = housekeeping.CleaningTask.objects.of(self.place).filter(status__in=["PLANNED", "FAILED"])
        return iter(rows.order_by("room__number"))

    # -- today ---------------------------------------------------------------------------------------------------

    def assign_ahead(self, day: date) -> None:
        """Doors for most of the coming days' arrivals, as a desk plans them; the rest waits in the lane above."""
        for ahead in range(1, ASSIGNED_DAYS):
            for position, room in enumerate(self.arriving(day + timedelta(days=ahead))):
                free = reservations.free_rooms(
                    self.place, room.inventory_type_id, room.arrival_date, room.departure_date
                )
                door = free.first() if position % 4 else None
                if door is not None:
                    reservations.assign_room(
                        booking_room_id=room.pk, room_id=door.pk, actor=self.desk, now=self.at(day, 9, 20)
                    )

    def live_today(self, day: date) -> None:
        """The day as it stands now: some have left and some not, one too late; rooms in every state of cleaning."""
        self.cancel_some(day)
        due = self.leaving(day)
        early, late = len(due) // 3, len(due) * 2 // 3
        self.check_out(due[:early], day, hour=11)
        self.clean(day, hour=11, leave=5)
        self.check_out(due[early:late], day, hour=11)
        self._half_cleaned(day)
        self.check_in(self.arriving(day)[:6], day)
        self._assign_some(self.arriving(day)[:4], day)
        self.sell_extras(day)
        self._close_rooms(day)
        self.assign_ahead(day)
        self._wait_for_review(day)

    def _assign_some(self, rooms: list[reservations.BookingRoom], day: date) -> None:
        """Rooms kept for guests who come later today."""
        for room in rooms:
            ready = self._ready_room(room)
            if ready is not None:
                reservations.assign_room(
                    booking_room_id=room.pk, room_id=ready.pk, actor=self.desk, now=self.at(day, 11)
                )

    def _half_cleaned(self, day: date) -> None:
        """One being cleaned, one waiting for its inspection, one that failed it; the rest still dirty."""
        tasks = list(self._open_tasks())[:3]
        now = self.at(day, 12, 10)
        for task in tasks:
            housekeeping.start_cleaning(task_id=task.pk, actor=self.attendant, now=now)
        for task in tasks[1:]:
            housekeeping.finish_cleaning(task_id=task.pk, actor=self.attendant, now=now)
        for task in tasks[2:]:
            housekeeping.inspect(
                task_id=task.pk,
                passed=False,
                score=76,
                remark="浴室镜面有水渍，地漏未清",
                actor=self.inspector,
                now=now,
            )

    def _close_rooms(self, day: date) -> None:
        """One room with a leak out of order, one whose painting only keeps it from being assigned."""
        last_kind = hotel.RoomType.objects.of(self.place).get(code="STW")
        free = list(reservations.free_rooms(self.place, last_kind.pk, day, day + timedelta(days=3)))
        for room, kind, reason in zip(
            free[-2:], ("OOO", "OOS"), ("浴室漏水，等配件", "墙面补漆通风"), strict=False
        ):
            try:
                reservations.close_room(
                    room_id=room.pk, kind=kind, starts=day, ends=day + timedelta(days=3), reason=reason,
                    actor=self.manager, now=self.at(day, 9),
                )  # fmt: skip
            except reservations.NeededByBookings:
                continue

    def _wait_for_review(self, day: date) -> None:
        """Enquiries at three places of their way: just asked, waiting for a decision on the price, and declined."""
        asked = self._enquire(day, prices=None, reason="")
        waiting = self._enquire(day, prices=Decimal("288.00"), reason="老客介绍的十人小团，希望优惠")
        declined = self._enquire(day, prices=Decimal("150.00"), reason="客人要求半价")
        now = self.at(day, 10, 30)
        for booking in (waiting, declined):
            reservations.check_eligibility(booking_id=booking.pk, actor=self.booking, now=now)
            reservations.submit(booking_id=booking.pk, actor=self.booking, now=now)
        reservations.review(
            booking_id=declined.pk,
            approved=False,
            reason="低于最低价，已请客人改订含早价",
            actor=self.manager,
            now=now,
        )
        reservations.check_eligibility(booking_id=asked.pk, actor=self.booking, now=now)

    def _enquire(self, day: date, *, prices: Decimal | None, reason: str) -> reservations.Booking:
        name, phone = self._person()
        room = reservations.RoomRequest(
            room_type="DKG",
            rate_plan="RACK",
            adults=2,
            nightly_prices=(prices, prices) if prices is not None else None,
            price_reason=reason,
        )
        request = reservations.BookingRequest(
            arrival=day + timedelta(days=9),
            departure=day + timedelta(days=11),
            rooms=(room,),
            guest_name=name,
            guest_phone=phone,
            market="FIT",
            source="PHONE",
            channel="DIRECT",
        )
        return reservations.open_enquiry(
            place=self.place,
            request=request,
            actor=self.booking,
            now=self.at(day, 9, 40),
            price_override=prices is not None,
        )
