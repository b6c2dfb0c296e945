"""Profiles of guests, their documents and memberships. Owned by the group: a guest of one house is known in all."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kezhan.core.fields import EncryptedField, HasSealedFields
from kezhan.properties.api import OfGroup

from .choices import DocumentKind, GuestKind, MemberTier, Sex

_BY_BEGINNING = ["int8_ops", "varchar_pattern_ops"]


class Guest(OfGroup, HasSealedFields):
    """One person. The name stays readable so that it can be searched and sorted; telephone and e-mail are sealed and
    found by blind indexes (the whole, and the last four digits). A merged profile points to the one that stays.

    `name_pinyin` is written together ("wangxiaoming"), `name_initials` likewise ("wxm"), both for search alone.
    """

    number = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=GuestKind.choices, default=GuestKind.TEMPORARY)
    name = models.CharField(max_length=80, blank=True)
    name_pinyin = models.CharField(max_length=160, blank=True)
    name_initials = models.CharField(max_length=40, blank=True)
    sex = models.CharField(max_length=1, choices=Sex.choices, blank=True)
    birth_date = EncryptedField()
    nationality = models.CharField(max_length=3, blank=True)
    language = models.CharField(max_length=10, blank=True)
    phone = EncryptedField()
    phone_index = models.CharField(max_length=40, blank=True)
    phone_tail_index = models.CharField(max_length=40, blank=True)
    email = EncryptedField()
    email_index = models.CharField(max_length=40, blank=True)
    importance = models.PositiveSmallIntegerField(default=0)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="guest_number_is_used_once", fields=["group", "number"]),
            models.CheckConstraint(name="guest_kind_is_known", condition=Q(kind__in=GuestKind.values)),
            models.CheckConstraint(name="guest_sex_is_known", condition=Q(sex__in=["", *Sex.values])),
            models.CheckConstraint(
                name="guest_is_not_merged_into_itself",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["group", "phone_index"], name="guest_by_phone", condition=~Q(phone_index="")
            ),
            models.Index(
                fields=["group", "phone_tail_index"],
                name="guest_by_phone_tail",
                condition=~Q(phone_tail_index=""),
            ),
            # Searched by their beginning, hence the pattern operators on PostgreSQL (SQLite ignores them).
            models.Index(fields=["group", "name"], name="guest_by_name", opclasses=_BY_BEGINNING),
            models.Index(
                fields=["group", "name_pinyin"],
                name="guest_by_pinyin",
                opclasses=_BY_BEGINNING,
                condition=~Q(name_pinyin=""),
            ),
            models.Index(
                fields=["group", "name_initials"],
                name="guest_by_initials",
                opclasses=_BY_BEGINNING,
                condition=~Q(name_initials=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.number


class GuestDocument(OfGroup, HasSealedFields):
    """An identity document once shown at the desk; the number is sealed, found by its blind index, printed masked."""

    guest = models.ForeignKey(Guest, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=16, choices=DocumentKind.choices)
    number = EncryptedField(null=False)
    number_index = models.CharField(max_length=40)
    issued_country = models.CharField(max_length=3, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="guest_document_kind_is_known", condition=Q(kind__in=DocumentKind.values)
            ),
            models.UniqueConstraint(
                name="guest_document_is_kept_once", fields=["guest", "kind", "number_index"]
            ),
        ]
        indexes = [models.Index(fields=["group", "number_index"], name="guest_document_by_number")]


class Member(OfGroup):
    """A membership. Points make its holder eligible without further papers (R-3.1(5))."""

    guest = models.OneToOneField(Guest, on_delete=models.PROTECT, related_name="member")
    number = models.CharField(max_length=20)
    tier = models.CharField(max_length=10, choices=MemberTier.choices, default=MemberTier.CLASSIC)
    points = models.PositiveIntegerField(default=0)
    joined_date = models.DateField()
    ends_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="member_number_is_used_once",
                fields=["group", "number"],
                violation_error_message=_("这个会员号已经有了。"),
            ),
            models.CheckConstraint(name="member_tier_is_known", condition=Q(tier__in=MemberTier.values)),
            models.CheckConstraint(
                name="member_ends_after_joining",
                condition=Q(ends_date__isnull=True) | Q(ends_date__gt=F("joined_date")),
            ),
        ]
