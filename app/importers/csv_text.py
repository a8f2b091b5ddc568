"""Which encoding and separator a text table has, and its records.  Runs in the child; reads in a stream."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from app.domain.errors import UserError
from app.i18n import _
from app.importers.limits import CSV_FIELD
from app.importers.refusals import refusal

ENCODINGS = ("utf-8-sig", "utf-8", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "iso8859-1", "cp850", "mac-roman")
SEPARATORS = (";", ",", "\t", "|")
_SAMPLE = 64 * 1024
_BLOCK = 1024 * 1024


def encoding(path: Path, chosen: str | None) -> str:
    """Return the encoding of the file, guessed from its bytes unless it was chosen.

    Raises:
        UserError: The bytes are no text, or not in the chosen encoding.
    """
    with path.open("rb") as stream:
        head = stream.read(_SAMPLE)
    found = known(chosen) if chosen else _guessed(path, head)
    if chosen and not decodes(path, found):
        raise wrong_choice()
    return found


def separator(path: Path, code: str, chosen: str | None) -> str:
    """Return the sign between the columns: chosen, declared by `sep=` on the first line, or the one that fits best.

    A file that calls itself `.tsv` has tabs, if it has any.

    Raises:
        UserError: The chosen sign cannot separate columns.
    """
    if chosen:
        if len(chosen) != 1 or chosen in '\r\n"\0 ':
            raise refusal(_("Skiljetecknet kan inte användas."), _("Välj semikolon, komma, tabb eller lodstreck."))
        return chosen
    with path.open(encoding=code, errors="replace", newline="") as stream:
        sample = stream.read(_SAMPLE)
    declared = _declared(sample)
    if not declared and path.suffix.casefold() == ".tsv" and _fit(sample, "\t")[1]:
        return "\t"
    return declared or max(SEPARATORS, key=lambda sign: _fit(sample, sign))


def records(path: Path, code: str, sign: str) -> Iterator[tuple[int, list[str]]]:
    """Return line number and cells of every record, streamed.

    Raises:
        UserError: A cell never ends, which means a missing quotation mark, or the text breaks off.
    """
    csv.field_size_limit(CSV_FIELD)
    line = 1
    with path.open(encoding=code, newline="", buffering=_BLOCK) as stream:
        reader = csv.reader(stream, delimiter=sign)
        try:
            for cells in reader:
                if not (line == 1 and _declared(sign.join(cells))):
                    yield line, cells
                line = reader.line_num + 1
        except csv.Error:
            raise refusal(
                _("En cell från rad {line} tar aldrig slut. Troligen saknas ett citattecken.").format(line=line),
                _("Rätta raden i filen, eller exportera tabellen på nytt som Excel-arbetsbok."),
            ) from None
        except UnicodeError:
            raise _not_text() from None


def count_lines(path: Path, code: str) -> int:
    """Return about how many lines the file has."""
    line_end = "\n".encode(code.replace("utf-16", "utf-16-le") if code == "utf-16" else code.replace("-sig", ""))
    with path.open("rb") as stream:
        count = carriage = 0
        while block := stream.read(_BLOCK):
            count += block.count(line_end)
            carriage += block.count(b"\r")
    return max(count, carriage if not count else 0)


def known(chosen: str) -> str:
    """Return the encoding's own name.

    Raises:
        UserError: It is none that a table can have.
    """
    try:
        name = codecs.lookup(chosen).name
    except (LookupError, ValueError):
        name = ""
    if name not in ENCODINGS:
        raise refusal(_("Teckenkodningen kan inte användas."), _("Välj UTF-8, Windows (cp1252) eller UTF-16."))
    return "utf-8-sig" if name == "utf-8" else name


def wrong_choice() -> UserError:
    """Return the error for a file that is not in the encoding that was chosen."""
    return refusal(
        _("Filen har inte den teckenkodning som valdes."),
        _("Välj en annan teckenkodning, eller låt programmet välja."),
    )


def look_closely() -> str:
    """Return the warning for an encoding that is only guessed: any bytes are letters in it."""
    return _("Filen är inte i UTF-8. Kontrollera att å, ä och ö ser rätt ut.")


def _guessed(path: Path, head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    elif b"\0" in head:
        is_wide = len(head) > 3 and head[1::2].count(0) * 2 > len(head[1::2])
        is_wide_be = len(head) > 3 and head[0::2].count(0) * 2 > len(head[0::2])
        candidates = ["utf-16-le"] if is_wide else ["utf-16-be"] if is_wide_be else []
    else:
        candidates = ["utf-8-sig", "cp1252", "iso8859-1"]
    for candidate in candidates:
        if decodes(path, candidate):
            return candidate
    raise _not_text()


def decodes(path: Path, code: str) -> bool:
    """Return whether the whole file is written in this encoding."""
    decoder = codecs.getincrementaldecoder(code)()
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _declared(first: str) -> str:
    line = first.partition("\n")[0].strip('\r\n"')
    return line[4] if len(line) == 5 and line[:4].lower() == "sep=" else ""


def _fit(sample: str, sign: str) -> tuple[float, int]:
    """Return how evenly the sign divides the sample's records, and into how many columns."""
    lines = sample.split("\n")
    whole = "\n".join(lines[:-1] if len(lines) > 1 else lines)
    widths: Counter[int] = Counter()
    try:
        for cells in csv.reader(io.StringIO(whole, newline=""), delimiter=sign):
            if any(cells):
                widths[len(cells)] += 1
    except csv.Error:
        return 0.0, 0
    several = {width: count for width, count in widths.items() if width > 1}
    if not several:
        return 0.0, 0
    width = max(several, key=lambda known: (several[known], known))
    return several[width] / widths.total(), width


def _not_text() -> UserError:
    return refusal(
        _("Filen är ingen tabell, eller har en teckenkodning som programmet inte känner."),
        _("Exportera den som CSV i UTF-8 eller som Excel-arbetsbok (.xlsx)."),
    )
