"""Run as a process by the crash tests: `setup` prints a token, `post TOKEN KEY NAME` sends one request, `die` the same but
kills its process after the commit and before the answer is handed out, `race` sends it from many threads at once.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import django

CLIENTS = 8


class DieBeforeAnswer:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == 201:
            os.kill(os.getpid(), signal.SIGKILL)
        return response


def setup() -> None:
    from django.db import connection
    from django.utils import timezone

    from kezhan.outbox.models import CallCount, IdempotentAnswer, Schedule
    from kezhan.people.models import ApiToken, TokenProperty
    from kezhan.people.tests import factories
    from kezhan.properties.api import Group, Property

    with connection.schema_editor() as editor:
        for model in (Group, Property, ApiToken, TokenProperty, CallCount, IdempotentAnswer, Schedule):
            editor.create_model(model)
    _, text = factories.make_token(factories.make_property(code="h1"), ["people.read"], now=timezone.now())
    print(text)


def send(token: str, key: str, body: dict) -> list:
    from django.db import connection
    from django.test import Client

    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
    client = Client(raise_request_exception=False)
    response = client.post("/trial/notes", body, content_type="application/json", headers=headers)
    connection.close()
    return [response.status_code, response.json()]


def post(token: str, key: str, name: str) -> None:
    print(json.dumps(send(token, key, {"name": name})))


def die(token: str, key: str, name: str) -> None:
    from django.conf import settings

    settings.MIDDLEWARE = ["tests.rest.crash.DieBeforeAnswer", *settings.MIDDLEWARE]
    post(token, key, name)


def race(token: str, key: str, name: str) -> None:
    """Each thread has a connection of its own, as the threads and processes of a server have."""
    start = threading.Barrier(CLIENTS)

    def one(_: int) -> list:
        start.wait()
        return send(token, key, {"name": name, "slow": True})

    with ThreadPoolExecutor(CLIENTS) as pool:
        print(json.dumps(list(pool.map(one, range(CLIENTS)))))


if __name__ == "__main__":
    django.setup()
    from django.conf import settings

    settings.ROOT_URLCONF = "tests.rest.trial"
    settings.ALLOWED_HOSTS = ["*"]
    {"setup": setup, "post": post, "die": die, "race": race}[sys.argv[1]](*sys.argv[2:])
