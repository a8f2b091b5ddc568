"""Names as people type them: folded for searching, and keyed for Swedish order."""

import re
import unicodedata

_WHOLE = str.maketrans({"ß": "ss", "æ": "ä", "œ": "ö", "ø": "ö", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_OWN = {"å", "ä", "ö"}
_ORDER = str.maketrans({"å": "{", "ä": "|", "ö": "}"})
_WORD = re.compile(r"[^\W_]+")


def strict(text: str) -> str:
    """Return `text` for an exact comparison: case and accents gone (é→e), but å, ä and ö are letters of their own."""
    composed = unicodedata.normalize("NFC", text).casefold().translate(_WHOLE)
    return "".join(char if char in _OWN else _bare(char) for char in unicodedata.normalize("NFC", composed))


def fold(text: str) -> str:
    """Return `text` for a forgiving comparison: as `strict`, and also å, ä→a and ö→o, so that "oberg" finds "Öberg"."""
    return "".join(_bare(char) for char in strict(text))


def words(text: str) -> tuple[str, ...]:
    """Return the folded words of `text` in their order; hyphens and points part words."""
    return tuple(_WORD.findall(fold(text)))


def sort_key(text: str) -> str:
    """Return a key whose plain order is the Swedish one: å, ä and ö last, ü as y, é as e, w after v.

    Signs between words count as one space, so "Ann-Marie" stands with "Ann Marie".
    """
    composed = unicodedata.normalize("NFC", text).casefold().replace("ü", "y")
    return " ".join(_WORD.findall(strict(composed))).translate(_ORDER)


def _bare(char: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part))
