"""Source Sans, the only typeface of our documents: its widths for the layout and its registration for the drawing."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import as_file, files
from threading import Lock

# Stands for a character that Source Sans lacks; U+25A1 is itself lacking, so this is the ballot box, which looks the same.
MISSING = "\u2610"
_registering = Lock()


class Face(StrEnum):
    """The cuts we use.  The values are the names of the font files."""

    REGULAR = "SourceSansPro-Regular"
    SEMIBOLD = "SourceSansPro-Semibold"
    ITALIC = "SourceSansPro-It"


@dataclass(frozen=True, slots=True)
class Metrics:
    """What the layout needs to know about a face.

    Attributes:
        widths: Width of each character the face has, in thousandths of the size.
        known: The characters it has.
    """

    widths: dict[str, float]
    known: frozenset[str]

    def width(self, text: str, size: float) -> float:
        """Return the width of one line of `text` in points.  A character without a glyph counts as its sign."""
        widths = self.widths
        try:
            return sum([widths[sign] for sign in text]) * size / 1000
        except KeyError:
            return sum([widths.get(sign, widths[MISSING]) for sign in text]) * size / 1000


@cache
def metrics(face: Face) -> Metrics:
    """Return the metrics of `face`, and register it with reportlab the first time."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    with _registering:  # two documents may begin at once, and a face registered anew would lose the first one's subset
        if face.value not in pdfmetrics.getRegisteredFontNames():
            with as_file(files("font_source_sans_pro") / "files" / f"{face.value}.ttf") as path:
                pdfmetrics.registerFont(TTFont(face.value, str(path)))
    font = pdfmetrics.getFont(face.value)
    spare = font.face.defaultWidth
    known = {chr(code): code for code, glyph in font.face.charToGlyph.items() if glyph}
    return Metrics({sign: font.face.charWidths.get(code, spare) for sign, code in known.items()}, frozenset(known))
