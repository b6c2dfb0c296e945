"""Measures the product against what this machine can do at best, in one run: ratios, not promises."""
