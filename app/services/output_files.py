"""Turns a document about a person into files of one version, and stores them beside those of earlier versions."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from app.documents.content import Extract
from app.domain.audit import Action
from app.domain.errors import ExitCode, UserError
from app.domain.outputs import Scope
from app.i18n import _, language_as
from app.services import audit, filing, output_choice, output_kinds, output_masks, output_versions
from app.services.guard import guarded
from app.services.output_choice import Choice
from app.services.output_masks import Review
from db.models import Attachment, Request, Subject

NAMES = {Scope.ACCESS: "registerutdrag", Scope.ARTICLE_20: "portabilitet", Scope.PROMISE: "portabilitet"}


@dataclass(frozen=True, kw_only=True)
class Made:
    """A document that is ready to be written.

    Attributes:
        content: What it says; its version and what differs are filled in when it is written.
        about: The request it answers, or the person.
    """

    content: Extract
    scope: Scope
    place: filing.Place
    about: Request | Subject
    choice: Choice
    found: Review


def check_formats(formats: Collection[str]) -> None:
    """Refuse formats that there are not.

    Raises:
        UserError: No format was named, or one that does not exist.
    """
    if not formats or set(formats) - set(output_kinds.FORMATS):
        raise UserError(
            _("Formatet för utdraget finns inte."),
            stands=_("Inget utdrag har skapats."),
            do=_("Välj bland {formats}.").format(formats=", ".join(output_kinds.FORMATS)),
            code=ExitCode.USAGE,
        )


def versioned(session: Session, content: Extract, scope: Scope, place: filing.Place) -> Extract:
    """Return a document with the number it will get and what differs from the one before."""
    number = output_versions.next_number(session, scope, place)
    content = replace(content, mark=replace(content.mark, version=number))
    before = output_versions.latest(session, scope, place)
    return replace(content, since=output_versions.since(before, content, scope))


@guarded
def write(session: Session, made: Made, formats: Collection[str], action: Action) -> list[Attachment]:
    """Write a new version in these formats, store its files, and record what was handed out.

    Raises:
        UserError: A format does not exist, or something is shown or left out without a reason.
    """
    check_formats(formats)
    output_choice.check(made.choice, frozenset(made.found.proposed) - set(made.found.shown))
    content = versioned(session, made.content, made.scope, made.place)
    place = replace(made.place, version=content.mark.version)
    wanted = [one for one in output_kinds.FORMATS if one in formats]
    files = [_file(session, content, made.scope, one, place) for one in wanted]
    decided = output_masks.decided(made.choice, made.found)
    output_versions.remember(session, content, made.scope, place, decided)
    audit.record(session, action, made.about, subject_id=made.place.subject_id, **_told(made, content, wanted))
    return files


def _told(made: Made, content: Extract, formats: list[str]) -> dict[str, Any]:
    """Return what the trail keeps: codes and counts, never a value."""
    rows = [row for category in content.categories for row in category.rows]
    _masked, shown = output_masks.decided(made.choice, made.found)
    told: dict[str, Any] = {
        "reference": content.mark.reference,
        "version": content.mark.version,
        "scope": made.scope.value,
        "formats": formats,
        "rows": len(rows),
        "masked": sum(row.is_masked for row in rows),
        "has_data": content.has_data,
    }
    if shown:
        told["shown"] = {ground: list(shown.values()).count(ground) for ground in sorted(set(shown.values()))}
    if made.choice.is_limited:
        told["without_categories"] = sorted(made.choice.without_categories)
        told["without_sources"] = len(made.choice.without_sources)
    if made.choice.copies:
        told["copies"] = len(made.choice.copies)
    return told


def _file(session: Session, content: Extract, scope: Scope, wanted: str, place: filing.Place) -> Attachment:
    with language_as(content.mark.language):
        raw = written(content, wanted)
    name = f"{NAMES[scope]}_{content.mark.reference}_v{content.mark.version}.{wanted}"
    kind = output_kinds.of(scope)[wanted]
    return filing.store(session, raw, kind=kind, name=name, media_type=output_kinds.MEDIA_TYPES[wanted], place=place)


def written(content: Extract, wanted: str) -> bytes:
    """Return a document in one format."""
    if wanted == output_kinds.PDF and content.carried is not None:
        from app.documents.portability import write_portability

        return write_portability(content)
    if wanted == output_kinds.PDF:
        from app.documents.extract import write_extract

        return write_extract(content)
    if wanted == output_kinds.XLSX:
        from app.documents.workbook import write_extract_workbook

        return write_extract_workbook(content)
    if wanted == output_kinds.JSON:
        from app.documents.extract_json import write_extract_json

        return write_extract_json(content)
    from app.documents.extract_csv import write_extract_csv

    return write_extract_csv(content)
