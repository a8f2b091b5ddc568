"""The recovery sheet: the recovery key on paper, in groups to type and as a QR code to scan."""

from datetime import date

from app.documents.content import Mark
from app.documents.pdf.flow import PORTRAIT, Flow
from app.documents.pdf.fonts import Face
from app.documents.pdf.furniture import furniture
from app.documents.pdf.page import Box
from app.documents.pdf.render import Info, render
from app.documents.pdf.style import LEAD, MM, MUTED, TINT, Style
from app.domain.wording import day
from app.i18n import _, language, language_as

_GROUP = Style(size=21, leading=26, face=Face.SEMIBOLD, after=0)
_NUMBER = Style(size=8.5, leading=11, color=MUTED, after=0)
_QUIET_ZONE = 4  # modules of white around the code, as the standard wants
_QR_SIZE = 46 * MM


def write_recovery_sheet(vault_name: str, vault_id: str, recovery_key: str, made_on: date) -> bytes:
    """Return the sheet as tagged PDF, in the language in use.  It holds the key: print it, never keep the file."""
    with language_as(language()):
        title = _("Återställningsblad")
        flow = Flow(PORTRAIT)
        flow.heading(title, 1)
        flow.paragraph(_("Med nyckeln på bladet öppnar du valvet när lösenfrasen är glömd."), LEAD)
        flow.facts(((_("Valv"), vault_name), (_("Valvets nummer"), vault_id), (_("Skapat"), day(made_on))))
        flow.heading(_("Återställningsnyckel"), 2)
        _groups(flow, recovery_key.replace("-", " ").split())
        flow.heading(_("Samma nyckel som QR-kod"), 2)
        flow.squares(_squares(recovery_key), size=_QR_SIZE, alt=_("QR-kod med återställningsnyckeln"))
        flow.heading(_("Förvara bladet säkert"), 2)
        flow.bullet(_("Lägg bladet i ett låst skåp, inte vid datorn och inte bland säkerhetskopiorna."))
        flow.bullet(_("Den som har både bladet och valvet kan läsa allt i valvet."))
        flow.bullet(_("Utan lösenfras och utan blad kan ingen öppna valvet, inte heller den som gjorde programmet."))
        flow.bullet(
            _("Har någon annan sett nyckeln? Skapa en ny under Nycklar och användare. Då slutar den här att gälla.")
        )
        flow.finish()
        mark = Mark(reference=vault_name, made_on=made_on, language=language())
        return render(flow.pages, flow.root, furniture(mark, title), Info(title, language(), made_on))


def _groups(flow: Flow, groups: list[str]) -> None:
    """Print the groups four to a row, numbered as the window asks for them."""
    gap = 3 * MM
    width, height, per_row = (flow.sheet.width + gap) / 4, 17 * MM, 4
    rows = -(-len(groups) // per_row)
    flow.need(rows * height)
    for number, group in enumerate(groups):
        x = flow.sheet.left + number % per_row * width
        y = flow.y - (number // per_row + 1) * height
        flow.put(Box(x, y + 2 * MM, width - gap, height - 2 * MM, TINT))
        flow.place(str(number + 1), _NUMBER, (x + 2.5 * MM, y + height - 4 * MM), width=width)
        flow.place(group, _GROUP, (x + 7 * MM, y + 5.2 * MM), width=width)
    flow.skip(rows * height)


def _squares(text: str) -> list[tuple[float, float, float, float]]:
    """Return the dark modules as rectangles, neighbours in a row joined."""
    import segno

    matrix = [list(row) for row in segno.make_qr(text, error="q").matrix]
    module = _QR_SIZE / (len(matrix) + 2 * _QUIET_ZONE)
    rects = []
    for number, row in enumerate(matrix):
        y = _QR_SIZE - (number + 1 + _QUIET_ZONE) * module
        start = 0
        while start < len(row):
            stop = start
            while stop < len(row) and row[stop]:
                stop += 1
            if stop > start:
                rects.append(((start + _QUIET_ZONE) * module, y, (stop - start) * module, module))
            start = max(stop, start + 1)
    return rects
