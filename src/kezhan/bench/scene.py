"""What every bench over HTTP needs: a filled database, a server of the product on it, a token."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from kezhan.people import api as people
from kezhan.properties import api as properties

from . import houses
from .load import Answer, Client, Sample, load
from .site import serve

SCOPES = ["reservations.read", "reservations.book"]


@dataclass
class Scene:
    """A running product with its houses; `headers` carry the token."""

    base: str
    headers: dict[str, str]
    places: list[properties.Property]
    size: houses.Size

    @property
    def root(self) -> str:
        return f"/api/v1/properties/{self.places[0].code}"

    def load(self, call: Any, *, clients: int, requests: int, seconds: float = 20) -> dict[str, Any]:
        return self.sample(call, clients=clients, requests=requests, seconds=seconds).summary()

    def sample(self, call: Any, *, clients: int, requests: int, seconds: float = 20) -> Sample:
        return load(
            self.base, call, clients=clients, requests=requests, seconds=seconds, headers=self.headers
        )


def token(group: properties.Group) -> str:
    """A token of the bench's own."""
    _row, text = people.issue_token(
        group=group, name="bench", scopes=SCOPES, places=None, days=1, actor=houses.CLERK, now=timezone.now()
    )
    return text


@contextlib.contextmanager
def scene(size: houses.Size) -> Iterator[Scene]:
    """Build the houses in the connected, migrated database and serve them as the product would be."""
    places = houses.build(size)
    headers = {"Authorization": f"Bearer {token(places[0].group)}"}
    with product() as base:
        client = Client(base, headers)
        for _ in range(20):
            client.get("/api/v1/properties/")
        client.close()
        yield Scene(base, headers, places, size)


def product() -> contextlib.AbstractContextManager[str]:
    """The product as `kezhan run` serves it. The limit of calls is set out of reach: it would count the bench itself."""
    environment = {"DJANGO_SETTINGS_MODULE": "kezhan.settings", "KEZHAN_REST_CALLS_PER_MINUTE": "10000000"}
    return serve("kezhan.website.wsgi:application", "/healthz", environment)


def signed_in(group: properties.Group) -> dict[str, str]:
    """Headers of a browser in which an administrator of the group signed in."""
    from django.conf import settings
    from django.test import Client as Browser

    now = timezone.now()
    people.furnish_group(group=group, actor=houses.CLERK, now=now)
    user, _password = people.hire(
        group=group, username="bench", name="Bench", hired_date=now.date(), password="bench-only-7-words",  # noqa: S106
        actor=houses.CLERK, now=now,
    )  # fmt: skip
    people.seat_administrator(user=user, actor=houses.CLERK, now=now)
    browser = Browser()
    browser.force_login(user)
    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"}


@contextlib.contextmanager
def limit() -> Iterator[str]:
    """The bare Django application on the same database."""
    environment = {"KEZHAN_BENCH_URL": os.environ["KEZHAN_DATABASE_URL"]}
    with serve("kezhan.bench.bare:application", "/noop", environment) as base:
        yield base


def bare_rate(base: str, path: str, *, clients: int, requests: int) -> dict[str, Any]:
    def call(client: Client, _number: int) -> Answer:
        return client.get(path)

    load(base, call, clients=2, requests=50)
    return load(base, call, clients=clients, requests=requests, seconds=10).summary()


def side_by_side(
    site: Scene, call: Any, bare: str, path: str, *, clients: int, requests: int, rounds: int = 3
) -> dict[str, Any]:
    """Product and limit in turn, so that both see the same machine: its other work would otherwise decide the ratio.

    The figures are those of the round whose ratio is the middle one.
    """
    found = []
    for _ in range(rounds):
        product = site.load(call, clients=clients, requests=requests // rounds)
        limit = bare_rate(bare, path, clients=clients, requests=2 * requests // rounds)
        found.append((round(product["per_second"] / limit["per_second"], 3), product, limit))
    found.sort(key=lambda one: one[0])
    ratio, product, limit = found[rounds // 2]
    return {"ratio": ratio, "ratios": [one[0] for one in found], "beside_limit": product, "limit": limit}


def period(number: int, stay: int = 3) -> tuple[date, date]:
    """Arrival and departure of the `number`th request, spread over the coming months."""
    arrival = houses.TODAY + timedelta(days=(number * 37) % (houses.AHEAD_DAYS - stay))
    return arrival, arrival + timedelta(days=stay)


def booking_body(
    number: int, arrival: date, departure: date, room_type: str = "T0", plan: str = "P0"
) -> dict[str, Any]:
    return {
        "arrival": arrival.isoformat(),
        "departure": departure.isoformat(),
        "rooms": [{"room_type": room_type, "rate_plan": plan, "adults": 1, "children": 0}],
        "guest": {"name": f"测试{number}", "phone": f"139{number % 100_000_000:08d}"},
        "market": "FIT",
        "source": "DESK",
        "channel": "DIRECT",
    }
