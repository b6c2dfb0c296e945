"""Filters of the people pages."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django import template

from kezhan.people import queries

register = template.Library()


@register.filter
def key_handle(key: Authenticator) -> str:
    """What the address calls a passkey."""
    return queries.key_handle(key)
