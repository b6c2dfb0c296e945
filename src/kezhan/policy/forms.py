"""Changing one parameter."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kezhan.core.forms import DateField, HouseForm, dress

from .choices import Kind, Unit
from .parameters import Parameter
from .rules import TEXT_CHARS, NotThatKind


class ValueForm(HouseForm):
    """The value as text: what it means is decided by the parameter's kind, in one place for form, REST and import."""

    value = forms.CharField(label=_("新值"), required=False)
    give_up = forms.BooleanField(label=_("不再单独设置，沿用上一级的值"), required=False)
    effective_date = DateField(label=_("生效日期（营业日）"))
    reason = forms.CharField(label=_("原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(
        self, *args: Any, parameter: Parameter, may_give_up: bool, today: date, **kwargs: Any
    ) -> None:
        self.parameter = parameter
        super().__init__(*args, today=today, **kwargs)
        self.fields["value"] = _value_field(parameter)
        self.fields["value"].required = not self.data.get("give_up")
        if not may_give_up:
            del self.fields["give_up"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("give_up"):
            data["value"] = None
        elif data.get("value") in (None, ""):
            self.add_error("value", _("请填写新值。"))
        else:
            self._read_value(data)
        return data

    def _read_value(self, data: dict[str, Any]) -> None:
        text = data["value"]
        rows = (
            [line.split() for line in text.splitlines() if line.strip()] if self.parameter.columns else text
        )
        try:
            data["value"] = self.parameter.plain(rows)
        except NotThatKind:
            self.add_error("value", _("这个值读不懂，请按说明填写。"))


def _value_field(parameter: Parameter) -> forms.Field:
    """Labelled and helped by kind; not required, because giving up the own value needs none."""
    label = _("新值")
    if parameter.kind == Kind.BOOL:
        choices: list[tuple[str, Any]] = [("yes", _("是")), ("no", _("否"))]
        return _dressed(forms.ChoiceField(label=label, choices=choices, required=False))
    if parameter.kind == Kind.CHOICE:
        return _dressed(forms.ChoiceField(label=label, choices=parameter.choices, required=False))
    if parameter.kind == Kind.TABLE:
        columns = " ".join(str(column.label) for column in parameter.columns)
        help_text = _("每行一档，各列用空格分开：%(columns)s") % {"columns": columns}
        widget = forms.Textarea(attrs={"rows": 5})
        return _dressed(forms.CharField(label=label, required=False, widget=widget, help_text=help_text))
    hint: Any = _("例如 18:00") if parameter.kind == Kind.TIME else _unit(parameter)
    return _dressed(forms.CharField(label=label, required=False, max_length=TEXT_CHARS, help_text=hint))


def _unit(parameter: Parameter) -> Any:
    return _("单位：%(unit)s") % {"unit": Unit(parameter.unit).label} if parameter.unit else ""


def _dressed(field: forms.Field) -> forms.Field:
    dress(field)
    return field
