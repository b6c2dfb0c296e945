"""What this app declares and registers when the product starts."""

from kezhan.audit import api as audit

from .queries import KnownTree


def register() -> None:
    audit.register_tree(KnownTree())
