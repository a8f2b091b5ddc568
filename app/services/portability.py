"""Data to carry away: what Art. 20 gives a right to, or all that the policy promises, as content and as files."""

import datetime as dt
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.documents.content import Carried, Extract, ExtractCategory, ExtractRow, Titled
from app.domain.audit import Action
from app.domain.errors import ExitCode, UserError
from app.domain.outputs import LeftOut, Provided, Scope, why_left_out
from app.i18n import _, language_as, mark, ngettext
from app.reference.provided import Reading, reading
from app.services import extract_rows, extracts, organisation, output_files, output_kinds
from app.services.extract_rows import Held, is_withheld
from app.services.extract_words import Register, is_voucher
from app.services.guard import guarded
from app.services.keeping import Judged
from app.services.output_choice import ALL, Choice
from app.services.output_files import Made
from db.models import Attachment, Request, Subject
from db.queries import people

FORMATS = (output_kinds.JSON, output_kinds.CSV)
"""What is made when nothing else is asked for.  Source: Art. 20.1 GDPR, machine-readable."""
SCOPES = (Scope.ARTICLE_20, Scope.PROMISE)
TITLES = {
    Scope.ARTICLE_20: mark("Dataportabilitet enligt artikel 20"),
    Scope.PROMISE: mark("Utökad kopia enligt vårt löfte"),
}
_LAW = {
    Scope.ARTICLE_20: mark("Artikel 20 i dataskyddsförordningen (GDPR)"),
    Scope.PROMISE: mark("Personuppgiftspolicyns löfte om att få ut uppgifterna, utöver artikel 20"),
}


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is wanted.

    Attributes:
        scope: What Art. 20 gives a right to, or the wider promise.
        formats: The files' formats.
        language: `sv` or `en`, for a person without a request; a request has its own.
    """

    scope: Scope = Scope.ARTICLE_20
    formats: Collection[str] = FORMATS
    language: str = "sv"


def content(
    session: Session,
    *,
    subject_id: int,
    request_id: int | None,
    today: dt.date,
    wish: Wish,
    choice: Choice = ALL,
) -> Extract:
    """Return the values a person can carry away, as they stand today.

    Args:
        session: Any session.
        subject_id: The person.
        request_id: The request it answers, if any.
        today: Printed on it; the rules in force that day decide what was provided by the person.
        wish: The scope and the language.
        choice: What is hidden and left out.  Passwords never go along.

    Source: Art. 20.1, 20.2 and 20.4 GDPR; the policy's promise R46.
    """
    scope = _known(wish.scope)
    with language_as(wish.language):
        whole = extracts.held(
            session, subject_id=subject_id, request_id=request_id, today=today, choice=choice, scope=scope
        )
        made = _assembled(session, whole, Register(session), scope)
        return output_files.versioned(session, made, scope, extracts.place_of(subject_id, request_id))


def _known(scope: Scope) -> Scope:
    if scope not in SCOPES:
        raise UserError(
            _("Omfattningen finns inte."),
            stands=_("Ingen fil har skapats."),
            do=_("Välj artikel 20 eller den utökade kopian."),
            code=ExitCode.USAGE,
        )
    return scope


def _assembled(session: Session, whole: Held, register: Register, scope: Scope) -> Extract:
    chosen, rules = extracts.limited(whole), reading(whole.today)
    answers = {f"datum:{one.datum.id}": _answer(one, register, rules) for one in chosen.values}
    categories = extract_rows.categories(session, chosen, register)
    left_out: Counter[LeftOut] = Counter()
    if scope is Scope.ARTICLE_20:
        reasons = {key: why for one in chosen.values if (why := _why(one, register, rules)) for key in (_key(one),)}
        for category in categories:
            left_out.update(reasons.get(row.key, LeftOut.BASIS) for row in category.rows if _is_out(row, reasons))
        categories = tuple(_without(category, reasons) for category in categories)
    return Extract(
        mark=extracts.mark(session, whole),
        controller=organisation.controller(session),
        officer=organisation.officer(session),
        subject_name=whole.subject.display_name if whole.subject else "",
        subject_identity=extracts.identity_shown(session, whole.subject),
        has_data=any(category.rows for category in categories),
        categories=tuple(_with_answers(category, answers) for category in categories),
        recipients=register.recipients(chosen.activity_ids) if scope is Scope.PROMISE else (),
        files=tuple(chosen.files.values()),
        carried=Carried(
            code=scope.value,
            title=_(TITLES[scope]),
            law=_(_LAW[scope]),
            texts=_texts(scope, rules),
            left_out=(*extracts.limits(whole.choice, register), *_told(left_out), *_always()),
        ),
    )


def _key(one: Judged) -> str:
    return f"datum:{one.datum.id}"


def _answer(one: Judged, register: Register, rules: Reading) -> Provided:
    return rules.answer(one.datum.field, register.sources[one.datum.source_id].kind)


def _why(one: Judged, register: Register, rules: Reading) -> LeftOut | None:
    """Return why a value is not carried away under Art. 20."""
    datum = one.datum
    if is_withheld(datum):
        return LeftOut.WITHHELD
    activity = register.activities.get(datum.activity_id or 0)
    purposes = register.purposes(activity, is_voucher=is_voucher(datum)) if activity is not None else []
    bases = register.basis_codes(activity, purposes) if activity is not None else []
    return why_left_out(_answer(one, register, rules), bases)


def _is_out(row: ExtractRow, reasons: dict[str, LeftOut]) -> bool:
    """Return whether a row stays behind; opt-outs, requests and documents rest on a duty, not on consent or contract."""
    return row.key in reasons or not row.key.startswith("datum:")


def _without(category: ExtractCategory, reasons: dict[str, LeftOut]) -> ExtractCategory:
    return replace(category, rows=tuple(row for row in category.rows if not _is_out(row, reasons)))


def _with_answers(category: ExtractCategory, answers: dict[str, Provided]) -> ExtractCategory:
    rows = (replace(row, provided=answers[row.key].value) if row.key in answers else row for row in category.rows)
    return replace(category, rows=tuple(rows))


def _texts(scope: Scope, rules: Reading) -> tuple[str, ...]:
    if scope is Scope.PROMISE:
        return (
            _("Filen har alla uppgifter om dig, också sådana som artikel 20 inte ger rätt till."),
            _("Det har vi lovat i vår personuppgiftspolicy. Kolumnen Lämnad av dig visar hur uppgiften kom till."),
        )
    return (
        _(
            "Filen har det som du har lämnat och det som har uppstått när du använt tjänsten, när grunden är samtycke eller avtal."
        ),
        _("Bedömningen följer reglerna sådana de gäller sedan den {day}.").format(day=rules.valid_from.isoformat()),
        _("Uppgifter på papper och i system utanför programmet är inte med."),
    )


def _told(left_out: Counter[LeftOut]) -> list[Titled]:
    """Return what Art. 20 does not give a right to, counted, and why."""
    texts = {
        LeftOut.BASIS: (_("Annan grund än samtycke eller avtal"), _("Artikel 20.1 a gäller bara samtycke och avtal.")),
        LeftOut.MADE: (
            _("Uppgifter som vi har satt eller räknat fram"),
            _("Det gäller till exempel kundnummer, segment och kreditomdöme."),
        ),
        LeftOut.OTHERS: (
            _("Uppgifter från någon annan än dig"),
            _("Artikel 20 gäller bara det som du själv har lämnat."),
        ),
        LeftOut.UNCLEAR: (
            _("Texter där det är oklart vem som skrev"),
            _("De kan vara våra egna anteckningar. De finns i registerutdraget."),
        ),
        LeftOut.WITHHELD: (_("Lösenord"), _("Lösenord lämnas aldrig ut.")),
    }
    found = []
    for reason, (title, text) in texts.items():
        if count := left_out[reason]:
            counted = ngettext("{count} uppgift.", "{count} uppgifter.", count).format(count=count)
            found.append(Titled(title, f"{counted} {text}"))
    return found


def _always() -> tuple[Titled, ...]:
    return (
        Titled(
            _("Sekretess"),
            _("Uppgifter som vi enligt lag måste hålla hemliga ingår inte (dataskyddslagen 5 kap. 1 §)."),
        ),
    )


@guarded
def make(session: Session, request_id: int, *, today: dt.date, wish: Wish, choice: Choice = ALL) -> list[Attachment]:
    """Write the files that answer a request about portability and store them in the case, as a new version each time.

    Raises:
        UserError: The request is not ready, nobody was found, or something is shown without a ground.

    Source: Art. 20 and 12.6 GDPR; the policy's promises R41 and R46.
    """
    request = session.get_one(Request, request_id)
    extracts.check(session, request)
    if request.subject_id is None:
        raise UserError(
            _("Ingen person är vald."),
            stands=_("Ingen fil har skapats."),
            do=_("Skriv till personen att inga uppgifter finns."),
        )
    wish = replace(wish, language=request.language)
    return _written(session, (request.subject_id, request.id), request, today=today, wish=wish, choice=choice)


@guarded
def make_for_subject(
    session: Session, subject_id: int, *, today: dt.date, wish: Wish, choice: Choice = ALL
) -> list[Attachment]:
    """Write the files about a person without a request and store them with the person.

    Raises:
        UserError: A format or scope does not exist, or something is shown without a ground.
    """
    subject = session.get_one(Subject, people.whole(session, subject_id))
    return _written(session, (subject.id, None), subject, today=today, wish=wish, choice=choice)


def _written(
    session: Session,
    keys: tuple[int, int | None],
    about: Request | Subject,
    *,
    today: dt.date,
    wish: Wish,
    choice: Choice,
) -> list[Attachment]:
    subject_id, request_id = keys
    made = content(session, subject_id=subject_id, request_id=request_id, today=today, wish=wish, choice=choice)
    document = Made(
        content=made,
        scope=wish.scope,
        place=extracts.place_of(subject_id, request_id),
        about=about,
        choice=choice,
        found=extracts.review(session, subject_id=subject_id, request_id=request_id, scope=wish.scope, today=today),
    )
    return output_files.write(session, document, wish.formats, Action.PORTABILITY_MADE)
