"""Forms that look and speak alike: labels above, help below, errors beside the field and summed up on top.

class ArrivalForm(HouseForm):
    arrival = DateField(label=_("到店"))
form = ArrivalForm(request.POST or None, today=business_date)
{% form_errors form %} {% field form.arrival %}     or simply {{ form }}
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .errors import DomainError
from .templatetags.kezhan import SYMBOLS

_CLASSES: list[tuple[type[forms.Widget], str]] = [
    (forms.CheckboxSelectMultiple, "form-check-input"),
    (forms.RadioSelect, "form-check-input"),
    (forms.CheckboxInput, "form-check-input"),
    (forms.Select, "form-select"),
    (forms.Widget, "form-control"),
]
_WEEKDAY = re.compile("^(?:周|星期|礼拜)([一二三四五六日天])$")  # no-translate: what people type
_DATE_MARKS = re.compile("[/.年月日]")  # no-translate: what people type
_CHINESE_DAYS = "一二三四五六日"  # no-translate: what people type
_ENGLISH_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


# ---------------------------------------------------------------- the forms


class HouseFormMixin:
    """Looks and manners of every form. `today` is the business date that "+1" and weekdays count from."""

    template_name = "core/form.html"
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, today: date | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, DateField):
                field.count_from(today or timezone.localdate())
            dress(field)

    def refuse(self, error: DomainError) -> None:
        """Show a refusal of an operation in the form: beside the fields it names, everything else on top."""
        named = {name: text for name, text in error.fields.items() if name in self.fields}
        for name, text in named.items():
            self.add_error(name, str(text))  # type: ignore[attr-defined]
        others = dict.fromkeys(str(text) for name, text in error.fields.items() if name not in named)
        for text in others or ([] if named else [f"{error} {error.advice}".strip()]):
            self.add_error(NON_FIELD_ERRORS, text)  # type: ignore[attr-defined]


class HouseForm(HouseFormMixin, forms.Form):
    pass


class HouseModelForm(HouseFormMixin, forms.ModelForm):
    pass


def dress(field: forms.Field) -> None:
    """Give a control the class of its kind, beside classes it has already."""
    wanted = next(name for kind, name in _CLASSES if isinstance(field.widget, kind))
    present = field.widget.attrs.get("class", "").split()
    if wanted not in present and not isinstance(field.widget, forms.HiddenInput):
        field.widget.attrs["class"] = " ".join([*present, wanted])


# ---------------------------------------------------------------- dates


def narrow(text: str) -> str:
    """Full-width digits and signs, as a Chinese keyboard writes them, become plain ones."""
    return unicodedata.normalize("NFKC", text).strip()


def read_date(text: str, today: date) -> date | None:
    """The date that was typed: +1, -2, 1122, 11-22, 2026-11-22, 20261122, 周五, fri. None when it means nothing.

    Without a year the next such day is meant, never one that has passed.
    """
    typed = narrow(text).lower()
    if not _WEEKDAY.match(typed):
        typed = _DATE_MARKS.sub("-", typed).removesuffix("-")
    if re.fullmatch(r"[+-]\d{1,3}", typed):
        return today + timedelta(days=int(typed))
    weekday = _weekday(typed)
    if weekday is not None:
        return today + timedelta(days=(weekday - today.weekday()) % 7)
    parts = re.fullmatch(r"(?:(\d{4})-?)?(\d{1,2})-(\d{1,2})|(\d{4})?(\d{2})(\d{2})", typed)
    if parts is None:
        return None
    year, month, day = (
        parts.group(1) or parts.group(4),
        parts.group(2) or parts.group(5),
        parts.group(3) or parts.group(6),
    )
    return _date(int(year) if year else None, int(month), int(day), today)


def _weekday(typed: str) -> int | None:
    chinese = _WEEKDAY.match(typed)
    if chinese:
        return 6 if chinese[1] == "天" else _CHINESE_DAYS.index(chinese[1])  # no-translate: what people type
    return _ENGLISH_DAYS.index(typed[:3]) if len(typed) >= 3 and typed[:3] in _ENGLISH_DAYS else None


def _date(year: int | None, month: int, day: int, today: date) -> date | None:
    try:
        if year is not None:
            return date(year, month, day)
        this_year = date(today.year, month, day)
        return this_year if this_year >= today else date(today.year + 1, month, day)
    except ValueError:
        return None


class DateInput(forms.DateInput):
    """A text field with the weekday beside it and a calendar behind a button."""

    template_name = "core/widgets/date.html"
    today: date | None = None

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        defaults = {"autocomplete": "off", "inputmode": "text", "maxlength": "16"}
        super().__init__(attrs={**defaults, **(attrs or {})}, format="%Y-%m-%d")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        base = (self.today or timezone.localdate()).isoformat()
        return super().get_context(name, value, {**(attrs or {}), "data-kz-date": base})


class DateField(forms.DateField):
    widget = DateInput
    default_error_messages = {"invalid": _("看不懂这个日期。可以写 1122、11-22、+1 或 周五。")}
    today: date | None = None

    def count_from(self, today: date) -> None:
        self.today = today
        if isinstance(self.widget, DateInput):
            self.widget.today = today

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, str) and value.strip():
            read = read_date(value, self.today or timezone.localdate())
            if read is None:
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
            return read
        return super().to_python(value)


# ---------------------------------------------------------------- money


class MoneyInput(forms.TextInput):
    template_name = "core/widgets/money.html"
    currency = "CNY"

    def __init__(self, attrs: dict[str, Any] | None = None, currency: str = "CNY") -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})
        self.currency = currency

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["sign"] = SYMBOLS.get(self.currency, self.currency)
        return context


class MoneyField(forms.DecimalField):
    """An amount with two places; takes 1,234.5, ￥１２ and the like. `currency` is shown beside the field."""

    def __init__(self, *, currency: str = "CNY", **options: Any) -> None:
        options.setdefault("max_digits", 14)
        options.setdefault("decimal_places", 2)
        options.setdefault("widget", MoneyInput(currency=currency))
        super().__init__(**options)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = re.sub(r"^(-?)[¥￥$€£]\s*", r"\1", narrow(value)).replace(",", "")
        return super().to_python(value)


# ---------------------------------------------------------------- telephone


class PhoneInput(forms.TextInput):
    input_type = "tel"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        defaults = {"inputmode": "tel", "autocomplete": "off", "maxlength": "24", "data-kz-phone": ""}
        super().__init__({**defaults, **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        return group_phone(str(value)) if value else None


def group_phone(digits: str) -> str:
    """13812345678 → 138 1234 5678; others as they are."""
    return f"{digits[:3]} {digits[3:7]} {digits[7:]}" if re.fullmatch(r"1\d{10}", digits) else digits


class PhoneField(forms.CharField):
    """A telephone number, kept as digits with an optional leading +."""

    widget = PhoneInput
    default_error_messages = {"invalid_phone": _("电话号码应为 5 至 15 位数字，外国号码以 + 开头。")}

    def to_python(self, value: Any) -> str:
        digits = re.sub(r"[\s()\-]", "", narrow(super().to_python(value) or ""))
        if digits and not re.fullmatch(r"\+?\d{5,15}", digits):
            raise forms.ValidationError(self.error_messages["invalid_phone"], code="invalid_phone")
        return digits
