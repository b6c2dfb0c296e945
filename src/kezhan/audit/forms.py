"""What to look for in the trail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kezhan.core.forms import DateField, HouseForm

DAYS_SHOWN = 7
DAYS_AT_MOST = 366


class EventFilter(HouseForm):
    first = DateField(label=_("从"), required=False)
    last = DateField(label=_("到"), required=False)
    person = forms.CharField(label=_("人员"), required=False, max_length=60)
    verb = forms.CharField(label=_("动作"), required=False, max_length=80)
    subject = forms.CharField(label=_("对象编号"), required=False, max_length=64)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("结束日期不能早于开始日期。"))
        if first and last and last - first > timedelta(days=DAYS_AT_MOST):
            self.add_error("last", _("一次最多查看一年。"))
        return data
