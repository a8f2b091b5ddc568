"""Commands that hand out what is held about a person: the register extract, and data to carry away."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli import exports, records
from app.cli.call import Call, usage
from app.cli.output import Answer
from app.documents import preview
from app.documents.content import Extract
from app.domain.outputs import Scope, ShowGround
from app.domain.row_changes import Change
from app.i18n import _
from app.services import extract_rows, extracts, filing, output_kinds, portability, protected_files
from app.services.extract_words import Register
from app.services.output_choice import Choice
from app.services.portability import Wish
from db.models import Attachment, Request

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SECTIONS = 13
SCOPES = {"art20": Scope.ARTICLE_20, "promise": Scope.PROMISE}


def add(commands: Any) -> None:
    """Add the commands to the parser."""
    one = commands.add_parser("extract", help=_("skapa registerutdrag"))
    _add_options(one, ",".join(extracts.FORMATS))
    one.set_defaults(act=_extract)
    one = commands.add_parser(
        "portability",
        help=_("skapa fil för dataportabilitet"),
        description=_(
            "art20 ger det som personen har lämnat, på samtycke eller avtal. promise ger allt, som policyn lovar. "
            "JSON-filens form finns i resources/schemas/personal-data-1.json."
        ),
    )
    _add_options(one, ",".join(portability.FORMATS))
    one.add_argument("--scope", choices=list(SCOPES), default="art20")
    one.set_defaults(act=_portability)


def _add_options(one: Any, formats: str) -> None:
    whose = one.add_mutually_exclusive_group(required=True)
    whose.add_argument("--request")
    whose.add_argument("--subject", type=int)
    one.add_argument("--out", type=Path, required=True, metavar="DIR")
    one.add_argument("--formats", default=formats, help=", ".join(output_kinds.FORMATS))
    one.add_argument("--language", choices=["sv", "en"], default="sv", help=_("språk, när ingen begäran bestämmer det"))
    one.add_argument("--hide", type=int, action="append", metavar="DATUM", help=_("dölj en uppgift"))
    one.add_argument(
        "--show", action="append", metavar="DATUM=GROUND", help=", ".join(ground.value for ground in ShowGround)
    )
    one.add_argument("--without-category", action="append", metavar="CODE", help=_("utelämna en kategori"))
    one.add_argument("--without-source", action="append", metavar="NAME", help=_("utelämna en källa"))
    one.add_argument("--reason", default="", help=_("varför något utelämnas; personen läser det"))
    one.add_argument("--copies", action="store_true", help=_("lägg med kopior av mejl och brev"))
    one.add_argument(
        "--password-letter",
        type=Path,
        metavar="DIR",
        help=_("skydda PDF:en; lösenordet skrivs i ett brev i den här mappen"),
    )


def _extract(call: Call) -> Answer:
    with call.write() as session:
        subject_id, request_id, language = _about(session, call)
        choice = _choice(session, call, Scope.ACCESS)
        content = extracts.content(
            session,
            subject_id=subject_id,
            request_id=request_id,
            today=call.today,
            language=language,
            choice=choice,
        )
        options: dict[str, Any] = {"today": call.today, "formats": _formats(call), "choice": choice}
        if request_id is not None:
            made = extracts.make(session, request_id, **options)
        else:
            made = extracts.make_for_subject(session, call.subject, language=language, **options)
        out = _out(session, call, made, choice)
    return Answer(_answer(call, content, out) | {"sections": SECTIONS})


def _portability(call: Call) -> Answer:
    with call.write() as session:
        subject_id, request_id, language = _about(session, call)
        if subject_id is None:
            raise usage(_("Ingen person är vald."), _("Skriv request lookup och bekräfta vem begäran gäller."))
        wish = Wish(scope=SCOPES[call.scope], formats=_formats(call), language=language)
        choice = _choice(session, call, wish.scope)
        content = portability.content(
            session, subject_id=subject_id, request_id=request_id, today=call.today, wish=wish, choice=choice
        )
        if request_id is not None:
            made = portability.make(session, request_id, today=call.today, wish=wish, choice=choice)
        else:
            made = portability.make_for_subject(session, subject_id, today=call.today, wish=wish, choice=choice)
        out = _out(session, call, made, choice)
    left_out = content.carried.left_out if content.carried is not None else ()
    told = [{"title": one.title, "text": one.text} for one in left_out]
    return Answer(_answer(call, content, out) | {"sections": len(content.categories), "left_out": told})


def _about(session: "Session", call: Call) -> tuple[int | None, int | None, str]:
    """Return the person, the request and the language of the document."""
    if not call.request:
        return call.subject, None, call.language
    request = session.get_one(Request, records.request_id(session, call.request))
    return request.subject_id, request.id, request.language


def _formats(call: Call) -> tuple[str, ...]:
    formats = tuple(part.strip() for part in call.formats.split(","))
    if call.password_letter and output_kinds.PDF not in formats:
        raise usage(_("Bara PDF kan skyddas med lösenord."), _("Lägg till pdf i --formats."))
    if call.password_letter and call.password_letter.resolve() == call.out.resolve():
        raise usage(_("Brevet med lösenordet ska inte ligga bredvid filen."), _("Ange en annan mapp för brevet."))
    return formats


def _choice(session: "Session", call: Call, scope: Scope) -> Choice:
    subject_id, request_id, _language = _about(session, call)
    found = extracts.review(session, subject_id=subject_id, request_id=request_id, scope=scope, today=call.today)
    shown = {key: ground for given in call.show or [] for key, ground in (_shown(given),)}
    names = {row.name: row.id for row in Register(session).sources.values()}
    unknown = set(call.without_source or []) - set(names)
    if unknown or set(call.without_category or []) - extract_rows.CODES:
        raise usage(
            _("Kategorin eller källan finns inte."),
            _("Kategorier: {codes}. Skriv sources för att se källorna.").format(
                codes=", ".join(sorted(extract_rows.CODES))
            ),
        )
    has_copies = call.copies and subject_id is not None
    copies = [row.id for row in extract_rows.documents(session, subject_id)] if has_copies and subject_id else []
    return Choice(
        masked=(found.masked | set(call.hide or [])) - set(shown),
        shown=shown,
        without_categories=frozenset(call.without_category or []),
        without_sources=frozenset(names[name] for name in call.without_source or []),
        limit_reason=call.reason,
        copies=frozenset(copies),
    )


def _shown(given: str) -> tuple[int, ShowGround]:
    key, _equals, ground = given.partition("=")
    try:
        return int(key), ShowGround(ground)
    except ValueError:
        raise usage(
            _("Det går inte att läsa vilken uppgift som ska visas och varför."), _("Skriv --show 12=own till exempel.")
        ) from None


@dataclass(frozen=True)
class _Out:
    """What is to be written outside the vault, and how many pages a PDF has that only its password opens."""

    files: exports.Contents
    letter: exports.Contents
    closed: Mapping[str, int]


def _out(session: "Session", call: Call, made: list[Attachment], choice: Choice) -> _Out:
    """Return the files of a version, protected if that is wanted, with the copies that go along."""
    files, letter, pages = exports.contents(session, made), [], {}
    if call.password_letter:
        pdf = next(row for row in made if row.media_type == output_kinds.MEDIA_TYPES[output_kinds.PDF])
        closed = protected_files.protect(session, pdf.id, today=call.today)
        pages[closed.name] = preview.pages(filing.read(session, pdf.id))
        files = [(closed.name, closed.content) if name == pdf.name else (name, raw) for name, raw in files]
        letter = [(closed.letter_name, closed.letter)]
    files += extract_rows.copies(session, choice)
    return _Out(files, letter, pages)


def _answer(call: Call, content: Extract, out: _Out) -> dict[str, Any]:
    rows = [row for category in content.categories for row in category.rows]
    letter = exports.write(out.letter, call.password_letter) if out.letter else []
    return {
        "files": exports.write(out.files, call.out, closed=out.closed),
        "rows": len(rows),
        "masked": sum(row.is_masked for row in rows),
        "has_data": content.has_data,
        "version": content.mark.version,
        "scope": content.carried.code if content.carried is not None else Scope.ACCESS,
        "changes": _changes(content),
        "password_letter": letter[0]["path"] if letter else None,
    }


def _changes(content: Extract) -> dict[str, Any] | None:
    """Return what differs from the version before, counted; None for the first, and when the two cannot be compared."""
    if content.since is None or content.since.rows is None:
        return None
    kinds = Counter(row.change for row in content.since.rows)
    return {"since_version": content.since.version, **{change.value: kinds[change.value] for change in Change}}
