"""Loading the demo hotel."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from kezhan.core.dates import ONE_DAY
from kezhan.properties import api as properties

from .days import BOOKED_AHEAD_DAYS, Days
from .house import Account, open_house

DAYS_LIVED = 6
ZONE = ZoneInfo("Asia/Shanghai")


@transaction.atomic
def load(moment: datetime | None = None, days_lived: int = DAYS_LIVED) -> list[Account] | None:
    """Make the demo hotel as it stands at `moment` (now). All of it or nothing; None when there is a group already.

    The open business date is that of the last night audit: before it would have run, yesterday's.
    """
    if properties.Group.objects.exists():
        return None
    moment = moment or timezone.now()
    local = moment.astimezone(ZONE)
    today = local.date() - (ONE_DAY if local.hour < 4 else timedelta(0))
    first = today - timedelta(days=days_lived)
    opened_at = datetime.combine(first, datetime.min.time(), tzinfo=ZONE)
    place, accounts = open_house(first=first, now=opened_at)
    days = Days(place=place, moment=moment)
    days.book_ahead(first, today + timedelta(days=BOOKED_AHEAD_DAYS))
    for past in range(days_lived):
        days.live(first + timedelta(days=past))
    days.live_today(today)
    return accounts
