"""What stands on every page: the footer with case number, date, trail and page, and the band over invented data."""

from collections.abc import Sequence

from app.documents.content import Mark
from app.documents.pdf.flow import LANDSCAPE, PORTRAIT
from app.documents.pdf.fonts import Face, metrics
from app.documents.pdf.page import Box, Item, Text
from app.documents.pdf.render import Furniture
from app.documents.pdf.style import BAND, FOOT, HAIRLINE, INK, MM, Style
from app.documents.pdf.wrap import Line, fitted
from app.documents.plain import plain
from app.i18n import _

_BAND_HEIGHT = 14.0


def furniture(mark: Mark, title: str) -> Furniture:
    """Return the standard page furniture for a document with this mark and short title."""
    facts = [title, mark.reference, mark.made_on.isoformat()]
    if mark.version > 1:
        facts.append(_("version {number}").format(number=mark.version))
    if mark.trail:
        facts.append(_("logg {trail}").format(trail=mark.trail))
    left = plain("  ·  ".join(fact for fact in facts if fact))

    def on_page(number: int, total: int, size: tuple[float, float]) -> Sequence[Item]:
        foot = 12 * MM
        side = LANDSCAPE.left if size == LANDSCAPE.size else PORTRAIT.left
        page = text_right(_("Sida {number} ({total})").format(number=number, total=total), size[0] - side, foot, FOOT)
        shown = fitted(left, metrics(FOOT.face), FOOT.size, page.x - side - 12)
        items: list[Item] = [
            Box(side, foot + 11, size[0] - 2 * side, 0.5, HAIRLINE),
            text_at(shown, side, foot, FOOT),
            page,
        ]
        return [*example_band(size), *items] if mark.is_example else items

    return on_page


def example_band(size: tuple[float, float]) -> Sequence[Item]:
    """Return the band along the upper edge that marks invented data."""
    text = _("EXEMPELDATA – påhittade personer")
    width = metrics(Face.SEMIBOLD).width(text, BAND.size)
    top = size[1] - _BAND_HEIGHT
    return (Box(0, top, size[0], _BAND_HEIGHT, INK), text_at(text, (size[0] - width) / 2, top + 4, BAND))


def text_at(text: str, x: float, y: float, style: Style) -> Text:
    """Return a line of page furniture that begins at `x`."""
    return Text(None, x, y, style, Line(plain(text), "\n"))


def text_right(text: str, x: float, y: float, style: Style) -> Text:
    """Return a line of page furniture that ends at `x`."""
    return text_at(text, x - metrics(style.face).width(plain(text), style.size), y, style)
