"""Pieces of the REST root: the door for tokens, limits, problem bodies, the OpenAPI text."""
