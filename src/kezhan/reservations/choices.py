"""Words of a booking's life."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# Stands in `reviewed_by` when the rule itself approved: an ordinary booking inside availability.
AUTOMATIC = "AUTOMATIC"


class BookingStatus(models.TextChoices):
    """Where a booking stands. ENQUIRY, ELIGIBLE and CONFIRMED are the nodes that none may skip (R-3.1(1));
    inventory falls once, at ALLOTTED (S-2.1(5))."""

    ENQUIRY = "ENQUIRY", _("咨询")
    ELIGIBLE = "ELIGIBLE", _("资格已核")
    UNDER_REVIEW = "UNDER_REVIEW", _("待审核")
    ALLOTTED = "ALLOTTED", _("已留房")
    CONFIRMED = "CONFIRMED", _("已确认")
    GUEST_CONFIRMED = "GUEST_CONFIRMED", _("客人已核对")
    IN_HOUSE = "IN_HOUSE", _("在住")
    DEPARTED = "DEPARTED", _("已离店")
    DECLINED = "DECLINED", _("未通过")
    CANCELLED = "CANCELLED", _("已取消")
    NO_SHOW = "NO_SHOW", _("未到")


class RoomStatus(models.TextChoices):
    """One booked room: ASKED takes no inventory, HELD and IN_HOUSE do, the others have given theirs back."""

    ASKED = "ASKED", _("待留房")
    HELD = "HELD", _("已留房")
    IN_HOUSE = "IN_HOUSE", _("在住")
    DEPARTED = "DEPARTED", _("已离店")
    CANCELLED = "CANCELLED", _("已取消")
    NO_SHOW = "NO_SHOW", _("未到")


class Eligibility(models.TextChoices):
    """On what a booking is accepted: points of a member (R-3.1(4)), a known profile, a temporary one (R-3.1(5))."""

    UNCHECKED = "UNCHECKED", _("未核")
    MEMBER = "MEMBER", _("会员")
    KNOWN_GUEST = "KNOWN_GUEST", _("老客")
    TEMPORARY_PROFILE = "TEMPORARY_PROFILE", _("临时档案")


class RatePlanKind(models.TextChoices):
    RACK = "RACK", _("门市价")
    MEMBER = "MEMBER", _("会员价")
    CORPORATE = "CORPORATE", _("协议价")
    OTA = "OTA", _("订房网站价")
    PACKAGE = "PACKAGE", _("包价")
    COMPLIMENTARY = "COMPLIMENTARY", _("免费")
    HOUSE_USE = "HOUSE_USE", _("自用")
    HOURLY = "HOURLY", _("钟点房")
    LONG_STAY = "LONG_STAY", _("长住")


class CodeAxis(models.TextChoices):
    """Three of the four fields that must not be merged; the fourth is the rate plan."""

    MARKET = "MARKET", _("客源")
    SOURCE = "SOURCE", _("预订来源")
    CHANNEL = "CHANNEL", _("渠道")


class ClosureKind(models.TextChoices):
    """OOO leaves inventory; OOS is not assigned now but stays in inventory."""

    OOO = "OOO", _("维修房")
    OOS = "OOS", _("停用房")


class NightUse(models.TextChoices):
    ALLOTMENT = "ALLOTMENT", _("预排")
    STAY = "STAY", _("在住")
    CLOSURE = "CLOSURE", _("封房")
