"""How documents look: one typeface, one blue, a few greys.  All measures in points unless a name says millimetres."""

from dataclasses import dataclass, replace

from app.documents.pdf.fonts import Face

MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)

BLUE = "#0B5CAD"
INK = "#1B222B"
MUTED = "#55606D"
HAIRLINE = "#C9D1DA"
TINT = "#EEF4FA"
SHADE = "#F1F2F4"
WHITE = "#FFFFFF"


@dataclass(frozen=True, slots=True)
class Style:
    """The looks of one kind of text.  `before` and `after` are the air around a block."""

    size: float = 10.5
    leading: float = 14.5
    face: Face = Face.REGULAR
    color: str = INK
    before: float = 0
    after: float = 6


BODY = Style()
LEAD = Style(size=12, leading=17, color=MUTED, after=12)
SMALL = Style(size=8.5, leading=11.5, color=MUTED, after=3)
TITLE = Style(size=23, leading=28, face=Face.SEMIBOLD, after=4)
HEADING = Style(size=14.5, leading=19, face=Face.SEMIBOLD, color=BLUE, before=15, after=5)
SUBHEADING = Style(size=11, leading=15, face=Face.SEMIBOLD, before=9, after=2)
STRONG = replace(BODY, face=Face.SEMIBOLD)
CELL = Style(size=8.5, leading=11, after=0)
CELL_STRONG = replace(CELL, face=Face.SEMIBOLD)
CELL_NOTE = replace(CELL, face=Face.ITALIC, color=MUTED)
CELL_HEAD = replace(CELL, face=Face.SEMIBOLD, color=BLUE)
TABLE = Style(size=9.5, leading=12.5, after=0)
TABLE_STRONG = replace(TABLE, face=Face.SEMIBOLD)
TABLE_NOTE = replace(TABLE, face=Face.ITALIC, color=MUTED)
FACT = Style(size=10, leading=13.5, after=0)
FACT_LABEL = replace(FACT, color=MUTED)
FOOT = Style(size=8, leading=10, color=MUTED)
BAND = Style(size=8.5, leading=10, face=Face.SEMIBOLD, color=WHITE)
