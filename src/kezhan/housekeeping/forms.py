"""What housekeeping asks for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from kezhan.core.forms import HouseForm
from kezhan.hotel import api as hotel


class InspectForm(HouseForm):
    score = forms.IntegerField(label=_("得分"), min_value=0, max_value=100)
    remark = forms.CharField(label=_("说明"), max_length=200, required=False)


class ReasonForm(HouseForm):
    reason = forms.CharField(label=_("原因"), max_length=200)


class OverrideForm(HouseForm):
    cleanliness = forms.ChoiceField(label=_("改为"), choices=hotel.Cleanliness.choices)
    reason = forms.CharField(label=_("原因"), max_length=200)
