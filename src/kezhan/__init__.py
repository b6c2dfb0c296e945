"""Kezhan 客栈: the system a hotel runs its day on."""

__version__ = "0.1.0"
