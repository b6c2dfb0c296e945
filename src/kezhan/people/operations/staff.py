"""People come, take posts, change them and leave."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.core import crypto
from kezhan.core.actor import Actor
from kezhan.core.errors import DomainError, InvalidInput
from kezhan.core.fields import seal
from kezhan.core.locking import lock_row
from kezhan.people import moves, queries
from kezhan.people.choices import Language, MoveKind
from kezhan.people.models import Holding, Post, StaffMove, User
from kezhan.people.rules import clean_username, digits_of
from kezhan.properties.api import Group, Property

from . import guards
from .passwords import HasLeft, new_one_time_password


class UsernameTaken(DomainError):
    code = "people.username_taken"
    message = _("登录名 %(username)s 已经有人用了。")
    unlock = _("换一个登录名，例如加上姓名拼音或工号。")


class AlreadyHeld(DomainError):
    code = "people.already_held"
    message = _("%(name)s 在这段时间里已经担任这个岗位。")


class PostNotThere(DomainError):
    code = "people.post_not_there"
    message = _("岗位“%(post)s”属于 %(place)s，不能在别处担任。")
    unlock = _("选择这个部门所在的门店，或换一个集团部门的岗位。")


class PostRetired(DomainError):
    code = "people.post_retired"
    message = _("岗位“%(post)s”已经停用。")


class AlreadyEnded(DomainError):
    code = "people.already_ended"
    message = _("这项任职已经结束。")


@transaction.atomic
def hire(
    *,
    group: Group,
    username: str,
    name: str,
    hired_date: date,
    actor: Actor,
    now: datetime,
    name_en: str = "",
    phone: str = "",
    email: str = "",
    language: str = Language.CHINESE,
    demo: bool = False,
    password: str = "",
) -> tuple[User, str]:
    """A new employee and their one-time password, which they must change at first sign-in (a `password` given by the
    caller stays as it is). They have no rights until they hold a post. Raises InvalidInput, UsernameTaken.
    """
    user = User(group=group, hired_date=hired_date, demo=demo, password_changed_at=now)
    one_time = password or new_one_time_password()
    user.must_change_password = not password
    user.username = clean_username(username)
    _describe(user, name=name, name_en=name_en, phone=phone, email=email, language=language)
    user.set_password(one_time)
    _insert(user)
    _note_move(user, MoveKind.HIRED, hired_date, actor, now)
    audit.record(
        "people.hired", actor=actor, subject=user, at=now, facts={"hired_date": hired_date, "demo": demo}
    )
    return user, one_time


@transaction.atomic
def update_person(
    *,
    user_id: int,
    name: str,
    name_en: str,
    phone: str,
    email: str,
    language: str,
    actor: Actor,
    now: datetime,
) -> User:
    """Correct what a person is called and how they are reached. Raises InvalidInput."""
    user = lock_row(User.objects.filter(pk=user_id))
    before = _personal(user)
    _describe(user, name=name, name_en=name_en, phone=phone, email=email, language=language)
    user.save()
    audit.record(
        "people.person_updated", actor=actor, subject=user, at=now, before=before, after=_personal(user)
    )
    return user


@transaction.atomic
def set_sign_in(*, user_id: int, allowed: bool, actor: Actor, now: datetime, reason: str) -> User:
    """Close or open a person's access while they stay employed. Raises HasLeft, NotForYourself, LastAdministrator."""
    user = lock_row(User.objects.filter(pk=user_id))
    guards.refuse_self(actor, user.pk)
    if user.left_date is not None:
        raise HasLeft(name=user.name)
    if allowed:
        user.is_active = True
        guards.refuse_over_the_head(actor, user, now)
    user.is_active = allowed
    with guards.keeping_an_administrator(user.group_id, now):
        user.save(update_fields=["is_active"])
    verb = "people.access_opened" if allowed else "people.access_closed"
    audit.record(verb, actor=actor, subject=user, at=now, reason=reason)
    return user


@transaction.atomic
def give_post(
    *,
    user_id: int,
    post_id: int,
    place: Property | None,
    starts_date: date,
    actor: Actor,
    now: datetime,
    ends_date: date | None = None,
    reason: str = "",
) -> Holding:
    """Let a person hold a post at a house, or with None in the whole group, for [starts_date, ends_date).

    Raises NotForYourself, BeyondYourOwn, HasLeft, PostRetired, PostNotThere, AlreadyHeld, InvalidInput.
    """
    user = lock_row(User.objects.filter(pk=user_id))
    guards.refuse_self(actor, user.pk)
    holding = _new_holding(user, post_id, place, starts_date, ends_date, actor, now)
    audit.record(
        "people.post_given", actor=actor, subject=holding, at=now, reason=reason, facts=_facts(holding)
    )
    return holding


@transaction.atomic
def end_post(*, holding_id: int, ends_date: date, actor: Actor, now: datetime, reason: str = "") -> Holding:
    """End a holding; with today's date its rights are gone at the next request. Raises AlreadyEnded, InvalidInput,
    LastAdministrator.
    """
    holding = lock_row(Holding.objects.filter(pk=holding_id))
    with guards.keeping_an_administrator(holding.group_id, now):
        _end(holding, ends_date, now)
    audit.record(
        "people.post_ended", actor=actor, subject=holding, at=now, reason=reason, facts=_facts(holding)
    )
    return holding


@transaction.atomic
def transfer(
    *,
    holding_id: int,
    post_id: int,
    place: Property | None,
    effective_date: date,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> StaffMove:
    """Change a person's post from a day on, and tell the apps that asked to know. Raises as `give_post`, `end_post`."""
    old = lock_row(Holding.objects.filter(pk=holding_id))
    user = lock_row(User.objects.filter(pk=old.user_id))
    guards.refuse_self(actor, user.pk)
    with guards.keeping_an_administrator(user.group_id, now):
        _end(old, effective_date, now)
        new = _new_holding(user, post_id, place, effective_date, None, actor, now)
    move = _note_move(user, MoveKind.TRANSFERRED, effective_date, actor, now, reason, old=old, new=new)
    audit.record("people.transferred", actor=actor, subject=user, at=now, reason=reason, facts=_facts(new))
    moves.run(moves.TRANSFER_HOOKS, move, actor, now)
    return move


@transaction.atomic
def leave(*, user_id: int, left_date: date, actor: Actor, now: datetime, reason: str = "") -> StaffMove:
    """A person leaves: no sign-in from now on, all posts and coming shifts end, other apps hand over what was theirs.

    Raises NotForYourself, HasLeft, InvalidInput for a day to come, LastAdministrator, and what a hook refuses.
    """
    user = lock_row(User.objects.filter(pk=user_id))
    guards.refuse_self(actor, user.pk)
    if user.left_date is not None:
        raise HasLeft(name=user.name)
    if left_date > queries.today_at(None, user.group_id, now):
        raise InvalidInput(fields={"left_date": _("离职当天再登记；要提前安排，请先给任职填写结束日期。")})
    with guards.keeping_an_administrator(user.group_id, now):
        _close_everything(user, left_date, now)
    move = _note_move(user, MoveKind.LEFT, left_date, actor, now, reason)
    audit.record(
        "people.left", actor=actor, subject=user, at=now, reason=reason, facts={"left_date": left_date}
    )
    moves.run(moves.LEAVER_HOOKS, move, actor, now)
    return move


def _close_everything(user: User, left_date: date, now: datetime) -> None:
    user.is_active, user.left_date = False, left_date
    user.save(update_fields=["is_active", "left_date"])
    for holding in user.holdings.select_related("property"):
        today = queries.today_at(holding.property, holding.group_id, now)
        if holding.ends_date is None or holding.ends_date > today:
            _end(holding, today, now)
    user.shifts.filter(starts_at__gt=now).delete()


def _new_holding(
    user: User,
    post_id: int,
    place: Property | None,
    starts_date: date,
    ends_date: date | None,
    actor: Actor,
    now: datetime,
) -> Holding:
    post = lock_row(Post.objects.of(user.group_id).filter(pk=post_id))
    _check_place(user, post, place)
    if ends_date is not None and ends_date <= starts_date:
        raise InvalidInput(fields={"ends_date": _("结束日期必须晚于开始日期。")})
    guards.refuse_beyond_own(actor, guards.rights_of_post(post), place, now)
    taken = Holding.objects.of(user.group_id).filter(user=user, post=post, property=place)
    taken = taken.filter(Q(ends_date__isnull=True) | Q(ends_date__gt=starts_date))
    if ends_date is not None:
        taken = taken.filter(starts_date__lt=ends_date)
    if taken.exists():
        raise AlreadyHeld(name=user.name)
    return Holding.objects.create(
        group_id=user.group_id,
        user=user,
        post=post,
        property=place,
        starts_date=starts_date,
        ends_date=ends_date,
    )


def _check_place(user: User, post: Post, place: Property | None) -> None:
    if user.left_date is not None:
        raise HasLeft(name=user.name)
    if post.retired_date is not None:
        raise PostRetired(post=post.label)
    home = post.department.property
    if home is not None and home != place:
        raise PostNotThere(post=post.label, place=home.name)
    if place is not None and place.group_id != user.group_id:
        raise InvalidInput(fields={"place": _("没有这家门店。")})


def _end(holding: Holding, ends_date: date, now: datetime) -> None:
    """Dates already lived through stay: a holding ends today at the earliest, one not begun ends where it began."""
    today = queries.today_at(holding.property, holding.group_id, now)
    if holding.ends_date is not None and holding.ends_date <= today:
        raise AlreadyEnded()
    if ends_date < today:
        raise InvalidInput(fields={"ends_date": _("结束日期不能早于今天。")})
    holding.ends_date = max(ends_date, holding.starts_date)
    holding.save(update_fields=["ends_date"])


def _describe(user: User, *, name: str, name_en: str, phone: str, email: str, language: str) -> None:
    if not name.strip():
        raise InvalidInput(fields={"name": _("请填写姓名。")})
    if not user.username:
        raise InvalidInput(fields={"username": _("请填写登录名。")})
    if language not in Language.values:
        raise InvalidInput(fields={"language": _("没有这种语言。")})
    digits, address = digits_of(phone), email.strip().lower()
    user.name, user.name_en, user.language = name.strip(), name_en.strip(), language
    seal(user, "phone", phone.strip())
    seal(user, "email", address)
    user.phone_index = crypto.blind_index("user.phone", digits) if digits else ""
    user.phone_tail_index = crypto.blind_index("user.phone_tail", digits[-4:]) if len(digits) >= 4 else ""
    user.email_index = crypto.blind_index("user.email", address) if address else ""


def _insert(user: User) -> None:
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        if User.objects.filter(username=user.username).exists():
            raise UsernameTaken(username=user.username) from error
        raise


def _personal(user: User) -> dict[str, str]:
    return {
        "name": user.name,
        "name_en": user.name_en,
        "phone": user.phone_index,
        "email": user.email_index,
        "language": user.language,
    }


def _note_move(
    user: User,
    kind: str,
    day: date,
    actor: Actor,
    now: datetime,
    reason: str = "",
    *,
    old: Holding | None = None,
    new: Holding | None = None,
) -> StaffMove:
    return StaffMove.objects.create(
        group_id=user.group_id,
        user=user,
        kind=kind,
        effective_date=day,
        old_holding=old,
        new_holding=new,
        reason=reason[:200],
        by_name=actor.name[:60],
        at=now,
    )


def _facts(holding: Holding) -> dict:
    return {
        "user": holding.user_id,
        "post": holding.post.code,
        "department": holding.post.department.code,
        "property": holding.property.code if holding.property else "",
        "starts_date": holding.starts_date,
        "ends_date": holding.ends_date,
    }
