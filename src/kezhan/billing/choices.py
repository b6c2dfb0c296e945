"""Words of the ledger."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Ledger(models.TextChoices):
    """Three ledgers that balance every night: opening + activity = closing.

    GUEST: what guests in the house owe. DEPOSIT: money taken in advance, a liability, hence negative. CITY: what
    companies and agents owe after the guest has left.
    """

    GUEST = "GUEST", _("宾客账")
    DEPOSIT = "DEPOSIT", _("押金账")
    CITY = "CITY", _("应收账")


class PostingKind(models.TextChoices):
    CHARGE = "CHARGE", _("消费")
    PAYMENT = "PAYMENT", _("付款")
    DEPOSIT_TAKEN = "DEPOSIT_TAKEN", _("收押金")
    DEPOSIT_RETURNED = "DEPOSIT_RETURNED", _("退押金")
    DEPOSIT_APPLIED = "DEPOSIT_APPLIED", _("押金抵账")
    TRANSFER = "TRANSFER", _("转账")


class ChargeKind(models.TextChoices):
    """What a charge code earns: room nights count for ADR, no-show and cancellation fees stand on their own line."""

    ROOM = "ROOM", _("房费")
    DAY_USE = "DAY_USE", _("日用房费")
    NO_SHOW_FEE = "NO_SHOW_FEE", _("未到费")
    CANCELLATION_FEE = "CANCELLATION_FEE", _("取消费")
    SERVICE = "SERVICE", _("服务")
    DAMAGE = "DAMAGE", _("赔偿")
    ALLOWANCE = "ALLOWANCE", _("减免")


class Tender(models.TextChoices):
    CASH = "CASH", _("现金")
    BANK_CARD = "BANK_CARD", _("银行卡")
    WECHAT_PAY = "WECHAT_PAY", _("微信支付")
    ALIPAY = "ALIPAY", _("支付宝")
    TRANSFER = "TRANSFER", _("转账汇款")
    CITY_LEDGER = "CITY_LEDGER", _("挂账")


class FolioStatus(models.TextChoices):
    OPEN = "OPEN", _("未结")
    CLOSED = "CLOSED", _("已结")


class DepositStatus(models.TextChoices):
    HELD = "HELD", _("在押")
    RETURNED = "RETURNED", _("已全额退还")
    SETTLED = "SETTLED", _("已抵扣")
    VOIDED = "VOIDED", _("已冲销")
