"""The notification of a personal data breach, in the order of the authority's form, for the file and for copying from."""

from app.documents.content import Answer, Notification
from app.documents.pdf.flow import PORTRAIT, Flow
from app.documents.pdf.furniture import furniture
from app.documents.pdf.render import Info, render
from app.documents.pdf.style import LEAD, MM, SHADE, TABLE, TABLE_NOTE, TABLE_STRONG
from app.documents.pdf.table import Cell, Column
from app.documents.words import nothing
from app.domain.wording import day
from app.i18n import _, language_as, ngettext


def write_notification(notification: Notification) -> bytes:
    """Return the notification as tagged PDF, in the language of its mark.

    Source: Art. 33.1 (reasons for a delay), 33.3 (content), 33.4 (in phases), 33.5 (documentation) GDPR.
    """
    mark = notification.mark
    with language_as(mark.language):
        title = _("Komplettering av anmälan") if notification.is_supplement else _("Anmälan av personuppgiftsincident")
        flow = Flow(PORTRAIT)
        _cover(flow, notification, title)
        flow.heading(_("Svar i formulärets ordning"), 2)
        _answers(flow, notification.answers)
        _assessment(flow, notification)
        flow.finish()
        info = Info(f"{title} {mark.reference}", mark.language, mark.made_on)
        return render(flow.pages, flow.root, furniture(mark, title), info)


def _cover(flow: Flow, notification: Notification, title: str) -> None:
    flow.heading(title, 1)
    flow.paragraph(_("Underlag till Integritetsskyddsmyndighetens e-tjänst"), LEAD)
    missing = sum(answer.is_missing for answer in notification.answers)
    facts = [
        (_("Ärende"), notification.mark.reference),
        (_("Datum"), day(notification.mark.made_on)),
        (_("Läge"), notification.status_text),
        (_("Tid"), notification.clock_text),
    ]
    if missing:
        text = ngettext(
            "{count} svar saknas. Det är märkt SAKNAS.", "{count} svar saknas. De är märkta SAKNAS.", missing
        )
        facts.append((_("Att fylla i"), text.format(count=missing)))
    flow.facts(facts)
    text = _("Det du skickar till myndigheten blir allmän handling. Skriv bara det som behövs, och ange i sista fältet vad som bör omfattas av sekretess.")  # fmt: skip
    flow.note(text, _("Innan du skickar"))
    if notification.late_reason:
        flow.heading(_("Varför anmälan kommer senare än 72 timmar"), 2)
        flow.paragraph(notification.late_reason)


def _answers(flow: Flow, answers: tuple[Answer, ...]) -> None:
    if not answers:
        flow.paragraph(nothing())
        return
    columns = (Column(_("Nr"), 12 * MM), Column(_("Fråga"), 58 * MM, is_row_header=True), Column(_("Svar"), 100 * MM))
    flow.table(columns, [_answer_row(answer) for answer in answers])


def _answer_row(answer: Answer) -> tuple[Cell, Cell, Cell]:
    if answer.is_missing:
        parts = [(_("SAKNAS"), TABLE_STRONG)] + ([(answer.text, TABLE_NOTE)] if answer.text else [])
        reply = Cell(tuple(parts), SHADE)
    else:
        reply = Cell.of(answer.text or "–", TABLE)
    return Cell.of(answer.number or "", TABLE), Cell.of(answer.label, TABLE_STRONG), reply


def _assessment(flow: Flow, notification: Notification) -> None:
    for heading, text in (
        (_("Bedömning"), notification.severity_text),
        (_("Beslut"), notification.decision_text),
    ):
        flow.heading(heading, 2)
        flow.paragraph(text or _("Ingen ännu"))
    flow.heading(_("Händelselogg"), 2)
    for line in notification.log:
        flow.bullet(line)
    if not notification.log:
        flow.paragraph(nothing())
