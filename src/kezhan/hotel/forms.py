"""What is asked for when rooms and types come and go."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kezhan.core.forms import DateField, HouseForm


class RoomTypeForm(HouseForm):
    code = forms.CharField(
        label=_("房型代码"), max_length=16, help_text=_("字母、数字和连字符，例如 KING；永不重复使用。")
    )
    name = forms.CharField(label=_("名称"), max_length=60)
    name_en = forms.CharField(label=_("英文名称"), max_length=60, required=False)
    bed = forms.CharField(label=_("床型"), max_length=60, required=False)
    max_adults = forms.IntegerField(label=_("最多成人数"), min_value=1, max_value=20, initial=2)
    max_guests = forms.IntegerField(label=_("最多入住人数"), min_value=1, max_value=20, initial=3)
    accessible = forms.BooleanField(label=_("无障碍"), required=False)
    position = forms.IntegerField(label=_("排列顺序"), min_value=0, max_value=999, initial=0)


class RoomForm(HouseForm):
    number = forms.CharField(label=_("房号"), max_length=12)
    room_type = forms.ChoiceField(label=_("房型"))
    floor = forms.CharField(label=_("楼层"), max_length=8)
    opened_date = DateField(label=_("启用日期"))
    view = forms.CharField(label=_("景观"), max_length=40, required=False)
    accessible = forms.BooleanField(label=_("无障碍"), required=False)

    def __init__(self, *args: Any, types: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.types = {row.code: row for row in types}
        choices = [(row.code, f"{row.code} {row.name}") for row in types]
        self.fields["room_type"].choices = choices  # type: ignore[attr-defined]

    def clean_room_type(self) -> Any:
        return self.types[self.cleaned_data["room_type"]]


class RetireForm(HouseForm):
    retired_date = DateField(label=_("停用日期"), help_text=_("从这一天起不再使用；历史记录保留。"))
    reason = forms.CharField(label=_("停用原因"), max_length=200)
