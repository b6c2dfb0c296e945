"""What other apps may call."""

from .handlers import (
    Handler,
    Job,
    declare_waiting,
    handler,
    register_frame,
    register_handler,
    register_schedule,
)
from .idempotency import idempotent
from .models import Task
from .operations.calls import add_calls
from .operations.enqueue import enqueue, enqueue_many
from .queries import alive, scheduler_alive

__all__ = [
    "Handler",
    "Job",
    "Task",
    "add_calls",
    "alive",
    "declare_waiting",
    "enqueue",
    "enqueue_many",
    "handler",
    "idempotent",
    "register_frame",
    "register_handler",
    "register_schedule",
    "scheduler_alive",
]
