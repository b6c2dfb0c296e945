"""Who holds which right where, and whose houses are whose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from kezhan.core.actor import Actor
from kezhan.people.models import Holding, User
from kezhan.people.rules import date_in_zone, is_current
from kezhan.properties.api import Property

# The day of a group without any house yet.
GROUP_ZONE = "Asia/Shanghai"
_HELD = (
    "property_id",
    "starts_date",
    "ends_date",
    "zone",
    "has_second_step",
    "post__roles__requires_mfa",
    "post__roles__rights__right",
)


@dataclass
class Standing:
    """What a person may do at one moment: rights of the whole group, rights per house, and the houses they belong to.

    Computed for one request and thrown away with it, so that a right taken away is gone at the next request.
    """

    group_wide: bool = False
    everywhere: set[str] = field(default_factory=set)
    at: dict[int, set[str]] = field(default_factory=dict)
    needs_second_step: bool = False

    def may_enter(self, property_id: int) -> bool:
        return self.group_wide or property_id in self.at

    def rights(self, property: Any | None = None) -> set[str]:
        """Rights at the house (group-wide posts count there too), or in the group."""
        if property is None:
            return self.everywhere
        return self.everywhere | self.at.get(getattr(property, "pk", property), set())

    def _add(self, property_id: int | None, right: str | None) -> None:
        if property_id is None:
            self.group_wide = True
        held = self.everywhere if property_id is None else self.at.setdefault(property_id, set())
        if right is not None:
            held.add(right)


def standing_of(user: Any, now: datetime) -> Standing:
    """One query: current holdings → posts → roles → rights. Nobody who may not sign in has any."""
    standing = Standing()
    if not user.is_authenticated or not user.is_active:
        return standing
    lacks_second_step = False
    for property_id, starts, ends, zone, has_second_step, requires_mfa, right in _held_by(user, now):
        if is_current(starts, ends, date_in_zone(now, zone)):
            standing._add(property_id, right)
            lacks_second_step = lacks_second_step or bool(requires_mfa and not has_second_step)
    standing.needs_second_step = lacks_second_step
    return standing


def _held_by(user: User, now: datetime) -> Iterable[tuple]:
    """Rows of holdings around today; the exact day depends on the house's zone and is checked by the caller."""
    first_house = Property.objects.filter(group_id=OuterRef("group_id")).order_by("pk").values("timezone")[:1]
    second_step = Authenticator.objects.filter(user_id=OuterRef("user_id")).exclude(
        type=Authenticator.Type.RECOVERY_CODES
    )
    return (
        Holding.objects.of(user.group_id)
        .filter(user_id=user.pk, user__is_active=True, starts_date__lte=(now + timedelta(days=1)).date())
        .exclude(ends_date__lt=(now - timedelta(days=1)).date())
        .annotate(
            zone=Coalesce("property__timezone", Subquery(first_house), Value(GROUP_ZONE)),
            has_second_step=Exists(second_step),
        )
        .values_list(*_HELD)
    )


def today_at(place: Any | None, group_id: int, now: datetime) -> date:
    """The day at the house, or of the group (the day of its oldest house)."""
    if place is None:
        place = Property.objects.filter(group_id=group_id).order_by("pk").first()
    return date_in_zone(now, place.timezone if place is not None else GROUP_ZONE)


def rights_of(user: Any, property: Any | None = None, *, now: datetime) -> set[str]:
    """The person's rights at a house, or (without one) in their group, asked afresh."""
    return standing_of(user, now).rights(property)


def houses(user: Any, standing: Standing) -> QuerySet[Property]:
    """The houses this person may enter, in order of their codes."""
    rows = Property.objects.filter(group_id=user.group_id)
    if not standing.group_wide:
        rows = rows.filter(pk__in=standing.at.keys())
    return rows.order_by("code")


def properties_of(user: Any, *, now: datetime) -> list[Property]:
    """Houses the person holds any post at, by code."""
    if not user.is_authenticated:
        return []
    return list(houses(user, standing_of(user, now)))


def rights_of_actor(actor: Actor, property: Any | None, *, now: datetime) -> set[str]:
    """Rights of whoever acts, as far as it is a person; a token has none of a person's."""
    user = User.objects.filter(pk=actor.id).first() if actor.kind == "USER" else None
    return rights_of(user, property, now=now) if user is not None else set()


# Whoever holds both in the whole group can repair everything else.
ADMINISTERING = frozenset({"people.manage", "people.manage_roles"})


def administrators(group_id: int, now: datetime) -> list[User]:
    """People who can manage staff and rights of the whole group today."""
    candidates = User.objects.of(group_id).filter(
        is_active=True,
        holdings__property__isnull=True,
        holdings__post__roles__rights__right="people.manage_roles",
    )
    return [user for user in candidates.distinct() if rights_of(user, now=now) >= ADMINISTERING]


def anybody_administers(now: datetime) -> bool:
    """Whether any group of this installation has an administrator."""
    groups = Holding.objects.filter(property__isnull=True).values_list("group_id", flat=True).distinct()
    return any(administrators(group_id, now) for group_id in groups)
