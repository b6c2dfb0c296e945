"""What other apps may call."""

from .handlers import Handler, Job, declare_waiting, handler, register_handler, register_schedule
from .models import Task
from .operations.enqueue import enqueue, enqueue_many
from .queries import alive, scheduler_alive

__all__ = [
    "Handler",
    "Job",
    "Task",
    "alive",
    "declare_waiting",
    "enqueue",
    "enqueue_many",
    "handler",
    "register_handler",
    "register_schedule",
    "scheduler_alive",
]
