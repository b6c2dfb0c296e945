"""Run as a process by the kill tests. `make` fills a migrated database; `desk` and `seal` fork children that work until
they are killed with -9, again and again; `count` prints as JSON what the rows say afterwards.

Forking after the start makes a death cost milliseconds: the children die in the middle of work, not of importing.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import django

DAYS, ROOMS, SEED = 4, 10, 7
CODE = "inn"


def make() -> None:
    """An inn with rooms and, for the desk, stays of one to three nights that follow each other in every room."""
    from django.core.management import call_command
    from django.utils import timezone

    from kezhan.frontdesk.tests.factories import make_house
    from kezhan.people.tests.factories import make_token
    from kezhan.reservations.tests.factories import make_booking

    call_command("createcachetable", verbosity=0)
    inn = make_house(code=CODE, types=("STD", "KING"), rooms_each=ROOMS, nights=40)
    for number in range(ROOMS):
        day = 0
        while day < DAYS:
            stay = 1 + (number + day) % 3
            make_booking(inn, day, stay, types=("STD",), guest_name=f"客人{number}-{day}")
            day += stay
    _, text = make_token(inn.place, ["reservations.read", "reservations.book"], now=timezone.now())
    print(json.dumps({"token": text, "first": inn.day(20).isoformat(), "until": inn.day(DAYS).isoformat()}))


# ---------------------------------------------------------------- lives and deaths


def killed_until_done(work: Callable[[int], None], *, seed: int, kills: int) -> int:
    """Run `work` in a child that is killed `kills` times and begun anew, then left to its end. Returns the deaths.

    `work` marks moments worth dying in by a byte into the pipe it is given. Every second death follows such a mark at
    once, so that it hits the middle of something; the others come at random.
    """
    dice = random.Random(seed)  # noqa: S311
    for death in range(kills + 1):
        reader, writer = os.pipe()
        child = os.fork()
        if not child:
            os.close(reader)
            live(work, writer)
        os.close(writer)
        if death < kills:
            if death % 2:
                wait_for_marks(reader, dice.randint(1, 3))
            time.sleep(dice.uniform(0, 0.03 if death % 2 else 0.35))
            os.kill(child, signal.SIGKILL)
        else:
            while os.read(reader, 4096):
                pass
        os.close(reader)
        status = os.waitpid(child, 0)[1]
        if os.WIFEXITED(status):
            if os.WEXITSTATUS(status):
                raise SystemExit(f"a life ended with {os.WEXITSTATUS(status)}")
            return death
    raise AssertionError("the last life was not ours to end")


def wait_for_marks(reader: int, number: int, seconds: float = 10) -> None:
    """Until `number` marks came, the work is over, or it takes too long."""
    until = time.monotonic() + seconds
    while number > 0 and select.select([reader], [], [], max(until - time.monotonic(), 0))[0]:
        got = os.read(reader, number)
        if not got:
            return
        number -= len(got)


def live(work: Callable[[int], None], writer: int) -> None:
    """One life. Never returns: a child must not run its parent's loop."""
    code = 1
    try:
        work(writer)
        code = 0
    except BaseException:  # noqa: BLE001 - printed, and told by the exit code
        import traceback

        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


# ---------------------------------------------------------------- the desk and its nights


def desk(seed: str) -> None:
    print(json.dumps({"kills": killed_until_done(desk_life, seed=int(seed), kills=24)}))


def desk_life(writer: int) -> None:
    """Whatever state the last life left: finish its night audit, let leave who leaves, let in who comes, close the day."""
    from kezhan.core.actor import system
    from kezhan.frontdesk import api as frontdesk
    from kezhan.hotel import api as hotel
    from kezhan.people.tests.factories import NOON
    from kezhan.properties.api import Property
    from kezhan.reservations.tests.factories import BUSINESS_DATE

    place = Property.objects.select_related("group").get(code=CODE)
    until = BUSINESS_DATE + timedelta(days=DAYS)

    def close(day: Any) -> None:
        frontdesk.night_audit.run(
            place=place, business_date=day, actor=system("night"), now=at(day),
            on_step=lambda _key: os.write(writer, b"."),
        )  # fmt: skip

    def at(day: Any) -> datetime:
        return NOON + (day - BUSINESS_DATE)

    for night in frontdesk.NightAudit.objects.of(place).filter(status="RUNNING"):
        close(night.business_date)
    while (day := hotel.business_date(place)) < until:
        leave(place, day, at(day), writer)
        come(place, day, at(day))
        close(day)


def leave(place: Any, day: Any, now: datetime, writer: int) -> None:
    from kezhan.billing import api as billing
    from kezhan.core.actor import system
    from kezhan.frontdesk import api as frontdesk
    from kezhan.housekeeping import api as housekeeping

    clerk, maid, boss = (system(name) for name in ("clerk", "maid", "boss"))
    for number, stay in enumerate(frontdesk.departures(place, day)):
        owed = billing.balance(stay.folio_id).guest
        if number == 1:
            os.write(writer, b".")
        frontdesk.check_out(
            stay_id=stay.pk, actor=clerk, now=now,
            payments=[frontdesk.PaymentAtDesk(amount=owed, tender="CASH")] if owed else [],
        )  # fmt: skip
    for task in housekeeping.open_tasks_of(place).values():
        given: dict[str, Any] = {"task_id": task.pk, "now": now}
        if task.room.occupancy == "VACANT":
            if task.status == "PLANNED":
                housekeeping.start_cleaning(actor=maid, **given)
            if task.status in ("PLANNED", "CLEANING"):
                housekeeping.finish_cleaning(actor=maid, **given)
            housekeeping.inspect(passed=True, score=100, actor=boss, **given)


def come(place: Any, day: Any, now: datetime) -> None:
    from kezhan.core.actor import system
    from kezhan.frontdesk import api as frontdesk
    from kezhan.frontdesk.tests.factories import person

    for booked in frontdesk.arrivals(place, day):
        room = frontdesk.rooms_to_offer(booked, day)[0]
        frontdesk.check_in(
            booking_room_id=booked.pk, room_id=room.pk, guests=[person(booked.pk % 900)], actor=system("clerk"),
            now=now, deposit=frontdesk.DepositAtDesk(amount=Decimal(300), tender="CASH"),
        )  # fmt: skip


def count_desk() -> dict[str, Any]:
    """Charges, ledgers, stays and steps, added up from the rows."""
    from django.db.models import Count

    from kezhan.billing import api as billing
    from kezhan.frontdesk import api as frontdesk
    from kezhan.hotel import api as hotel
    from kezhan.properties.api import Property

    place = Property.objects.get(code=CODE)
    today = hotel.business_date(place)
    stays = frontdesk.Stay.objects.of(place)
    slept = {
        (stay, night)
        for stay, night in stays.values_list("booking_room_id", "booking_room__nights__date")
        if night < today
    }
    charges = billing.Posting.objects.of(place).filter(charge_code__code="ROOM")
    charged = Counter((line.service_date, line.source_key) for line in charges)
    expected = Counter((night, f"room:{room}:{night.isoformat()}") for room, night in slept)
    audits = frontdesk.NightAudit.objects.of(place)
    occupied = hotel.Room.objects.of(place).filter(occupancy="OCCUPIED").count()
    return {
        "today": today.isoformat(),
        "nights": len(slept),
        "charges_right": charged == expected,
        "charged": _sum(charges),
        "agreed": str(_agreed(place, today)),
        "folios": stays.values("folio").distinct().count(),
        "ledgers": _ledgers(place),
        "days_closed": audits.filter(status="DONE").count(),
        "audits": audits.count(),
        "steps": sorted(set(audits.annotate(n=Count("steps")).values_list("n", flat=True))),
        "stays": sorted(set(stays.values_list("status", "folio__status"))),
        "in_house": stays.filter(status="IN_HOUSE").count(),
        "occupied": occupied,
        "arrived": stays.count(),
        "expected": len(_arrived(place, today)),
        "deposits": sorted(set(billing.Deposit.objects.of(place).values_list("folio__status", "status"))),
        "owed_on_closed": _sum(billing.Posting.objects.of(place).filter(folio__status="CLOSED")),
        **_trail_and_inventory(place),
    }  # fmt: skip


def _agreed(place: Any, today: Any) -> Decimal:
    from kezhan.reservations import api as reservations

    nights = reservations.BookingNight.objects.of(place).filter(
        date__lt=today, booking_room__stays__isnull=False
    )
    return sum(nights.values_list("price", flat=True), Decimal("0.00"))


def _arrived(place: Any, today: Any) -> list[int]:
    from kezhan.reservations import api as reservations

    rows = reservations.BookingRoom.objects.of(place).filter(arrival_date__lt=today)
    return list(rows.values_list("pk", flat=True))


def _sum(postings: Any) -> str:
    """In cents: SQLite forgets the places."""
    from django.db.models import Sum

    return f"{postings.aggregate(total=Sum('amount'))['total'] or 0:.2f}"


def _ledgers(place: Any) -> dict[str, Any]:
    """Each day opens with what the day before closed with, and closes with all postings up to it."""
    from kezhan.billing import api as billing

    wrong: list[str] = []
    days = billing.LedgerDay.objects.of(place).order_by("ledger", "business_date")
    last: dict[str, Decimal] = {}
    for day in days:
        lines = billing.Posting.objects.of(place).filter(
            ledger=day.ledger, business_date__lte=day.business_date
        )
        if day.opening != last.get(day.ledger, Decimal(0)) or str(day.closing) != _sum(lines):
            wrong.append(f"{day.ledger} {day.business_date}")
        last[day.ledger] = day.closing
    return {"days": days.count(), "wrong": wrong}


# ---------------------------------------------------------------- sealing


def seal(folder: str) -> None:
    """A writer of events and a sealer, both dying for some seconds; the file `acknowledged` in `folder` keeps the ids of
    events that were committed."""
    writing = os.fork()
    if not writing:
        live(lambda _pipe: keep_dying(lambda _: write_life(folder), seed=SEED, seconds=5), 0)
    kills = keep_dying(seal_life, seed=SEED + 1, seconds=5)
    if os.waitpid(writing, 0)[1]:
        raise SystemExit("the writers failed")
    print(json.dumps({"kills": kills}))


def keep_dying(work: Callable[[int], None], *, seed: int, seconds: float) -> int:
    """Lives of random length, one after the other. Returns the deaths."""
    dice, kills, until = random.Random(seed), 0, time.monotonic() + seconds  # noqa: S311
    while time.monotonic() < until:
        child = os.fork()
        if not child:
            live(work, 0)
        time.sleep(dice.uniform(0.03, 0.4))
        os.kill(child, signal.SIGKILL)
        if os.WIFEXITED(os.waitpid(child, 0)[1]):
            raise SystemExit("a life ended by itself")
        kills += 1
    return kills


def write_life(folder: str) -> None:
    """Transactions of several events in two chains; what committed is noted after the commit."""
    from django.db import transaction
    from django.utils import timezone

    from kezhan.audit import api as audit
    from kezhan.core.actor import system
    from kezhan.properties.api import Property

    place = Property.objects.get(code=CODE)
    note = os.open(os.path.join(folder, "acknowledged"), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for number in range(1_000_000):
        with transaction.atomic():
            made = [
                audit.record(
                    "trial.written", actor=system("writer"), subject=None, at=timezone.now(),
                    group_id=place.group_id if number % 3 else None, facts={"n": number},
                )
                for _ in range(1 + number % 4)
            ]  # fmt: skip
        os.write(note, "".join(f"{event.pk}\n" for event in made).encode())


def seal_life(_pipe: int) -> None:
    from django.utils import timezone

    from kezhan.audit import api as audit

    while True:
        audit.seal_pending(now=timezone.now(), limit=25)


def count_seals(folder: str) -> dict[str, Any]:
    """Seal the rest, walk the chains, and look for what was acknowledged."""
    from pathlib import Path

    from django.db.models import Count, Max, Min

    from kezhan.audit import api as audit
    from kezhan.audit.models import Seal

    sealed_before = Seal.objects.count()
    found = _trail()
    acknowledged = {int(line) for line in (Path(folder) / "acknowledged").read_text().split()}
    chains = Seal.objects.order_by().values("chain").annotate(n=Count("pk"), low=Min("seq"), high=Max("seq"))
    return {
        **found,
        "sealed_while_dying": sealed_before,
        "seals": Seal.objects.count(),
        "events": audit.Event.objects.count(),
        "acknowledged": len(acknowledged),
        "lost": len(acknowledged - set(audit.Event.objects.values_list("pk", flat=True))),
        "without_seal": audit.Event.objects.filter(seal__isnull=True).count(),
        "events_sealed_twice": Seal.objects.count() - Seal.objects.values("event").distinct().count(),
        "gaps": [row["chain"] for row in chains if (row["low"], row["high"]) != (1, row["n"])],
    }


def _trail() -> dict[str, Any]:
    from django.utils import timezone

    from kezhan.audit import api as audit

    for _ in range(10_000):
        if not audit.seal_pending(now=timezone.now(), limit=2000):
            break
    result = audit.verify()
    return {"verdict": result.verdict.value, "unsealed": result.unsealed}


# ---------------------------------------------------------------- bookings


def count_bookings() -> dict[str, Any]:
    """Bookings made over REST (they are called 测试…): how many, by number, and what each has to have beside it."""
    from django.db.models import Count

    from kezhan.audit import api as audit
    from kezhan.outbox.models import Task
    from kezhan.properties.api import Property
    from kezhan.reservations import api as reservations

    place = Property.objects.get(code=CODE)
    made = reservations.Booking.objects.of(place).filter(guest__name__startswith="测试")
    numbers = list(made.values_list("number", flat=True))
    trail = audit.Event.objects.filter(verb="reservations.booked", subject_label__in=numbers)
    tasks = Task.objects.filter(name="reservations.confirmation", payload__booking__in=numbers)
    return {
        "numbers": numbers,
        "by_guest": sorted(set(made.values_list("guest__name").annotate(n=Count("pk")).values_list("n", flat=True))),
        "trail": trail.count(),
        "vouchers": reservations.Voucher.objects.filter(booking__in=made).count(),
        "nights": reservations.BookingNight.objects.filter(booking_room__booking__in=made).count(),
        "confirmations": tasks.count(),
        **_trail_and_inventory(place),
    }  # fmt: skip


def _trail_and_inventory(place: Any) -> dict[str, Any]:
    from kezhan.reservations import api as reservations
    from kezhan.reservations.tests.factories import BUSINESS_DATE

    end = BUSINESS_DATE + timedelta(days=60)
    differences = reservations.inventory_differences(place, BUSINESS_DATE, end)
    return {"differences": [str(one) for one in differences], **_trail()}


def count(what: str, *given: str) -> None:
    found = {"desk": count_desk, "seals": count_seals, "bookings": count_bookings}[what](*given)
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    django.setup()
    {"make": make, "desk": desk, "seal": seal, "count": count}[sys.argv[1]](*sys.argv[2:])
