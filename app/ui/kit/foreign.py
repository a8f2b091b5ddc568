"""Words that strangers wrote, made fit for one line: nothing unseen in them, nothing that turns the line, no endless length."""

import re

_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc\ufffe\uffff\ud800-\udfff]"
)
_SPACE = re.compile(r"\s+")
SIGN = "\N{REPLACEMENT CHARACTER}"


def one_line(text: str, limit: int = 200) -> str:
    """Return `text` on one line of at most `limit` characters, with a visible sign for each that cannot be seen."""
    cut = text[: limit * 2]
    shown = _UNSEEN.sub(SIGN, _SPACE.sub(" ", cut)).strip()
    if len(shown) <= limit and len(cut) == len(text):
        return shown
    return shown[: limit - 1].rstrip() + "…"


def many_lines(text: str, limit: int = 4000) -> str:
    """Return `text` with its line breaks, otherwise as `one_line`."""
    cut = text[:limit]
    shown = "\n".join(_UNSEEN.sub(SIGN, line.replace("\t", " ")) for line in cut.split("\n"))
    return shown if len(cut) == len(text) else shown + "…"
