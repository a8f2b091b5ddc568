"""The fields a person's record can hold, and which column header of a strange file means which field."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from app.domain.fields import Field
from app.reference.reader import ResourceError, load


@dataclass(frozen=True, slots=True)
class _File:
    fields: tuple[Field, ...]
    requirements: Mapping[str, tuple[str, ...]]


@cache
def _file() -> _File:
    return load("fields.json", _File)


def fields() -> tuple[Field, ...]:
    """Return every field, in the order that the extract shows them."""
    return _file().fields


@cache
def by_code() -> Mapping[str, Field]:
    """Return the fields by their code."""
    return MappingProxyType({field.code: field for field in fields()})


def guess(header: str) -> Field | None:
    """Return the field that a column with this header holds, or None when the header says nothing."""
    return _by_header().get(header_key(header))


def header_key(header: str) -> str:
    """Return the header without case, accents, spaces and punctuation: `E-post adress` and `epostadress` are one."""
    parts = unicodedata.normalize("NFKD", header.casefold())
    return "".join(letter for letter in parts if letter.isalnum())


@cache
def _by_header() -> Mapping[str, Field]:
    return headers(fields())


def headers(known: tuple[Field, ...]) -> Mapping[str, Field]:
    """Return the fields by the key of each header that means them.

    Raises:
        ResourceError: One header means two fields.
    """
    found: dict[str, Field] = {}
    for field in known:
        for key in {header_key(text) for text in (field.code, field.label_sv, field.label_en, *field.headers)}:
            if found.setdefault(key, field) is not field:
                raise ResourceError(f"fields.json: {key!r} means both {found[key].code} and {field.code}")
    return MappingProxyType(found)
