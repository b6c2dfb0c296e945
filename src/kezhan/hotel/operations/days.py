"""Opening and rolling the business date. It is stored state, never the clock."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.core.actor import Actor
from kezhan.core.dates import ONE_DAY
from kezhan.core.errors import DomainError
from kezhan.core.memo import remember
from kezhan.core.operation import operation
from kezhan.hotel.models import BusinessDay
from kezhan.hotel.queries import held_date_key, lock_business_date


class AlreadyOpened(DomainError):
    code = "hotel.already_opened"
    message = _("本店的营业日已经开启：%(business_date)s。")
    unlock = _("此后只有夜审才能推进营业日。")


class NotTheOpenDate(DomainError):
    code = "hotel.not_the_open_date"
    message = _("%(asked)s 不是当前营业日，当前营业日是 %(business_date)s。")


@operation
def open_business_day(*, place: Any, business_date: date, actor: Actor, now: datetime) -> BusinessDay:
    """The first business date of a property; from then on only night audit moves it. Raises AlreadyOpened."""
    try:
        with transaction.atomic():
            day = BusinessDay.objects.create(property=place, business_date=business_date, opened_at=now)
    except IntegrityError as error:
        known = BusinessDay.objects.of(place).values_list("business_date", flat=True).first()
        if known is None:
            raise
        raise AlreadyOpened(business_date=known) from error
    audit.record(
        "hotel.business_day_opened", actor=actor, subject=day, at=now, facts={"business_date": business_date}
    )
    return day


@operation
def roll_business_date(*, place: Any, from_date: date, actor: Actor, now: datetime) -> date:
    """Close `from_date` and open the next day, which is returned. Waits for every writer that holds the date.
    Raises NotTheOpenDate when `from_date` is not open (any more), NotOpenedYet.
    """
    open_date = lock_business_date(place.pk)
    if open_date != from_date:
        raise NotTheOpenDate(asked=from_date, business_date=open_date)
    next_date = from_date + ONE_DAY
    BusinessDay.objects.of(place).update(business_date=next_date, opened_at=now)
    remember(held_date_key(place.pk), next_date)
    audit.record(
        "hotel.business_date_rolled",
        actor=actor,
        subject=place,
        at=now,
        property_id=place.pk,
        group_id=place.group_id,
        facts={"from": from_date, "to": next_date},
    )
    return next_date
