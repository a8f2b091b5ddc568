"""Names as people type them: folded for searching, and keyed for Swedish order."""

import re
import unicodedata

_WHOLE = str.maketrans({"ß": "ss", "æ": "ä", "œ": "ö", "ø": "ö", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_OWN = {"a\u030a": "å", "a\u0308": "ä", "o\u0308": "ö"}
_PLAIN = str.maketrans({"å": "a", "ä": "a", "ö": "o"})
_ORDER = str.maketrans({"å": "{", "ä": "|", "ö": "}"})
_LETTER_AND_MARKS = re.compile(r"([^\W\d_])([\u0300-\u036f]+)")
_SWEDISH = re.compile(r"[\x00-\x7fåäö]*")
_WORD = re.compile(r"[^\W_]+")


def strict(text: str) -> str:
    """Return `text` for an exact comparison: case and accents gone (é→e), but å, ä and ö are letters of their own."""
    if text.isascii():
        return text.casefold()
    folded = unicodedata.normalize("NFC", text).casefold()
    if _SWEDISH.fullmatch(folded):
        return folded
    folded = folded.translate(_WHOLE)
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", folded).casefold())
    whole = _LETTER_AND_MARKS.sub(lambda match: _OWN.get(match[1] + match[2][0], match[1]), decomposed)
    return "".join(char for char in whole if not unicodedata.combining(char))


def fold(text: str) -> str:
    """Return `text` for a forgiving comparison: as `strict`, and also å, ä→a and ö→o, so that "oberg" finds "Öberg"."""
    return strict(text).translate(_PLAIN)


def words(text: str, *, keep: bool = False) -> tuple[str, ...]:
    """Return the folded words of `text` in their order; hyphens and points part words.

    Args:
        text: A name or any text.
        keep: Keep å, ä and ö, as `strict` does.
    """
    return tuple(_WORD.findall(strict(text) if keep else fold(text)))


def sort_key(text: str) -> str:
    """Return a key whose plain order is the Swedish one: å, ä and ö last, ü as y, é as e, w after v.

    Signs between words count as one space, so "Ann-Marie" stands with "Ann Marie".
    """
    composed = unicodedata.normalize("NFC", text).casefold().replace("ü", "y")
    return " ".join(_WORD.findall(strict(composed))).translate(_ORDER)
