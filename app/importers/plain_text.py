"""Strangers' text made safe to show: invisible signs replaced visibly, HTML reduced to its words.  Runs in the child."""

import re
from html.parser import HTMLParser

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_BLOCKS = frozenset(
    ("p", "div", "br", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "hr")
)
_UNSEEN = frozenset(("script", "style", "title"))
_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVISIBLE = "\u200b\u2028\u2029\u2060\ufeff"
_IN_NAME = re.compile(f"[{_CONTROLS}{_BIDI}{_INVISIBLE}]")
_IN_TEXT = re.compile(f"[{_CONTROLS}]")


def name(text: str, *, most: int = 2_000) -> str:
    """Return one line of text; control characters and signs that turn the reading direction become visible."""
    one_line = " ".join(well_formed(text).replace("\t", " ").splitlines())
    return _IN_NAME.sub(REPLACEMENT, one_line).strip()[:most]


def body(text: str) -> str:
    """Return text of several lines with plain line ends and visible control characters."""
    lines = well_formed(text).replace("\r\n", "\n").replace("\r", "\n")
    return _IN_TEXT.sub(REPLACEMENT, lines).strip()


def well_formed(text: str) -> str:
    """Return `text` without half characters; 8-bit bytes that a mail smuggled in are read as UTF-8, else as cp1252."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        pass
    else:
        return text
    try:
        raw = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode("utf-8")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def from_html(markup: str) -> str:
    """Return the words of an HTML text, with line breaks where its blocks end."""
    parser = _Words()
    parser.feed(markup)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.words).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - their signature
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag in _BLOCKS:
            self.words.append("\n")
        elif tag in ("td", "th"):
            self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in _BLOCKS and tag != "br":
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.words.append(data.replace("\r", " ").replace("\n", " "))
