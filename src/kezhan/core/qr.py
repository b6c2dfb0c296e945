"""QR codes for screen and paper."""

from __future__ import annotations

from typing import Any

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from reportlab.platypus import Flowable


def svg(data: str, label: Any, *, scale: float = 4) -> SafeString:
    """An inline SVG that a template prints as it is; `label` says what the code opens."""
    drawing = segno.make(data, error="m", micro=False).svg_inline(
        scale=scale, dark="#000", light="#fff", border=4
    )
    return format_html('<span class="kz-qr" role="img" aria-label="{}">{}</span>', label, mark_safe(drawing))  # noqa: S308


class QrCode(Flowable):
    """A QR code `side` points wide, with its quiet zone."""

    def __init__(self, data: str, side: float) -> None:
        super().__init__()
        self.matrix = [list(row) for row in segno.make(data, error="m", micro=False).matrix_iter(border=4)]
        self.width = self.height = side

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        step = self.width / len(self.matrix)
        for y, row in enumerate(self.matrix):
            for x, dark in enumerate(row):
                if dark:
                    # A hair wider, so that no white seam shows between two modules.
                    self.canv.rect(
                        x * step, self.height - (y + 1) * step, step * 1.02, step * 1.02, stroke=0, fill=1
                    )
