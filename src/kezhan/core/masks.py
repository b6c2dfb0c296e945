"""How personal data look to someone who has not been given a purpose."""

from __future__ import annotations


def mask_phone(text: str) -> str:
    """138****5621; numbers too short to keep both ends show their last two digits only."""
    if len(text) >= 11:
        return f"{text[:-8]}****{text[-4:]}"
    return "*" * max(len(text) - 2, 0) + text[-2:] if len(text) > 4 else "*" * len(text)


def mask_document(text: str) -> str:
    """4403**********1234 for an identity number, the same idea for shorter papers."""
    if len(text) >= 15:
        return f"{text[:4]}{'*' * (len(text) - 8)}{text[-4:]}"
    return f"{text[:1]}{'*' * (len(text) - 3)}{text[-2:]}" if len(text) > 4 else "*" * len(text)


def mask_email(text: str) -> str:
    name, at, host = text.partition("@")
    return f"{name[:1]}***{at}{host}" if at else "***"
