"""Folios and their postings, deposits, and the three ledgers. Knows folios, not stays: every outlet posts here."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Round
from django.utils.translation import gettext_lazy as _

from kezhan.core.money import currency_field, money_field
from kezhan.properties.api import OfProperty

from .choices import ChargeKind, DepositStatus, FolioStatus, Ledger, PostingKind, Tender


class ChargeCode(OfProperty):
    """What can be posted. Shipped codes keep their words in code under `code`; `name` is a hotel's own.

    `tax_rate` is a fraction of the net price; prices include tax, and each posting keeps its tax part.
    """

    code = models.CharField(max_length=24)
    kind = models.CharField(max_length=20, choices=ChargeKind.choices)
    name = models.CharField(max_length=60, blank=True)
    name_en = models.CharField(max_length=60, blank=True)
    tax_rate = models.DecimalField(max_digits=5, decimal_places=4, default=Decimal("0.0600"))
    retired_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="charge_code_is_used_once", fields=["property", "code"]),
            models.CheckConstraint(name="charge_code_kind_is_known", condition=Q(kind__in=ChargeKind.values)),
            models.CheckConstraint(
                name="charge_code_tax_is_a_fraction", condition=Q(tax_rate__gte=0) & Q(tax_rate__lt=1)
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.code


class Folio(OfProperty):
    """An account of one guest or purpose. Its lines live in windows; closing needs every ledger line at zero."""

    number = models.CharField(max_length=24)
    label = models.CharField(max_length=120, blank=True)
    guest = models.ForeignKey(
        "guests.Guest", on_delete=models.PROTECT, null=True, blank=True, related_name="folios"
    )
    status = models.CharField(max_length=6, choices=FolioStatus.choices, default=FolioStatus.OPEN)
    currency = currency_field()
    opened_at = models.DateTimeField()
    opened_business_date = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_business_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="folio_number_is_used_once", fields=["property", "number"]),
            models.CheckConstraint(name="folio_status_is_known", condition=Q(status__in=FolioStatus.values)),
            models.CheckConstraint(
                name="folio_is_closed_at_a_time",
                condition=Q(status=FolioStatus.OPEN, closed_at__isnull=True)
                | Q(status=FolioStatus.CLOSED, closed_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["property", "status"], name="folio_by_status")]

    def __str__(self) -> str:
        return self.number


class FolioWindow(OfProperty):
    """One bill of a folio: window 1 is the guest's own, more are opened to split."""

    folio = models.ForeignKey(Folio, on_delete=models.PROTECT, related_name="windows")
    number = models.PositiveSmallIntegerField(default=1)
    payee = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="folio_window_number_is_used_once", fields=["folio", "number"]),
            models.CheckConstraint(name="folio_window_counts_from_one", condition=Q(number__gte=1)),
        ]


class Deposit(OfProperty):
    """押金: money of the guest kept until check-out, a liability, never income (S-3.1(4))."""

    folio = models.ForeignKey(Folio, on_delete=models.PROTECT, related_name="deposits")
    number = models.CharField(max_length=24)
    amount = money_field()
    currency = currency_field()
    tender = models.CharField(max_length=12, choices=Tender.choices)
    status = models.CharField(max_length=8, choices=DepositStatus.choices, default=DepositStatus.HELD)
    taken_at = models.DateTimeField()
    taken_business_date = models.DateField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_business_date = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    returned_amount = money_field(default=Decimal("0.00"))
    applied_amount = money_field(default=Decimal("0.00"))

    class Meta:
        constraints = [
            models.UniqueConstraint(name="deposit_number_is_used_once", fields=["property", "number"]),
            models.CheckConstraint(name="deposit_amount_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="deposit_status_is_known", condition=Q(status__in=DepositStatus.values)
            ),
            models.CheckConstraint(name="deposit_tender_is_known", condition=Q(tender__in=Tender.values)),
            models.CheckConstraint(
                name="deposit_is_settled_to_the_cent",
                condition=Q(status=DepositStatus.HELD, returned_amount=0, applied_amount=0)
                | (
                    Q(status__in=[DepositStatus.RETURNED, DepositStatus.SETTLED], settled_at__isnull=False)
                    & Q(amount=Round(F("returned_amount") + F("applied_amount"), 2))
                )
                | Q(
                    status=DepositStatus.VOIDED, returned_amount=0, applied_amount=0, settled_at__isnull=False
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["property", "status"], name="deposit_by_status"),
            models.Index(fields=["property", "settled_business_date"], name="deposit_by_settling"),
        ]


class Posting(OfProperty):
    """A line of a ledger. Append-only, by trigger too: a mistake is reversed by a second line that names the first.

    `amount` is signed from the house's side: positive raises what is owed to it, negative lowers it. A deposit taken is
    -300 in DEPOSIT, a payment of 388 is -388 in GUEST. `source_key` names what a machine posted, once per property.
    What moves between two ledgers is two lines, the second naming the first as its `counterpart`.
    """

    append_only = True

    # Hundreds of lines are written at once: no index but those that some question needs.
    property = models.ForeignKey(
        "properties.Property", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    folio = models.ForeignKey(Folio, on_delete=models.PROTECT, related_name="postings")
    window = models.ForeignKey(FolioWindow, on_delete=models.PROTECT, related_name="postings", db_index=False)
    business_date = models.DateField()
    posted_at = models.DateTimeField()
    ledger = models.CharField(max_length=8, choices=Ledger.choices, default=Ledger.GUEST)
    kind = models.CharField(max_length=20, choices=PostingKind.choices)
    charge_code = models.ForeignKey(
        ChargeCode, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    tender = models.CharField(max_length=12, choices=Tender.choices, blank=True)
    amount = money_field()
    tax = money_field(default=Decimal("0.00"))
    currency = currency_field()
    service_date = models.DateField(null=True, blank=True)
    text = models.CharField(max_length=160, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    source_key = models.CharField(max_length=120, null=True, blank=True)  # noqa: DJ001 - unique where it is given
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )
    counterpart = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="other_half"
    )
    deposit = models.ForeignKey(
        Deposit, on_delete=models.PROTECT, null=True, blank=True, related_name="postings"
    )
    actor_kind = models.CharField(max_length=8)
    actor_id = models.CharField(max_length=40)
    actor_name = models.CharField(max_length=80)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="posting_source_posts_once", fields=["property", "source_key"]),
            models.CheckConstraint(name="posting_ledger_is_known", condition=Q(ledger__in=Ledger.values)),
            models.CheckConstraint(name="posting_kind_is_known", condition=Q(kind__in=PostingKind.values)),
            models.CheckConstraint(
                name="posting_tender_is_known", condition=Q(tender__in=["", *Tender.values])
            ),
            models.CheckConstraint(
                name="posting_charge_names_its_code",
                condition=~Q(kind=PostingKind.CHARGE) | Q(charge_code__isnull=False),
            ),
            models.CheckConstraint(
                name="posting_money_names_its_tender",
                condition=~Q(kind__in=["PAYMENT", "DEPOSIT_TAKEN", "DEPOSIT_RETURNED"]) | ~Q(tender=""),
            ),
            models.CheckConstraint(
                name="posting_reversal_gives_a_reason", condition=Q(reverses__isnull=True) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="posting_does_not_reverse_itself",
                condition=Q(reverses__isnull=True) | ~Q(reverses=F("id")),
            ),
            models.CheckConstraint(
                name="posting_deposit_line_names_its_deposit",
                condition=~Q(kind__in=["DEPOSIT_TAKEN", "DEPOSIT_RETURNED", "DEPOSIT_APPLIED"])
                | Q(deposit__isnull=False),
            ),
            models.CheckConstraint(
                name="posting_ledger_fits_its_kind",
                condition=Q(kind="CHARGE", ledger="GUEST")
                | Q(kind="PAYMENT", ledger__in=["GUEST", "CITY"])
                | Q(kind__in=["DEPOSIT_TAKEN", "DEPOSIT_RETURNED"], ledger="DEPOSIT")
                | Q(kind="DEPOSIT_APPLIED", ledger__in=["GUEST", "DEPOSIT"])
                | Q(kind="TRANSFER"),
            ),
            # A night may cost nothing; money that moves is never nothing.
            models.CheckConstraint(name="posting_moves_money", condition=Q(kind="CHARGE") | ~Q(amount=0)),
            models.CheckConstraint(
                name="posting_deposit_has_its_sign",
                condition=Q(reverses__isnull=False)
                | ~Q(kind__in=["DEPOSIT_TAKEN", "DEPOSIT_RETURNED"])
                | Q(kind="DEPOSIT_TAKEN", amount__lt=0)
                | Q(kind="DEPOSIT_RETURNED", amount__gt=0),
            ),
            models.CheckConstraint(name="posting_tax_is_of_a_charge", condition=Q(kind="CHARGE") | Q(tax=0)),
        ]
        indexes = [
            models.Index(fields=["property", "business_date", "ledger"], name="posting_by_day"),
            models.Index(fields=["deposit"], name="posting_of_deposit", condition=Q(deposit__isnull=False)),
            # The nightly cross-check adds up what companies owe; those lines outlive their folios.
            models.Index(
                fields=["property", "business_date"], name="posting_of_city", condition=Q(ledger="CITY")
            ),
        ]


class LedgerDay(OfProperty):
    """A ledger's closed business day, frozen by night audit. Append-only like the postings it adds up."""

    append_only = True

    business_date = models.DateField()
    ledger = models.CharField(max_length=8, choices=Ledger.choices)
    opening = money_field()
    activity = money_field()
    closing = money_field()
    postings = models.PositiveIntegerField()
    closed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="ledger_day_closes_once", fields=["property", "business_date", "ledger"]
            ),
            models.CheckConstraint(name="ledger_day_ledger_is_known", condition=Q(ledger__in=Ledger.values)),
            models.CheckConstraint(
                name="ledger_day_balances",
                # SQLite adds decimals as floating numbers, hence the rounding.
                condition=Q(closing=Round(F("opening") + F("activity"), 2)),
                violation_error_message=_("期初加本日发生额必须等于期末。"),
            ),
        ]
