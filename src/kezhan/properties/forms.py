"""A house's data as a person types them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kezhan.core.forms import DateField, HouseForm

from .models import Edition, Property
from .rules import code_is_fine, currency_is_fine, zone_is_known

NEAR_ZONES = ("Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Macau", "Asia/Taipei")


class HouseData(HouseForm):
    """What may change while the house is open."""

    name = forms.CharField(label=_("名称"), max_length=120)
    name_en = forms.CharField(label=_("英文名称"), max_length=120, required=False)
    telephone = forms.CharField(label=_("总机电话"), max_length=40, required=False)
    address = forms.CharField(label=_("地址"), max_length=200, required=False)
    address_en = forms.CharField(label=_("英文地址"), max_length=200, required=False)
    timezone = forms.CharField(
        label=_("时区"),
        max_length=64,
        initial=NEAR_ZONES[0],
        help_text=_("IANA 时区名，例如 Asia/Shanghai。营业日和所有时间按它显示。"),
    )
    edition = forms.ChoiceField(label=_("版本"), choices=Edition.choices)

    @classmethod
    def of(cls, house: Property, data: Any = None) -> HouseData:
        return cls(data, initial={name: getattr(house, name) for name in cls.base_fields})

    def clean_timezone(self) -> str:
        zone = self.cleaned_data["timezone"]
        if not zone_is_known(zone):
            raise forms.ValidationError(_("没有这个时区。例如 Asia/Shanghai。"))
        return zone


class NewHouse(HouseData):
    """What is given once: the code stands in every address, the currency in every account."""

    code = forms.CharField(
        label=_("代码"),
        max_length=32,
        help_text=_("小写字母、数字和连字符，例如 xihu-01。出现在网址里，以后不能改。"),
    )
    currency = forms.CharField(label=_("币种"), max_length=3, initial="CNY", help_text=_("以后不能改。"))
    opened_date = DateField(label=_("开业日期"))

    field_order = ["code", "name", "name_en", "opened_date", "currency", "timezone", "edition"]

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if not code_is_fine(code):
            raise forms.ValidationError(_("代码只能用小写字母、数字和连字符，最多 32 个字符。"))
        return code

    def clean_currency(self) -> str:
        currency = self.cleaned_data["currency"].upper()
        if not currency_is_fine(currency):
            raise forms.ValidationError(_("请填写三个大写字母的币种代码，例如 CNY。"))
        return currency


class Closing(HouseForm):
    closed_date = DateField(label=_("停业日期"), help_text=_("从这一天起不再营业。"))
    reason = forms.CharField(label=_("原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
