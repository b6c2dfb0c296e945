"""What the desk asks for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kezhan.billing import api as billing
from kezhan.core.forms import DateField, HouseForm, HouseFormMixin, MoneyField, PhoneField
from kezhan.core.templatetags.kezhan import house_name
from kezhan.guests import api as guests
from kezhan.hotel import api as hotel

from .choices import DocumentCheck
from .values import DepositAtDesk, GuestAtDesk, PaymentAtDesk

CHECKS = [
    (check.value, check.label)
    for check in (DocumentCheck.MATCHED, DocumentCheck.READER, DocumentCheck.PROVISIONAL)
]
TENDERS = [(tender.value, tender.label) for tender in billing.Tender if tender != billing.Tender.CITY_LEDGER]


class GuestForm(HouseFormMixin, forms.Form):
    """One person at the desk. The first row is the main guest; an empty row is nobody."""

    name = forms.CharField(label=_("姓名"), max_length=80)
    phone = PhoneField(label=_("电话"), required=False)
    document_kind = forms.ChoiceField(
        label=_("证件"), choices=guests.DocumentKind.choices, initial=guests.DocumentKind.IDENTITY_CARD
    )
    document_number = forms.CharField(
        label=_("证件号码"),
        max_length=40,
        error_messages={"required": _("还没有核对证件：请填写号码，并确认人证相符。")},
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "class": "fd-document"}),
    )
    check = forms.ChoiceField(label=_("核对"), choices=CHECKS, initial=DocumentCheck.MATCHED)
    sex = forms.ChoiceField(label=_("性别"), choices=[("", "–"), *guests.Sex.choices], required=False)
    birth_date = forms.DateField(
        label=_("出生日期"),
        required=False,
        widget=forms.TextInput({"placeholder": "1990-01-31", "inputmode": "numeric"}),
    )
    guardian_phone = PhoneField(label=_("监护人电话"), required=False)
    guardian_relation = forms.CharField(label=_("与同住人关系"), max_length=60, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        checked_by_police = (
            self.is_bound and self.data.get(self.add_prefix("check")) == DocumentCheck.PROVISIONAL
        )
        self.fields["document_number"].required = not checked_by_police

    def person(self, *, is_main: bool, guest_id: int | None = None) -> GuestAtDesk:
        return GuestAtDesk(is_main=is_main, guest_id=guest_id, **self.cleaned_data)


class BaseGuestForms(forms.BaseFormSet):
    """Only the first row must be filled: who comes later is registered later."""

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        if i >= self.min_num:
            kwargs["empty_permitted"] = True
        return super()._construct_form(i, **kwargs)  # type: ignore[misc]


GuestForms = forms.formset_factory(
    GuestForm, formset=BaseGuestForms, extra=0, min_num=1, validate_min=True, max_num=12
)


def people_of(formset: Any, known: Any = None) -> list[GuestAtDesk]:
    """The people of a valid formset; the first one is the booking's own guest when the name is still theirs."""
    people: list[GuestAtDesk] = []
    for form in formset:
        if not form.has_changed() and not form.cleaned_data.get("name"):
            continue
        first = not people
        same = first and known is not None and known.name == form.cleaned_data["name"]
        people.append(form.person(is_main=first, guest_id=known.pk if same else None))
    return people


class DepositFields(HouseForm):
    """Deposit taken, or the reason for taking none."""

    deposit = MoneyField(label=_("押金金额"), required=False, min_value=0)
    tender = forms.ChoiceField(label=_("收款方式"), choices=TENDERS)
    waiver = forms.CharField(label=_("免收押金的原因"), max_length=200, required=False)

    def taken(self) -> DepositAtDesk | None:
        amount = self.cleaned_data.get("deposit")
        if not amount or self.cleaned_data.get("waiver"):
            return None
        return DepositAtDesk(amount=amount, tender=self.cleaned_data["tender"] or billing.Tender.CASH)


class CheckInForm(DepositFields):
    room = forms.ChoiceField(label=_("房间"))
    field_order = ["room", "deposit", "tender", "waiver"]

    def __init__(self, *args: Any, rooms: Sequence[hotel.Room], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["room"].choices = [(room.number, room_words(room)) for room in rooms]  # type: ignore[attr-defined]


def room_words(room: hotel.Room) -> str:
    parts = [room.number, house_name(room.room_type), f"{room.floor}F", room.view]
    return " · ".join(str(part) for part in parts if part)


class WalkInForm(CheckInForm):
    """Everything a walk-in needs beside its guests; what is not shown takes the house's first code."""

    departure = DateField(label=_("离店"))
    rate_plan = forms.ChoiceField(label=_("房价"))
    adults = forms.IntegerField(label=_("成人"), min_value=1, max_value=12, initial=1)
    children = forms.IntegerField(label=_("儿童"), min_value=0, max_value=12, initial=0)
    market = forms.ChoiceField(label=_("客源"))
    source = forms.ChoiceField(label=_("来源"))
    channel = forms.ChoiceField(label=_("渠道"))
    field_order = [
        "room", "departure", "rate_plan", "adults", "children", "market", "source", "channel", "deposit", "tender", "waiver",
    ]  # fmt: skip

    def __init__(self, *args: Any, plans: Any, codes: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "rate_plan": plans,
            "market": codes["MARKET"],
            "source": codes["SOURCE"],
            "channel": codes["CHANNEL"],
        }
        for name, rows in choices.items():
            self.fields[name].choices = [(row.code, house_name(row)) for row in rows]  # type: ignore[attr-defined]


class CheckOutForm(HouseForm):
    """Money taken (or paid back) and what happens to the deposit."""

    amount = MoneyField(label=_("收款金额"), required=False, help_text=_("退多收的款填负数"))
    tender = forms.ChoiceField(label=_("收款方式"), choices=TENDERS)
    refund_reason = forms.CharField(label=_("退款原因"), max_length=200, required=False)
    deposit_tender = forms.ChoiceField(
        label=_("押金退到"), choices=[("", _("原路退回")), *TENDERS], required=False
    )
    deduct = MoneyField(label=_("从押金扣除"), required=False, min_value=0)
    deduct_reason = forms.CharField(label=_("扣除原因"), max_length=200, required=False)

    def payments(self) -> list[PaymentAtDesk]:
        amount = self.cleaned_data.get("amount")
        if not amount:
            return []
        reason = self.cleaned_data["refund_reason"]
        return [PaymentAtDesk(amount=amount, tender=self.cleaned_data["tender"], reason=reason)]


class ReasonForm(HouseForm):
    reason = forms.CharField(label=_("原因"), max_length=200)


class UndoCheckInForm(ReasonForm):
    entered = forms.BooleanField(label=_("客人进过房间（需要重新清洁）"), required=False)


class MoveForm(ReasonForm):
    room = forms.ChoiceField(label=_("换到"))
    field_order = ["room", "reason"]

    def __init__(self, *args: Any, rooms: Sequence[hotel.Room], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["room"].choices = [(room.number, room_words(room)) for room in rooms]  # type: ignore[attr-defined]


class DepartureForm(ReasonForm):
    departure = DateField(label=_("新的离店日期"))
    field_order = ["departure", "reason"]


class RunForm(forms.Form):
    """The date the clerk saw when pressing: a second press after the roll must not close the next day."""

    business_date = forms.DateField()


def initial_people(booked: Any) -> list[dict[str, Any]]:
    """A row for each person booked, the first filled with what is known."""
    guest = booked.booking.guest
    rows: list[dict[str, Any]] = [{"name": guest.name, "sex": guest.sex}]
    return rows + [{} for _n in range(min(booked.adults + booked.children, 12) - 1)]


def day_of(text: str, otherwise: date) -> date:
    """An ISO date of an address, or `otherwise` for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise
