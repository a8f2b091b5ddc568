"""What the officer should see before a document about a person is made: who asks, where it goes, what is hidden, what is missing."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents.content import Extract
from app.domain.ledger import Answer
from app.domain.status import label
from app.domain.subjects import Protection
from app.i18n import _, ngettext
from app.services import secret_disclosures
from app.services.addresses import addressee
from app.services.keeping import judged
from app.services.output_choice import Choice
from app.services.output_masks import Review
from db.models import Datum, Lookup, LookupSource, Request, Source, Subject
from db.queries import people

OLD_ADDRESS = dt.timedelta(days=730)
"""An address nobody has imported or noted for so long is worth a question.  Product decision; the policy's promise R42."""
WITHOUT_ANSWER = (Answer.FAILED, Answer.ASKED, Answer.NO_ANSWER)


@dataclass(frozen=True)
class Check:
    """One thing to look at.

    Attributes:
        code: What it is about.
        is_fine: Nothing needs to be done about it.
    """

    code: str
    title: str
    note: str
    is_fine: bool


def checks(
    session: Session,
    content: Extract,
    found: Review,
    choice: Choice,
    *,
    keys: tuple[int | None, int | None],
    today: dt.date,
) -> list[Check]:
    """Return what to look at before the document is made.

    Args:
        session: Any session.
        content: The document as it would be.
        found: What may concern others.
        choice: What is hidden.
        keys: The ids of the person and of the request, if any.
        today: Tells what is late.
    """
    subject = session.get(Subject, keys[0]) if keys[0] is not None else None
    request = session.get(Request, keys[1]) if keys[1] is not None else None
    return [
        *([_identity(request), _late(request, today)] if request is not None else []),
        *_person(session, subject, today),
        _sources(session, request),
        _contents(content),
        _others(found, choice),
        *_secrecy(session, subject, today),
        Check("password", _("Lösenord"), _("lämnas aldrig ut"), is_fine=True),
        *_ground(session, subject),
    ]


def _identity(request: Request) -> Check:
    how = label(request.identity_method) if request.identity_method else _("Inte kontrollerad")
    return Check("identity", _("Identitet"), how, request.identity_on is not None)


def _late(request: Request, today: dt.date) -> Check:
    """Source: Art. 12.3 GDPR."""
    left = (request.due_on - today).days
    if left < 0:
        note = ngettext("försenat {n} dag", "försenat {n} dagar", -left).format(n=-left)
    else:
        note = ngettext("{n} dag kvar", "{n} dagar kvar", left).format(n=left)
    return Check("deadline", _("Svara senast {day}").format(day=request.due_on.isoformat()), note, left >= 0)


def _person(session: Session, subject: Subject | None, today: dt.date) -> list[Check]:
    if subject is None:
        return []
    found = []
    if subject.protection is not Protection.NONE:
        text = _("Skicka aldrig med e-post. Gå genom Skatteverkets postförmedling eller lämna över mot legitimation.")
        found.append(Check("protected", _("Skyddade uppgifter"), text, is_fine=False))
    if subject.is_deceased:
        text = _("Rätten gäller den som lever. Pröva vem som frågar.")
        found.append(Check("deceased", _("Avliden"), text, is_fine=False))
    return [*found, _address(session, subject, today)]


def _address(session: Session, subject: Subject, today: dt.date) -> Check:
    """Source: the policy's promise R42, an answer to the registered address."""
    title = _("Adress")
    to = addressee(session, subject, name=subject.display_name)
    if to.via is not None:
        return Check("address", title, _("visas inte: brevet förmedlas"), is_fine=True)
    if to.problem:
        return Check("address", title, to.problem, is_fine=False)
    since = session.scalar(
        sa.select(sa.func.max(Datum.since_on)).where(
            Datum.subject_id.in_(people.family(session, subject.id)), Datum.field.in_(("street", "postcode", "city"))
        )
    )
    if to.notes:
        return Check("address", title, " ".join(to.notes), is_fine=False)
    if since is not None and today - since > OLD_ADDRESS:
        return Check("address", title, _("noterad {day}, kontrollera den").format(day=since.isoformat()), is_fine=False)
    return Check("address", title, _("finns"), is_fine=True)


def _sources(session: Session, request: Request | None) -> Check:
    """Return whether every register has answered the recorded search; without a request, all are read as they stand."""
    title = _("Sökt i alla register")
    if request is None:
        return Check("sources", title, _("läses som de är i dag"), is_fine=True)
    lookup = session.scalar(
        sa.select(Lookup.id).where(Lookup.request_id == request.id).order_by(Lookup.id.desc()).limit(1)
    )
    if lookup is None:
        return Check("sources", title, _("ingen sökning är gjord"), is_fine=False)
    silent = unanswered(session, lookup)
    if not silent:
        return Check("sources", title, "", is_fine=True)
    names = ", ".join(silent)
    return Check("sources", title, _("inget svar från {names}").format(names=names), is_fine=False)


def unanswered(session: Session, lookup_id: int) -> list[str]:
    """Return who did not answer a recorded search.

    It may be a register that came after it, one that could not be searched, or an owner who was asked.
    """
    of_lookup = LookupSource.lookup_id == lookup_id
    answered = sa.select(LookupSource.source_id).where(of_lookup, LookupSource.source_id.is_not(None))
    late = session.scalars(sa.select(Source.name).where(Source.is_register, Source.id.not_in(answered)))
    silent = session.scalars(sa.select(LookupSource.name).where(of_lookup, LookupSource.answer.in_(WITHOUT_ANSWER)))
    return sorted({*late, *silent})


def _contents(content: Extract) -> Check:
    count = sum(len(category.rows) for category in content.categories)
    text = ngettext("{count} uppgift", "{count} uppgifter", count).format(count=count)
    return Check("contents", _("Innehåll"), text, is_fine=bool(count))


def _others(found: Review, choice: Choice) -> Check:
    """Source: Art. 15.4 GDPR."""
    masked = found.masked if choice.masked is None else choice.masked
    review, open_ones = len(found.proposed), set(found.proposed) - masked - set(found.shown) - set(choice.shown)
    hidden = ngettext("{count} dold", "{count} dolda", len(masked)).format(count=len(masked))
    read = ngettext("{count} fritext att läsa", "{count} fritexter att läsa", review).format(count=review)
    note = f"{read}, {hidden}"
    if open_ones:
        lacking = ngettext("{count} visas utan skäl", "{count} visas utan skäl", len(open_ones))
        note = f"{note}, {lacking.format(count=len(open_ones))}"
    return Check("others", _("Andra personer"), note, is_fine=not open_ones)


def _secrecy(session: Session, subject: Subject | None, today: dt.date) -> list[Check]:
    """Return that something is kept from the person by law; the document itself says nothing of it."""
    ids = [subject.id] if subject is not None else []
    values = next((held for _key, held in judged(session, ids, today=today)), [])
    kept_back = len(values) - len(secret_disclosures.tellable(values))
    if not kept_back:
        return []
    text = ngettext(
        "{count} uppgift om utlämnande nämns inte", "{count} uppgifter om utlämnande nämns inte", kept_back
    ).format(count=kept_back)
    return [Check("secrecy", _("Sekretess"), text, is_fine=True)]


def _ground(session: Session, subject: Subject | None) -> list[Check]:
    if subject is None:
        return []
    query = sa.select(sa.func.count()).where(
        Datum.subject_id.in_(people.family(session, subject.id)), Datum.activity_id.is_(None)
    )
    count = session.scalar(query) or 0
    lacking = ngettext("{count} saknar grund", "{count} saknar grund", count).format(count=count)
    return [Check("ground", _("Ändamål och grund"), lacking if count else _("alla har"), is_fine=not count)]


def with_problems_first(found: Sequence[Check]) -> list[Check]:
    """Return the checks with what needs a hand on top."""
    return sorted(found, key=lambda one: one.is_fine)
