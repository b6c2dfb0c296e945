"""Screens that show the whole house at once. They read few queries and keep what they have drawn.

Each tile and row is drawn by a pure function of its content, its address and the language, behind a cache of the process:
what changed has another content, so nothing stale can be shown.
"""
