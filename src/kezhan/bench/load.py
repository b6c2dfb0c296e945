"""A bounded load over HTTP on loopback: standard library only, one kept connection a client."""

from __future__ import annotations

import http.client
import json
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

TIMEOUT = 60


@dataclass
class Answer:
    """`status` is the number of HTTP, or a word for what a bench found wrong in an answer."""

    status: int | str
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """One kept connection. Re-opens it once when the server closed it between two requests."""

    def __init__(self, base: str, headers: dict[str, str] | None = None) -> None:
        parts = urlsplit(base)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port
        self._headers = dict(headers or {})
        self._connection: http.client.HTTPConnection | None = None

    def request(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Answer:
        payload = None if body is None else json.dumps(body).encode()
        sent = {**self._headers, **(headers or {})}
        if payload is not None:
            sent["Content-Type"] = "application/json"
        for attempt in (1, 2):
            fresh = self._connection is None
            if self._connection is None:
                self._connection = http.client.HTTPConnection(self._host, self._port, timeout=TIMEOUT)
            try:
                self._connection.request(method, path, body=payload, headers=sent)
                response = self._connection.getresponse()
                return Answer(response.status, response.read())
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                self.close()
                if fresh or attempt == 2:
                    raise
        raise AssertionError("unreachable")

    def get(self, path: str) -> Answer:
        return self.request("GET", path)

    def post(self, path: str, body: Any, key: str = "") -> Answer:
        return self.request("POST", path, body, {"Idempotency-Key": key} if key else None)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


@dataclass
class Sample:
    """Times of one pass in milliseconds, and how many answers of which status came."""

    clients: int
    times: list[float] = field(default_factory=list)
    statuses: Counter = field(default_factory=Counter)
    seconds: float = 0.0

    def summary(self) -> dict[str, Any]:
        ordered = sorted(self.times)
        if not ordered:
            return {"clients": self.clients, "n": 0, "statuses": dict(self.statuses)}
        return {
            "clients": self.clients,
            "n": len(ordered),
            "min_ms": round(ordered[0], 2),
            "median_ms": round(statistics.median(ordered), 2),
            "p95_ms": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], 2),
            "p99_ms": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))], 2),
            "per_second": round(len(ordered) / self.seconds, 1),
            "statuses": {str(status): count for status, count in sorted(self.statuses.items(), key=str)},
        }


def load(
    base: str,
    call: Callable[[Client, int], Answer],
    *,
    clients: int,
    requests: int,
    seconds: float = 30,
    headers: dict[str, str] | None = None,
    before: Callable[[int], None] | None = None,
) -> Sample:
    """`requests` calls from `clients` connections, or as many as `seconds` allow. `call` gets a running number; what is to
    be done `before` it is not timed.
    """
    sample, lock, taken = Sample(clients), threading.Lock(), [0]
    started = time.perf_counter()

    def work() -> None:
        client = Client(base, headers)
        while True:
            with lock:
                if taken[0] >= requests or time.perf_counter() - started > seconds:
                    break
                taken[0] += 1
                number = taken[0]
            if before is not None:
                before(number)
            begun = time.perf_counter()
            try:
                status: Any = call(client, number).status
            except (OSError, http.client.HTTPException) as error:
                status = type(error).__name__
            elapsed = (time.perf_counter() - begun) * 1000
            with lock:
                sample.times.append(elapsed)
                sample.statuses[status] += 1
        client.close()

    _together([work] * clients)
    sample.seconds = time.perf_counter() - started
    return sample


def race(
    base: str, call: Callable[[Client, int], Answer], *, clients: int, headers: dict[str, str]
) -> list[Answer]:
    """One simultaneous call from each of `clients` connections, held back until all are ready."""
    barrier = threading.Barrier(clients)
    answers: list[Answer | None] = [None] * clients

    def runner(number: int) -> Callable[[], None]:
        def work() -> None:
            client = Client(base, headers)
            barrier.wait()
            answers[number] = call(client, number)
            client.close()

        return work

    _together([runner(number) for number in range(clients)])
    return [answer if answer is not None else Answer(0, b"") for answer in answers]


def _together(jobs: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
