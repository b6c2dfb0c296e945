"""A small kit for what a hotel prints: voucher, bill, registration form, report on A4; slip on 80 mm paper.

    paper = Paper(house=request.property, title=_("订房凭证"), number=booking.number, printed=moment_text)
    paper.facts([(_("住客"), name), (_("到店"), day)])
    paper.table([Col(_("日期")), Col(_("项目"), 3), Col(_("金额"), align="right")], rows)
    paper.totals([(_("合计"), "¥776.00")])
    paper.qr(url, _("扫码查看"))
    return paper.response("voucher.pdf")

The same content gives the same bytes, so that a document can be compared by its digest.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.http import FileResponse
from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    PageTemplate,
    Spacer,
    Table,
    TableStyle,
)

from . import fonts
from .qr import QrCode

Align = Literal["left", "right", "center"]
INK, QUIET, LINE, SOFT = HexColor("#1d242c"), HexColor("#56606b"), HexColor("#c5cbd1"), HexColor("#eef0f2")
MARGIN, SLIP_WIDTH, SLIP_MARGIN = 18 * mm, 80 * mm, 4 * mm
LEADING = 1.5
# Words stay whole, ideographs may part anywhere; what closes may not begin a line, what opens may not end one.
_TOKENS = re.compile(r"\n|[ \t]+|[!-~\u00a1-\u024f\u2010-\u2015]+|.", re.DOTALL)
_NOT_FIRST = set("，。、；：？！）》」』】”’…—％%.,;:?!)]}>")
_NOT_LAST = set("（《「『【“‘([{<")


# ---------------------------------------------------------------- text


@dataclass(frozen=True)
class Style:
    size: float = 9.5
    bold: bool = False
    color: Any = INK
    align: Align = "left"


PLAIN, BOLD, SMALL = Style(), Style(bold=True), Style(size=8, color=QUIET)


def break_lines(text: str, width: float, size: float) -> list[str]:
    """Lines that fit `width` points. A word wider than the line is cut; nothing is lost."""
    lines: list[str] = []
    line = ""
    for token in _TOKENS.findall(text):
        if token == "\n":  # noqa: S105
            lines.append(line)
            line = ""
        elif fonts.width(line + token, size) <= width or (token in _NOT_FIRST and line):
            line += token
        else:
            carried = ""
            while line and line[-1] in _NOT_LAST:
                line, carried = line[:-1], line[-1] + carried
            if line.strip():
                lines.append(line.rstrip())
            line = carried + token.lstrip()
            while fonts.width(line, size) > width and len(line) > 1:
                cut = max(n for n in range(1, len(line)) if n == 1 or fonts.width(line[:n], size) <= width)
                lines.append(line[:cut])
                line = line[cut:]
    return [*lines, line] if line or not lines else lines


class Text(Flowable):
    """Wrapped text, each character in a font that has it; bold is the outline drawn a little thicker."""

    def __init__(self, text: Any, style: Style = PLAIN, *, after: float = 0) -> None:
        super().__init__()
        self.text, self.style = str(text), style
        self.spaceAfter = after
        self.lines: list[str] = []

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        self.width = available_width
        self.lines = break_lines(self.text, available_width, self.style.size)
        self.height = len(self.lines) * self.style.size * LEADING
        return available_width, self.height

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        """A long text goes on to the next page, line by line."""
        self.wrap(available_width, available_height)
        fit = int(available_height // (self.style.size * LEADING))
        if fit < 1 or fit >= len(self.lines):
            return []
        first, rest = "\n".join(self.lines[:fit]), "\n".join(self.lines[fit:])
        return [Text(first, self.style), Text(rest, self.style, after=self.spaceAfter)]

    def minWidth(self) -> float:  # noqa: N802 - the name reportlab asks for
        return self.style.size * 2

    def draw(self) -> None:
        baseline = self.height - self.style.size * 1.15
        for line in self.lines:
            draw_line(self.canv, line, 0, baseline, self.width, self.style)
            baseline -= self.style.size * LEADING


def draw_line(canvas: Canvas, text: str, x: float, y: float, width: float, style: Style) -> None:
    """One line at (x, y), aligned within `width`."""
    slack = width - fonts.width(text, style.size) if style.align != "left" else 0
    pen = canvas.beginText(x + (slack / 2 if style.align == "center" else slack), y)
    pen.setFillColor(style.color)
    if style.bold:
        pen.setTextRenderMode(2)
        pen.setStrokeColor(style.color)
        canvas.setLineWidth(style.size * 0.03)
    for font, piece in fonts.runs(text):
        pen.setFont(font, style.size)
        pen.textOut(piece)
    if style.bold:
        pen.setTextRenderMode(0)
    canvas.drawText(pen)


# ---------------------------------------------------------------- the paper


@dataclass(frozen=True)
class Col:
    """A column of a table; `share` is its part of the width beside the others."""

    label: Any
    share: float = 1
    align: Align = "left"


class Paper:
    """A document in the making. `house` has name, address, telephone; `printed` says when (as text, house's zone)."""

    def __init__(
        self,
        *,
        house: Any,
        title: Any,
        number: str = "",
        printed: str = "",
        english: bool = False,
        slip: bool = False,
    ) -> None:
        self.house_name = _words(house, "name", english)
        self.address = _words(house, "address", english)
        self.telephone = str(getattr(house, "telephone", ""))
        self.title, self.number, self.printed = str(title), number, printed
        self.slip = slip
        self.story: list[Flowable] = []

    @property
    def width(self) -> float:
        return SLIP_WIDTH - 2 * SLIP_MARGIN if self.slip else A4[0] - 2 * MARGIN

    def heading(self, text: Any) -> None:
        self.story += [Spacer(0, 3 * mm), Text(text, Style(size=11, bold=True), after=1 * mm)]

    def text(self, text: Any, *, bold: bool = False, small: bool = False, align: Align = "left") -> None:
        self.story.append(
            Text(text, Style(8 if small else 9.5, bold, QUIET if small else INK, align), after=1 * mm)
        )

    def space(self, millimetres: float) -> None:
        self.story.append(Spacer(0, millimetres * mm))

    def rule(self) -> None:
        line = [("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE)]
        self.story.append(Table([[""]], colWidths=[self.width], rowHeights=[2 * mm], style=line))

    def facts(self, pairs: Iterable[tuple[Any, Any]], *, columns: int = 2) -> None:
        """Labels with their values, side by side; under each other on a slip."""
        columns = 1 if self.slip else columns
        cells: list[Any] = [(Text(label, SMALL), Text(value)) for label, value in pairs]
        cells += [("", "")] * (-len(cells) % columns)
        rows = [
            [part for pair in cells[at : at + columns] for part in pair]
            for at in range(0, len(cells), columns)
        ]
        if not rows:
            return
        label = min(28 * mm, self.width / columns * 0.4)
        widths = [label, self.width / columns - label] * columns
        self.story.append(Table(rows, colWidths=widths, style=_tight(), hAlign="LEFT"))

    def table(
        self, columns: Sequence[Col], rows: Iterable[Sequence[Any]], *, last_is_total: bool = False
    ) -> None:
        """A table whose head is repeated on each page. Cells are text; a Flowable is drawn as it is."""
        whole = sum(column.share for column in columns)
        head = [Text(column.label, Style(8, True, QUIET, column.align)) for column in columns]
        body = [[self._cell(cell, column) for cell, column in zip(row, columns, strict=True)] for row in rows]
        style = TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, 0), 0.75, INK),
                ("LINEBELOW", (0, 1), (-1, -1), 0.25, LINE),
                ("LEFTPADDING", (0, 0), (-1, -1), 2),
                ("RIGHTPADDING", (0, 0), (-1, -1), 2),
                ("TOPPADDING", (0, 0), (-1, -1), 2.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
            ]
        )
        if last_is_total and body:
            style.add("LINEABOVE", (0, -1), (-1, -1), 0.75, INK)
        widths = [self.width * column.share / whole for column in columns]
        self.story += [Table([head, *body], colWidths=widths, repeatRows=1, style=style), Spacer(0, 2 * mm)]

    def _cell(self, cell: Any, column: Col) -> Any:
        text = "" if cell is None else str(cell)
        return (
            cell
            if isinstance(cell, Flowable)
            else Text(text, Style(8 if self.slip else 9, align=column.align))
        )

    def totals(self, pairs: Iterable[tuple[Any, Any]]) -> None:
        """Amounts at the right; the last one is the result, printed bold. Kept on one page."""
        listed = list(pairs)
        rows = []
        for at, (label, amount) in enumerate(listed, start=1):
            strong = at == len(listed)
            rows.append(
                [
                    Text(label, Style(bold=strong, align="right")),
                    Text(amount, Style(bold=strong, align="right")),
                ]
            )
        widths = [self.width * 0.68, self.width * 0.32]
        style = [*_tight(), ("LINEABOVE", (0, -1), (-1, -1), 0.75, INK)]
        self._together(Table(rows, colWidths=widths, style=style), Spacer(0, 2 * mm))

    def qr(self, data: str, caption: Any = "", *, side_mm: float = 30) -> None:
        parts: list[Flowable] = [QrCode(data, side_mm * mm)]
        if caption:
            parts.append(Text(caption, SMALL))
        self._together(*parts)

    def _together(self, *parts: Flowable) -> None:
        """Parts that no page break may part; a slip has none."""
        self.story += parts if self.slip else [KeepTogether(list(parts))]

    def signatures(self, labels: Sequence[Any]) -> None:
        """Lines to sign on."""
        width = self.width / len(labels)
        cells = [Text(label, SMALL) for label in labels]
        style = [*_tight(), *[("LINEABOVE", (at, 0), (at, 0), 0.5, INK) for at in range(len(labels))]]
        self.story += [Spacer(0, 14 * mm), Table([cells], colWidths=[width] * len(labels), style=style)]

    # ------------------------------------------------------------ out

    def build(self) -> bytes:
        """The finished PDF. A Paper is built once."""
        out = io.BytesIO()
        size = self._slip_size() if self.slip else A4
        margin = SLIP_MARGIN if self.slip else MARGIN
        top, bottom = (margin, margin) if self.slip else (30 * mm, 20 * mm)
        frame = Frame(margin, bottom, self.width, size[1] - top - bottom, 0, 0, 0, 0, id="body")
        document = BaseDocTemplate(
            out,
            pagesize=size,
            title=f"{self.title} {self.number}".strip(),
            author=self.house_name,
            creator="Kezhan",
            invariant=True,
            lang="zh-CN",
        )
        furnish = _nothing if self.slip else self._furnish
        document.addPageTemplates([PageTemplate(id="page", frames=[frame], onPage=furnish)])
        document.build(self._slip_head() + self.story if self.slip else self.story, canvasmaker=_Numbered)
        return out.getvalue()

    def response(self, filename: str, *, download: bool = False) -> FileResponse:
        file = io.BytesIO(self.build())
        return FileResponse(file, content_type="application/pdf", filename=filename, as_attachment=download)

    def _furnish(self, canvas: Canvas, document: Any) -> None:
        """Head and foot of every A4 page."""
        right = MARGIN + self.width
        head = A4[1] - 17 * mm
        draw_line(canvas, self.house_name, MARGIN, head, self.width, Style(11, True))
        draw_line(canvas, self.title, MARGIN, head, self.width, Style(14, True, align="right"))
        if self.number:
            draw_line(canvas, self.number, MARGIN, head - 5.5 * mm, self.width, Style(9, align="right"))
        contact = " · ".join(part for part in (self.address, self.telephone) if part)
        draw_line(canvas, contact, MARGIN, head - 5.5 * mm, self.width, SMALL)
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.5)
        canvas.line(MARGIN, 15 * mm, right, 15 * mm)
        if self.printed:
            words = _("打印于 %(when)s") % {"when": self.printed}
            draw_line(canvas, words, MARGIN, 11 * mm, self.width, SMALL)

    def _slip_head(self) -> list[Flowable]:
        middle = Style(8, color=QUIET, align="center")
        parts: list[Flowable] = [
            Text(self.house_name, Style(11, True, align="center")),
            Text(self.title, Style(10, True, align="center"), after=1 * mm),
        ]
        parts += [Text(words, middle) for words in (self.number, self.telephone, self.printed) if words]
        return [*parts, Spacer(0, 2 * mm)]

    def _slip_size(self) -> tuple[float, float]:
        """A slip is as long as what stands on it."""
        rough = Canvas(io.BytesIO())
        height = sum(
            part.wrapOn(rough, self.width, 10_000 * mm)[1] + part.getSpaceAfter() + part.getSpaceBefore()
            for part in [*self._slip_head(), *self.story]
        )
        return SLIP_WIDTH, height + 2 * SLIP_MARGIN + 4 * mm


def _words(house: Any, field: str, english: bool) -> str:
    """What the hotel wrote, in English where it wrote that too."""
    return str((english and getattr(house, f"{field}_en", None)) or getattr(house, field, None) or "")


def _tight() -> list[tuple]:
    return [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
    ]


def _nothing(canvas: Canvas, document: Any) -> None:
    """A slip has neither head nor foot."""


class _Numbered(Canvas):
    """Knows how many pages there are: the foot is drawn when all of them stand."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._finished: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - the name reportlab calls
        self._finished.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, page in enumerate(self._finished, start=1):
            self.__dict__.update(page)
            if self._pagesize[0] >= A4[0] - 1:
                words = _("第 %(page)s 页，共 %(pages)s 页") % {"page": number, "pages": len(self._finished)}
                draw_line(
                    self, words, MARGIN, 11 * mm, A4[0] - 2 * MARGIN, Style(8, color=QUIET, align="right")
                )
            super().showPage()
        super().save()
