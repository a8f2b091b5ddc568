"""Letter templates: one file per kind in `resources/letters`, Swedish and English side by side.

A template is data.  Which letter is sent, and with which facts, is decided elsewhere.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.reference.reader import ResourceError, build, read_json

KINDS = (
    *("acknowledgement", "identity_request", "clarification", "extension"),
    *("access", "access_nothing", "extract_cover", "rectification", "erasure", "erasure_partial", "refusal"),
    *("restriction", "portability", "objection_granted", "objection_refused", "marketing", "consent", "automated"),
    *("comment", "compensation", "complaint", "information", "unidentified", "incident_information"),
)
LANGUAGES = ("sv", "en")
MERGE_FIELDS = frozenset(
    (
        *("reference", "received", "due", "extended_due", "today", "name"),
        *("controller", "officer", "officer_email", "officer_phone", "authority", "authority_address"),
        *("reason", "ground", "kept", "erased", "corrected", "recipients", "sent_to", "channels"),
        *("what_happened", "consequences", "measures", "advice"),
    )
)
"""Every field that a template may hold."""

NOT_REPLIES = frozenset({"acknowledgement", "identity_request", "incident_information"})
"""Letters that decide nothing, so that the right to complain need not be repeated."""

REFUSALS = frozenset({"refusal", "erasure_partial", "objection_refused", "unidentified"})
"""Letters that say no in whole or in part.  Source: Art. 12.4 GDPR."""

_FIELD = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; with `when` it is left out if the field of that name has no value."""

    text: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A letter with its facts filled in.  `missing` names the fields that had no value and stand as `{field}`."""

    subject: str
    paragraphs: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LetterTemplate:
    """One kind of letter in one language."""

    kind: str
    language: str
    subject: str
    parts: tuple[Paragraph, ...]

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Return the paragraphs with their merge fields, those that may be left out included."""
        return tuple(part.text for part in self.parts)

    @property
    def fields(self) -> frozenset[str]:
        """Return the merge fields in the subject and the paragraphs."""
        return frozenset(_FIELD.findall(" ".join((self.subject, *self.paragraphs))))

    def fill(self, values: Mapping[str, str]) -> Filled:
        """Return the letter with `values` in place.

        An empty value counts as none.  A value is never read as a template, whatever it holds.
        """
        held = {name: value for name, value in values.items() if value}
        texts = [self.subject, *(part.text for part in self.parts if not part.when or part.when in held)]
        missing = {name for text in texts for name in _FIELD.findall(text)} - set(held)
        subject, *filled = (_FIELD.sub(lambda match: held.get(match[1], match[0]), text) for text in texts)
        return Filled(subject, tuple(_ended(text) for text in filled), tuple(sorted(missing)))


def _ended(text: str) -> str:
    """Return a paragraph with its full stop, which a fact at its end may lack."""
    return f"{text}." if text[-1:].isalnum() or text.endswith((")", "”", "§")) else text


@cache
def template(kind: str, language: str) -> LetterTemplate:
    """Return the template of `kind`, one of `KINDS`, in `language`, `sv` or `en`.

    Raises:
        FileNotFoundError: There is no such letter.
        ResourceError: The letter has an unknown field, or a language is missing.
    """
    return read_template(kind, language, read_json(f"letters/{kind}.json"), read_json("letters/shared.json"))


def read_template(kind: str, language: str, raw: Any, shared: Any) -> LetterTemplate:
    """Return the template out of its file's content; `@name` stands for a paragraph that the letters share.

    Raises:
        ResourceError: The content is not a letter.
    """
    where = f"letters/{kind}.json"
    if language not in raw or language not in shared:
        raise ResourceError(f"{where}: no {language}")
    parts = [_paragraph(part, shared[language], where) for part in raw[language]["paragraphs"]]
    found = LetterTemplate(kind, language, raw[language]["subject"], tuple(parts))
    if unknown := (found.fields | {part.when for part in parts if part.when}) - MERGE_FIELDS:
        raise ResourceError(f"{where}: unknown field: {', '.join(sorted(unknown))}")
    return found


def _paragraph(raw: Any, shared: Mapping[str, str], where: str) -> Paragraph:
    part = Paragraph(raw) if isinstance(raw, str) else build(Paragraph, raw, where)
    if not part.text.startswith("@"):
        return part
    if part.text[1:] not in shared:
        raise ResourceError(f"{where}: no shared paragraph {part.text}")
    return Paragraph(shared[part.text[1:]], part.when)
