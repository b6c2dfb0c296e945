"""Run as a process by the crash tests: `setup` prints a token, `post KEY NAME [--die]` sends one request.

With --die the process kills itself after the commit and before the answer is handed out.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time

import django


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


def post(token: str, key: str, name: str, *options: str) -> None:
    from django.conf import settings
    from django.test import Client

    settings.ROOT_URLCONF = "tests.rest.trial"
    settings.ALLOWED_HOSTS = ["*"]
    if "--die" in options:
        settings.MIDDLEWARE = ["tests.rest.crash.DieBeforeAnswer", *settings.MIDDLEWARE]
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
    client = Client(raise_request_exception=False)
    client.get("/api/v1/openapi.json")
    for option in options:
        if option.startswith("--at="):
            time.sleep(max(0.0, float(option[5:]) - time.time()))
    response = client.post("/trial/notes", {"name": name}, content_type="application/json", headers=headers)
    print(json.dumps([response.status_code, response.json()]))


if __name__ == "__main__":
    django.setup()
    setup() if sys.argv[1] == "setup" else post(*sys.argv[2:])
