"""What a request of a signed-in person carries, for those who read types."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest

from kezhan.core.actor import Actor
from kezhan.properties.api import Group, Property

from .models import User


class PersonRequest(HttpRequest):
    """A request behind the door: PersonMiddleware has set who acts, in which group, and which houses are theirs."""

    user: User
    actor: Actor
    group: Group
    properties: Sequence[Property]
