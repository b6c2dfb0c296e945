"""Night audit (夜审): what blocks it, running it in steps, what it froze."""

from .blockers import BLOCKERS, Blocker, blockers, register_blockers
from .run import STEPS, run, steps_of

__all__ = ["BLOCKERS", "STEPS", "Blocker", "blockers", "register_blockers", "run", "steps_of"]
