"""What `run` starts: `python -m kezhan.cli.child web|worker|scheduler`.

Standard input is a leash held by the parent. When it is cut (the parent was killed and could stop nobody) the child
ends itself with everything it started, so that no second server answers on the port after the next start.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

from . import osdep

GRACE_SECONDS = 4.0
COMMANDS = {"worker": "kezhan_worker", "scheduler": "kezhan_scheduler"}


def main(argv: list[str]) -> int:
    threading.Thread(target=hold_leash, daemon=True).start()
    if argv[0] == "web":
        serve()
    else:
        from django.core.management import execute_from_command_line

        execute_from_command_line(["kezhan manage", COMMANDS[argv[0]]])
    return 0


def hold_leash() -> None:
    try:
        while os.read(0, 64):
            pass
    except OSError:
        pass
    osdep.end_own_group(hard=False)
    time.sleep(GRACE_SECONDS)
    osdep.end_own_group(hard=True)


def serve() -> None:
    """granian, WSGI: for synchronous pages several times faster than any ASGI server (docs/decisions)."""
    from granian import Granian
    from granian.constants import Interfaces, SSLProtocols
    from granian.log import LogLevels

    from . import served  # noqa: F401 - loaded once here: a mistake shows once, and workers share the memory

    certificate = os.environ.get("KEZHAN_SERVE_CERT")
    key = os.environ.get("KEZHAN_SERVE_KEY")
    Granian(
        "kezhan.cli.served:application",
        address=os.environ["KEZHAN_BIND_HOST"],
        port=int(os.environ["KEZHAN_BIND_PORT"]),
        interface=Interfaces.WSGI,
        workers=int(os.environ.get("KEZHAN_WEB_WORKERS", "2")),
        blocking_threads=int(os.environ.get("KEZHAN_WEB_THREADS", "4")),
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=3,
        ssl_cert=Path(certificate) if certificate else None,
        ssl_key=Path(key) if key else None,
        ssl_protocol_min=SSLProtocols.tls12,
        static_path_route=["/static"],
        static_path_mount=[Path(os.environ["KEZHAN_STATIC_ROOT"])],
        static_path_expires=86400,
    ).serve()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
