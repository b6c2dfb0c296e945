"""What is asked for when money moves. Each form that takes or charges carries a key, so that a double click counts once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kezhan.core.forms import HouseForm, MoneyField

from .choices import ChargeKind, Tender
from .models import ChargeCode
from .rules import SHIPPED_CODES

CENT = Decimal("0.01")
MONEY_TENDERS = [choice for choice in Tender.choices if choice[0] != Tender.CITY_LEDGER]


def code_words(code: ChargeCode) -> str:
    """ROOM 房费: the code with the hotel's own words, or those that are shipped."""
    shipped = SHIPPED_CODES.get(code.code)
    return f"{code.code} {code.name or (shipped.label if shipped else '')}".strip()


class MoneyForm(HouseForm):
    """An amount with the key of this one form; `source_key` comes with the page and is sent back unchanged."""

    amount = MoneyField(label=_("金额"), min_value=CENT)
    window = forms.TypedChoiceField(label=_("账页"), coerce=int)
    source_key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, windows: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["window"].choices = [  # type: ignore[attr-defined]
            (row.number, f"{row.number} {row.payee}".strip()) for row in windows
        ]
        if len(windows) == 1:
            self.fields["window"].widget = forms.HiddenInput()
            self.fields["window"].initial = windows[0].number


class ChargeForm(MoneyForm):
    """An allowance is typed as a positive amount and taken off; it asks for the reason."""

    field_order = ["code", "amount", "text", "window"]
    code = forms.ChoiceField(label=_("项目"))
    text = forms.CharField(
        label=_("说明"), max_length=160, required=False, help_text=_("打印在账单上。减免必须写明原因。")
    )

    def __init__(self, *args: Any, codes: list[ChargeCode], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = {row.code: row.kind for row in codes}
        self.fields["code"].choices = [(row.code, code_words(row)) for row in codes]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.kinds.get(data.get("code", "")) == ChargeKind.ALLOWANCE and "amount" in data:
            data["amount"] = -data["amount"]
        return data


class PaymentForm(MoneyForm):
    field_order = ["tender", "amount", "text", "window"]
    tender = forms.ChoiceField(label=_("付款方式"), choices=Tender.choices)
    text = forms.CharField(
        label=_("备注"), max_length=160, required=False, help_text=_("挂账时请写明挂账单位。")
    )


class PayBackForm(MoneyForm):
    field_order = ["tender", "amount", "reason", "window"]
    tender = forms.ChoiceField(label=_("退款方式"), choices=MONEY_TENDERS)
    reason = forms.CharField(label=_("退款原因"), max_length=200)


class DepositForm(HouseForm):
    amount = MoneyField(label=_("押金金额"), min_value=CENT)
    tender = forms.ChoiceField(label=_("收取方式"), choices=MONEY_TENDERS)
    source_key = forms.CharField(widget=forms.HiddenInput, max_length=64)


class ReturnForm(HouseForm):
    """Returned in full unless something is deducted."""

    tender = forms.ChoiceField(label=_("退还方式"), choices=MONEY_TENDERS)
    deduct = MoneyField(
        label=_("抵扣金额"),
        min_value=Decimal(0),
        initial=Decimal(0),
        help_text=_("无损坏遗失时为 0，全额退还。抵扣只能用于已入账的消费或赔偿。"),
    )
    reason = forms.CharField(
        label=_("抵扣项目和原因"), max_length=200, required=False, help_text=_("有抵扣时必填。")
    )


class ReasonForm(HouseForm):
    reason = forms.CharField(label=_("原因"), max_length=200)


class WindowForm(HouseForm):
    payee = forms.CharField(
        label=_("付款人"), max_length=120, help_text=_("这一账页由谁付款，例如公司名称。")
    )


class NothingForm(HouseForm):
    """A step that only asks for confirmation."""
