from django.db import models
from django.utils.translation import gettext_lazy as _


class GuestKind(models.TextChoices):
    """TEMPORARY profiles are made by an enquiry of somebody unknown (R-3.1(6)) and grow into REGULAR ones."""

    TEMPORARY = "TEMPORARY", _("临时档案")
    REGULAR = "REGULAR", _("客史档案")


class Sex(models.TextChoices):
    FEMALE = "F", _("女")
    MALE = "M", _("男")


class DocumentKind(models.TextChoices):
    IDENTITY_CARD = "IDENTITY_CARD", _("居民身份证")
    PASSPORT = "PASSPORT", _("护照")
    HK_MACAO_PERMIT = "HK_MACAO_PERMIT", _("港澳居民来往内地通行证")
    TAIWAN_PERMIT = "TAIWAN_PERMIT", _("台湾居民来往大陆通行证")
    RESIDENCE_PERMIT = "RESIDENCE_PERMIT", _("外国人永久居留身份证")
    OTHER = "OTHER", _("其他证件")


class MemberTier(models.TextChoices):
    CLASSIC = "CLASSIC", _("普通会员")
    SILVER = "SILVER", _("银卡会员")
    GOLD = "GOLD", _("金卡会员")
    PLATINUM = "PLATINUM", _("铂金会员")
