"""Keep the English catalogue in step with the Swedish source strings.

`update` extracts the strings into resources/locale/en/LC_MESSAGES/ombudet.po, `compile` makes the .mo the program reads,
`check` says what is missing.  Needs babel, a tool for building only.
"""

import re
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "resources" / "locale" / "en" / "LC_MESSAGES" / "ombudet.po"
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "mark": None, "ngettext": (1, 2)}
THE_SAME_TIME = datetime(2026, 1, 1, tzinfo=UTC)
FIELD = re.compile(r"\{[^{}]*\}")


def extracted(root: Path = ROOT) -> Catalog:
    """Return a catalogue of every string the program shows."""
    found = Catalog(locale="en", project="Ombudet", charset="utf-8", fuzzy=False)
    for folder in ("app", "db"):
        for name, line, text, comments, context in extract_from_dir(
            root / folder, method_map=[("**.py", "python")], keywords=KEYWORDS, comment_tags=()
        ):
            found.add(text, None, [(f"{folder}/{name}", line)], auto_comments=comments, context=context)
    return found


def stored(path: Path = CATALOGUE) -> Catalog:
    """Return the stored catalogue, empty when there is none."""
    if not path.exists():
        return Catalog(locale="en", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale="en", charset="utf-8")


def update(path: Path = CATALOGUE) -> None:
    """Bring the stored catalogue in line with the program's strings; nothing is guessed."""
    catalogue = stored(path)
    catalogue.update(extracted(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.project, catalogue.version, catalogue.header_comment = (
        "Ombudet",
        "",
        "# English texts of Ombudet; the keys are the Swedish ones.",
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(
            file, catalogue, width=120, no_location=True, sort_output=True, omit_header=False, ignore_obsolete=True
        )
    text = path.read_text(encoding="utf-8")
    path.write_text(
        re.sub(
            r'^"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|Report-Msgid-Bugs-To|Project-Id-Version): .*\\n"\n',
            "",
            text,
            flags=re.MULTILINE,
        ),
        encoding="utf-8",
    )


def compiled(path: Path = CATALOGUE) -> bytes:
    """Return the .mo of the stored catalogue."""
    catalogue = stored(path)
    catalogue.creation_date = catalogue.revision_date = THE_SAME_TIME  # else the header holds the time of compiling
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def problems(strings: Catalog, catalogue: Catalog) -> list[str]:
    """Return what is wrong: strings without translation, translations of nothing, fields that do not match."""
    found = [
        f"not in the program: {message.id!r}"
        for message in catalogue
        if message.id and strings.get(_key(message)) is None
    ]
    for message in strings:
        if not message.id:
            continue
        translated = catalogue.get(_key(message))
        if translated is None or not _texts(translated) or not all(_texts(translated)):
            found.append(f"not translated: {message.id!r}")
        elif (
            translated.fuzzy
            or any(_fields(text) - _allowed(message) for text in _texts(translated))
            or _lacks(message, translated)
        ):
            found.append(f"fields differ: {message.id!r}")
    return found


def _key(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple | list) else message.id


def _texts(message: Message) -> list[str]:
    return (
        list(message.string) if isinstance(message.string, tuple | list) else [message.string] if message.string else []
    )


def _ids(message: Message) -> list[str]:
    return list(message.id) if isinstance(message.id, tuple | list) else [message.id]


def _fields(text: str) -> set[str]:
    return set(FIELD.findall(text))


def _allowed(message: Message) -> set[str]:
    return set().union(*(_fields(text) for text in _ids(message)))


def _lacks(message: Message, translated: Message) -> bool:
    return bool(_fields(_ids(message)[-1]) - _fields(_texts(translated)[-1]))


def main(arguments: list[str]) -> int:
    """Run one of the three commands."""
    if arguments == ["update"]:
        update()
    elif arguments == ["compile"]:
        CATALOGUE.with_suffix(".mo").write_bytes(compiled())
    elif arguments == ["check"]:
        found = problems(extracted(), stored())
        sys.stdout.write("".join(line + "\n" for line in found))
        return 1 if found else 0
    else:
        sys.stderr.write(__doc__ or "")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
