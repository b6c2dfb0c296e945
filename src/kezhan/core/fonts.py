"""Fonts of printed documents: Noto Sans SC, shipped; for rare characters a font of the machine; never a hole in a name.

reportlab drops a glyph it does not have without a word. So every text is cut into runs, each in a font that has its
characters. Missing ones are fetched from `KEZHAN_PDF_FONT` or a known font of the system; where no font has one, its
number is printed in its place (〔U+20BB7〕) and logged, so that a clerk can write it in by hand.
"""

from __future__ import annotations

import io
import logging
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfbase.ttfonts import TTFont as PdfFont

log = logging.getLogger(__name__)

BASE = "KezhanSans"
BASE_FILE = Path(__file__).resolve().parent / "fonts_data" / "NotoSansSC-Regular.ttf"
SYSTEM_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/System/Library/Fonts/PingFang.ttc",
    "/System/Library/Fonts/STHeiti Light.ttc",
    "C:/Windows/Fonts/msyh.ttc",
    "C:/Windows/Fonts/simsunb.ttf",
    "C:/Windows/Fonts/simsun.ttc",
)
UNITS = 1000
_BEYOND_BMP = re.compile(r"<([0-9A-F]{5,6})>")
_map_to_unicode = ttfonts.makeToUnicodeCMap


def _map_with_surrogates(font_name: str, subset: list[int]) -> str:
    """reportlab writes U+20BB7 as <20BB7>; the format asks for UTF-16, else the name cannot be copied or searched."""
    text = _map_to_unicode(font_name, subset)
    return _BEYOND_BMP.sub(
        lambda found: f"<{chr(int(found[1], 16)).encode('utf-16-be').hex().upper()}>", text
    )


ttfonts.makeToUnicodeCMap = _map_with_surrogates


def runs(text: str) -> list[tuple[str, str]]:
    """`text` in pieces of (font name, characters), nothing left out."""
    have = _base_characters()
    if all(ord(character) in have for character in text):
        return [(BASE, text)] if text else []
    return list(_mixed_runs(text))


@lru_cache(maxsize=2048)
def _mixed_runs(text: str) -> tuple[tuple[str, str], ...]:
    pieces: list[tuple[str, str]] = []
    for character in text:
        font, shown = _font_for(character)
        if pieces and pieces[-1][0] == font:
            pieces[-1] = (font, pieces[-1][1] + shown)
        else:
            pieces.append((font, shown))
    return tuple(pieces)


def width(text: str, size: float) -> float:
    """Width in points, over all fonts of its runs."""
    return sum(pdfmetrics.stringWidth(piece, font, size) for font, piece in runs(text))


def unprintable(text: str) -> list[str]:
    """Characters that neither our font nor one of this machine has."""
    return [character for character in text if _font_for(character)[1] != character]


@cache
def _base_characters() -> frozenset[int]:
    """Registers the shipped font at first use: reading it takes a fifth of a second, which only printing should pay."""
    font = PdfFont(BASE, str(BASE_FILE))
    pdfmetrics.registerFont(font)
    return frozenset(font.face.charToGlyph)


@cache
def _font_for(character: str) -> tuple[str, str]:
    """(font, what it shows) for one character."""
    if ord(character) in _base_characters():
        return BASE, character
    for source in _sources():
        if ord(character) in source.getBestCmap():
            return _borrow(character, source), character
    if character.isspace() or not character.isprintable():
        return BASE, " "
    log.warning("no font of this machine has U+%04X; set KEZHAN_PDF_FONT to one that does", ord(character))
    return BASE, f"〔U+{ord(character):04X}〕"


@cache
def _sources() -> list[Any]:
    """Fonts to borrow from, the one the house chose first."""
    paths = [path for path in (settings.KEZHAN_PDF_FONT, *SYSTEM_FONTS) if path and Path(path).is_file()]
    return [_open(Path(path)) for path in paths[:2]]


def _open(path: Path) -> TTFont:
    if path.suffix.lower() != ".ttc":
        return TTFont(path, lazy=True)
    faces = TTCollection(path, lazy=True).fonts
    chinese = [face for face in faces if " SC" in (face["name"].getDebugName(1) or "")]
    return (chinese or faces)[0]


def _borrow(character: str, source: TTFont) -> str:
    """Register a font that holds this one character. Its outline is redrawn, since reportlab reads no CFF outlines."""
    name = f"KezhanBorrowed{ord(character):X}"
    outlines = source.getGlyphSet()
    glyph_name = source.getBestCmap()[ord(character)]
    scale = UNITS / source["head"].unitsPerEm
    pen = TTGlyphPen(None)
    recording = DecomposingRecordingPen(outlines)
    outlines[glyph_name].draw(recording)
    recording.replay(Cu2QuPen(pen, max_err=1.0, reverse_direction="CFF " in source))
    builder = FontBuilder(source["head"].unitsPerEm, isTTF=True)
    builder.setupGlyphOrder([".notdef", "borrowed"])
    # reportlab keeps a space in every subset; it shows nothing here either.
    builder.setupCharacterMap({ord(character): "borrowed", 32: ".notdef"})
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "borrowed": pen.glyph()})
    advance = outlines[glyph_name].width
    builder.setupHorizontalMetrics({".notdef": (int(250 / scale), 0), "borrowed": (round(advance), 0)})
    builder.setupHorizontalHeader(ascent=round(880 / scale), descent=round(-120 / scale))
    builder.setupNameTable({"familyName": name, "styleName": "Regular", "psName": name})
    builder.setupOS2(sTypoAscender=round(880 / scale), sTypoDescender=round(-120 / scale))
    builder.setupPost(keepGlyphNames=False)
    file = io.BytesIO()
    builder.save(file)
    file.seek(0)
    pdfmetrics.registerFont(PdfFont(name, file))
    return name
