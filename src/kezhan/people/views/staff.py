"""The list of people, and one person's page with what can be done there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kezhan.core import door, htmx
from kezhan.core.door import requires
from kezhan.core.errors import DomainError
from kezhan.core.fields import reveal
from kezhan.people import operations, queries
from kezhan.people.forms import GivePostForm, HireForm, LeaveForm, PersonForm, ReasonForm, TransferForm
from kezhan.people.models import Holding, User
from kezhan.people.requests import PersonRequest

from .tabs import tabs


@requires("people.read", scope="group")
def people(request: PersonRequest) -> HttpResponse:
    """Who works here; those who left behind a filter."""
    now = timezone.now()
    words, left = request.GET.get("q", "").strip(), request.GET.get("left") == "1"
    rows = queries.staff_list(request.group, words=words, left=left, now=now)
    context = {
        "rows": rows,
        "words": words,
        "left": left,
        "may_manage": _may_manage(request),
        "tabs": tabs(request, "list"),
    }
    return render(request, "people/list.html", context)


@requires("people.manage", scope="group")
def hire(request: PersonRequest) -> HttpResponse:
    now = timezone.now()
    today = queries.today_at(None, request.group.pk, now)
    form = HireForm(request.POST or None, initial={"hired_date": today}, today=today)

    def act() -> HttpResponse:
        user, one_time = operations.hire(
            group=request.group, actor=request.actor, now=now, **form.cleaned_data
        )
        return _show_password(request, user, one_time)

    return _answer(request, form, act, _("登记新员工"))


@requires("people.read", scope="group")
def person(request: PersonRequest, username: str) -> HttpResponse:
    now = timezone.now()
    user = queries.person(request.group, username)
    may_manage = _may_manage(request)
    context = {
        "person": user,
        "holdings": queries.holdings_of(user, now),
        "moves": user.moves.select_related("old_holding", "new_holding").order_by("-at", "-pk")[:20],
        "keys": queries.second_steps(user),
        "phone": queries.masked_phone(user),
        "email": queries.masked_email(user),
        "may_manage": may_manage,
        "may_act": may_manage and user.left_date is None,
        "is_self": user.pk == request.user.pk,
    }
    return render(request, "people/person.html", context)


@requires("people.manage", scope="group")
def edit(request: PersonRequest, username: str) -> HttpResponse:
    user = queries.person(request.group, username)
    now = timezone.now()
    form = PersonForm(request.POST or None, initial=_known(user))

    def act() -> HttpResponse:
        operations.update_person(user_id=user.pk, actor=request.actor, now=now, **form.cleaned_data)
        return _done(request, user, _("已保存。"))

    return _answer(request, form, act, _("修改资料"), user)


@requires("people.manage", scope="group")
def give_post(request: PersonRequest, username: str) -> HttpResponse:
    user = queries.person(request.group, username)
    now = timezone.now()
    today = queries.today_at(None, user.group_id, now)
    form = GivePostForm(
        request.POST or None, group=request.group, initial={"starts_date": today}, today=today
    )

    def act() -> HttpResponse:
        given = form.cleaned_data
        operations.give_post(
            user_id=user.pk,
            post_id=given["post"].pk,
            place=form.where(),
            starts_date=given["starts_date"],
            ends_date=given["ends_date"],
            reason=given["reason"],
            actor=request.actor,
            now=now,
        )
        return _done(request, user, _("岗位已授予，下一次操作就生效。"))

    return _answer(request, form, act, _("授予岗位"), user)


@require_POST
@requires("people.manage", scope="group")
def end_post(request: PersonRequest, username: str) -> HttpResponse:
    """End one post today: its rights are gone at the person's next request."""
    user = queries.person(request.group, username)
    now = timezone.now()
    holding = queries.holding_of(user, request.POST.get("holding", ""))
    today = queries.today_at(holding.property, user.group_id, now)
    operations.end_post(holding_id=holding.pk, ends_date=today, actor=request.actor, now=now)
    return _done(request, user, _("任职已结束，相应权限即刻失效。"))


@requires("people.manage", scope="group")
def transfer(request: PersonRequest, username: str) -> HttpResponse:
    user = queries.person(request.group, username)
    now = timezone.now()
    old = queries.holding_of(user, request.POST.get("holding") or request.GET.get("holding", ""))
    today = queries.today_at(old.property, user.group_id, now)
    form = TransferForm(
        request.POST or None, group=request.group, initial={"starts_date": today}, today=today
    )

    def act() -> HttpResponse:
        given = form.cleaned_data
        operations.transfer(
            holding_id=old.pk,
            post_id=given["post"].pk,
            place=form.where(),
            effective_date=given["starts_date"],
            reason=given["reason"],
            actor=request.actor,
            now=now,
        )
        return _done(request, user, _("调岗已办理。"))

    return _answer(request, form, act, _("调岗"), user, old=old)


@requires("people.manage", scope="group")
def leave(request: PersonRequest, username: str) -> HttpResponse:
    user = queries.person(request.group, username)
    now = timezone.now()
    today = queries.today_at(None, user.group_id, now)
    form = LeaveForm(request.POST or None, initial={"left_date": today}, today=today)

    def act() -> HttpResponse:
        operations.leave(user_id=user.pk, actor=request.actor, now=now, **form.cleaned_data)
        return _done(request, user, _("离职已登记，账号和全部任职已经关闭。"))

    return _answer(request, form, act, _("登记离职"), user, risky=True)


@require_POST
@never_cache
@requires("people.manage", scope="group")
def password(request: PersonRequest, username: str) -> HttpResponse:
    """A one-time password, shown once to the administrator."""
    user = queries.person(request.group, username)
    one_time = operations.give_one_time_password(user_id=user.pk, actor=request.actor, now=timezone.now())
    return _show_password(request, user, one_time)


@requires("people.manage", scope="group")
def second_step(request: PersonRequest, username: str) -> HttpResponse:
    user = queries.person(request.group, username)
    form = ReasonForm(request.POST or None)

    def act() -> HttpResponse:
        reason = form.cleaned_data["reason"]
        operations.remove_second_step(user_id=user.pk, actor=request.actor, now=timezone.now(), reason=reason)
        return _done(request, user, _("两步验证已解除，请本人重新设置。"))

    return _answer(request, form, act, _("解除两步验证"), user, risky=True)


@requires("people.manage", scope="group")
def access(request: PersonRequest, username: str) -> HttpResponse:
    """Close a person's access for a while, or open it again."""
    user = queries.person(request.group, username)
    form = ReasonForm(request.POST or None)

    def act() -> HttpResponse:
        operations.set_sign_in(
            user_id=user.pk,
            allowed=not user.is_active,
            actor=request.actor,
            now=timezone.now(),
            reason=form.cleaned_data["reason"],
        )
        return _done(request, user, _("账号状态已更改。"))

    heading = _("停用账号") if user.is_active else _("恢复账号")
    return _answer(request, form, act, heading, user, risky=user.is_active)


def _answer(
    request: PersonRequest,
    form: Any,
    act: Callable[[], HttpResponse],
    heading: str,
    user: User | None = None,
    *,
    old: Holding | None = None,
    risky: bool = False,
) -> HttpResponse:
    """The life of a form page: show, check, act, or show what was refused and why."""
    if request.method == "POST" and form.is_valid():
        try:
            return act()
        except DomainError as refusal:
            form.refuse(refusal)
    context = {"form": form, "heading": heading, "person": user, "old": old, "risky": risky}
    return render(request, "people/form.html", context, status=422 if form.errors else 200)


def _done(request: PersonRequest, user: User, text: str) -> HttpResponse:
    messages.success(request, text)
    return htmx.to(request, redirect("people:person", username=user.username)["Location"])


def _show_password(request: PersonRequest, user: User, one_time: str) -> HttpResponse:
    return render(request, "people/one_time.html", {"person": user, "one_time": one_time})


def _may_manage(request: PersonRequest) -> bool:
    return door.resolver().holds(request, "people.manage", None)


def _known(user: User) -> dict[str, str]:
    """What the edit form starts with. Telephone and e-mail are opened here: whoever may change them sees them."""
    return {
        "name": user.name,
        "name_en": user.name_en,
        "phone": reveal(user, "phone"),
        "email": reveal(user, "email"),
        "language": user.language,
    }
