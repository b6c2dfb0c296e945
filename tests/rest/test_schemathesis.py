"""Every route of the REST interface against its own OpenAPI text: valid and invalid calls, none may surprise."""

from __future__ import annotations

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from kezhan.core.rights import RIGHTS

from .conftest import make_caller

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.urls("tests.rest.trial")]
EXAMPLES = 60


@pytest.fixture(autouse=True)
def one_connection():
    """A real server drops connections around requests; the test's own holds the rows of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def product(one_connection):
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


@pytest.fixture
def trial(one_connection):
    return schemathesis.openapi.from_wsgi("/trial/openapi.json", get_wsgi_application()).exclude(
        path_regex="fault|busy"
    )


@pytest.fixture
def headers():
    """A token that may do everything at one house, so that refusals are about what was sent."""
    return {"Authorization": f"Bearer {make_caller([code for code, _ in RIGHTS], code='house').text}"}


few = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def call_everything(schema, mode: GenerationMode, headers: dict[str, str]) -> int:
    """Calls of every route, made up from its own text; each answer is checked against that text."""
    schema.config.generation.update(with_security_parameters=False)
    calls = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @few
        @given(case=operation.as_strategy(generation_mode=mode))
        def call(case):
            nonlocal calls
            calls += 1
            if mode is GenerationMode.POSITIVE and "Idempotency-Key" in (case.headers or {}):
                # A key of its own: the same one with another body is refused, which no OpenAPI text can say.
                case.headers["Idempotency-Key"] = f"call-{calls}"
            if calls % 2 and "property_code" in (case.path_parameters or {}):
                case.path_parameters["property_code"] = "house"  # the one this token may enter
            response = case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])
            # What fits the text may be refused for its meaning (departure before arrival), but not for its form.
            if mode is GenerationMode.POSITIVE and response.status_code == 422:
                assert response.json()["code"] != "rest.invalid_fields", response.text

        call()
    return calls


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("name", ["product", "trial"])
def test_every_route_keeps_its_word(name, mode, headers, request):
    calls = call_everything(request.getfixturevalue(name), mode, headers)
    print(f"{name}, {mode.value}: {calls} calls")
