"""Join the pieces a web font is cut into to one TrueType file for PDF.

The web package cuts Noto Sans SC into about a hundred variable pieces so that a browser loads few of them. A PDF needs one
static file: each piece is fixed at the regular weight and its outlines are copied under one character map. Bold is drawn
by the PDF writer as a stroke, which saves a second file of the same size.
"""

from __future__ import annotations

import io

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

FILE = "NotoSansSC-Regular.ttf"
COPYRIGHT = "Copyright 2014-2021 Adobe (http://www.adobe.com/), with Reserved Font Name 'Source'"


def merged_font(files: dict[str, bytes]) -> dict[str, bytes]:
    """{file name: TrueType bytes} from the woff2 pieces of the variable package."""
    pieces = sorted(name for name in files if name.endswith("-wght-normal.woff2"))
    glyphs: dict = {}
    advances: dict[str, tuple[int, int]] = {}
    characters: dict[int, str] = {}
    metrics: dict = {}
    for piece in pieces:
        font = instantiateVariableFont(TTFont(io.BytesIO(files[piece])), {"wght": 400})
        metrics = metrics or vertical_metrics(font)
        copy_glyphs(font, glyphs, advances, characters)
    return {FILE: build(glyphs, advances, characters, metrics)}


def vertical_metrics(font: TTFont) -> dict:
    return {
        "units": font["head"].unitsPerEm,
        "ascent": font["hhea"].ascent,
        "descent": font["hhea"].descent,
        "cap_height": font["OS/2"].sCapHeight,
    }


def copy_glyphs(font: TTFont, glyphs: dict, advances: dict, characters: dict[int, str]) -> None:
    """Copy what the collection does not have yet; composites are drawn out, since their parts may lie elsewhere."""
    outlines = font.getGlyphSet()
    wanted = {".notdef": ".notdef"} if not glyphs else {}
    for code, name in font.getBestCmap().items():
        if code not in characters:
            characters[code] = f"u{code:05X}"
            wanted[characters[code]] = name
    for name, original in wanted.items():
        recording = DecomposingRecordingPen(outlines)
        outlines[original].draw(recording)
        pen = TTGlyphPen(None)
        recording.replay(pen)
        glyphs[name] = pen.glyph(dropImpliedOnCurves=True)
        advances[name] = (outlines[original].width, 0)


def build(glyphs: dict, advances: dict, characters: dict[int, str], metrics: dict) -> bytes:
    builder = FontBuilder(metrics["units"], isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap(characters)
    builder.setupGlyf(glyphs)
    table = builder.font["glyf"]
    builder.setupHorizontalMetrics({name: (width, table[name].xMin if table[name].numberOfContours else 0)
                                    for name, (width, _) in advances.items()})  # fmt: skip
    builder.setupHorizontalHeader(ascent=metrics["ascent"], descent=metrics["descent"])
    builder.setupNameTable(
        {
            "copyright": COPYRIGHT,
            "familyName": "Kezhan Noto Sans SC",
            "styleName": "Regular",
            "psName": "KezhanNotoSansSC-Regular",
            "licenseDescription": "SIL Open Font License, Version 1.1",
        }
    )
    builder.setupOS2(sTypoAscender=metrics["ascent"], sTypoDescender=metrics["descent"],
                     sCapHeight=metrics["cap_height"], fsType=0)  # fmt: skip
    builder.setupPost(keepGlyphNames=False)
    builder.font["head"].created = builder.font["head"].modified = 3786912000
    builder.font.recalcTimestamp = False
    out = io.BytesIO()
    builder.save(out)
    return out.getvalue()
