"""One bench in a process of its own; the last line it prints is the result as JSON."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any


def main(name: str, given: dict[str, Any]) -> None:
    from kezhan.core.keys import make_key_file

    make_key_file(Path(os.environ["KEZHAN_KEYS_FILE"]))
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    from .benches import BENCHES, Options

    print(json.dumps(BENCHES[name](Options(**given)), ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
