"""`kezhan test`: what the build server runs, in lanes, with a closing line like pytest's."""

from .command import main

__all__ = ["main"]
