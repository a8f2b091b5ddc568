"""Makes foreign text safe to show: what would be invisible, or would reorder the line, becomes a visible sign."""

import re
import unicodedata

# C0 and C1 controls, soft signs of direction, zero-width signs, line and paragraph separators, half surrogates, non-characters
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc\ufffe\uffff\ud800-\udfff]"
)
_LINE_END = re.compile("\r\n?")


def plain(text: str, sign: str = "\ufffd") -> str:
    """Return `text` with every control, direction and zero-width character replaced by the visible `sign`.

    Line breaks stay, tabs become spaces, soft hyphens go, and letters are composed (NFC) so that a font has them.
    """
    text = _LINE_END.sub("\n", text).replace("\t", " ").replace("\u00ad", "")
    text = _UNSEEN.sub(sign, text)
    return text if text.isascii() else unicodedata.normalize("NFC", text)
