"""The layout itself: lines, breaks, safe text, and the rule that no markup is ever read."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents.pdf.flow import Flow
from app.documents.pdf.fonts import Face, metrics
from app.documents.pdf.page import Text
from app.documents.pdf.wrap import Line, fitted, wrap
from app.documents.plain import plain

REGULAR = metrics(Face.REGULAR)
SOURCES = Path(__file__).parents[2] / "app"


def joined(lines: list[Line]) -> str:
    return "".join(line.text + {"-": ""}.get(line.end, line.end) for line in lines)


@given(st.text(max_size=300), st.floats(min_value=20, max_value=400))
def test_wrapping_loses_nothing_and_fits(text: str, width: float) -> None:
    lines = wrap(text, REGULAR, 10, width)
    assert joined(lines) == text
    hyphen = REGULAR.width("-", 10)
    for line in lines:
        room = width - (hyphen if line.end == "-" else 0)
        assert REGULAR.width(line.text, 10) <= room + 0.01 or len(line.text) == 1


def test_a_word_is_hyphenated_before_a_consonant_and_an_address_after_a_sign() -> None:
    word = wrap("Integritetsskyddsmyndigheten", REGULAR, 10, 90)
    assert [line.end for line in word[:-1]] == ["-"] * (len(word) - 1)
    assert len(word) > 1
    address = wrap("anna.andersson@example.example.com", REGULAR, 10, 100)
    assert address[0].text[-1] in "@."
    assert address[0].end == ""


@pytest.mark.parametrize("whole", ["752 31", "08-465 004 10", "Art. 6.1 c", "art. 19", "2 §"])
def test_a_number_is_not_parted_from_what_belongs_to_it(whole: str) -> None:
    for room in range(int(REGULAR.width(whole, 10)) + 2, 160):
        assert any(whole in line.text for line in wrap(f"Så här: {whole} gäller", REGULAR, 10, room))


def test_numbers_in_a_row_are_parted_between_them() -> None:
    numbers = " ".join(["123"] * 200)
    assert all(set(line.text.split()) == {"123"} for line in wrap(numbers, REGULAR, 10, 100))


def test_a_short_word_does_not_stand_alone_on_the_last_line() -> None:
    text = "Din begäran kom in till oss den 10 november 2026."
    room = REGULAR.width(text.removesuffix(" 2026."), 10) + 1
    assert [line.text for line in wrap(text, REGULAR, 10, room)] == [
        text.removesuffix(" november 2026."),
        "november 2026.",
    ]
    assert [line.text for line in wrap("Namn adress", REGULAR, 10, 40)] == ["Namn", "adress"]


def test_a_text_for_one_line_ends_with_an_ellipsis_when_it_is_too_long() -> None:
    assert fitted("Åsa Öström", REGULAR, 10, 100) == "Åsa Öström"
    cut = fitted("Åsa Öström " * 9, REGULAR, 10, 100)
    assert cut.endswith("…")
    assert 80 < REGULAR.width(cut, 10) <= 100


def test_a_very_long_word_takes_lines_in_proportion() -> None:
    lines = wrap("x" * 200_000, REGULAR, 10, 200)
    assert joined(lines) == "x" * 200_000
    assert len(lines) < 200_000 / 30


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\tb\u00adc", "a bc"),
        ("e\u0301", "é"),
        ("\u202ea\u2066b\u200dc", "?a?b?c"),
        ("\x00\x1b\x7f\x9b\ud800\ufeff", "??????"),
        ("Åsa Öström <b>", "Åsa Öström <b>"),
        ("752 31\u00a0X", "752 31\u00a0X"),
    ],
)
def test_text_is_made_plain(text: str, shown: str) -> None:
    assert plain(text, "?") == shown


def test_a_heading_never_stands_alone_at_the_foot() -> None:
    for count in range(30, 60):
        flow = Flow()
        for _number in range(count):
            flow.paragraph("rad")
        flow.heading("Rubrik", 2)
        flow.paragraph("text")
        flow.finish()
        (place,) = [
            n for n, page in enumerate(flow.pages) if any(getattr(i, "title", "") == "Rubrik" for i in page.items)
        ]
        assert any(isinstance(item, Text) and item.line.text == "text" for item in flow.pages[place].items)


def _uses(path: Path) -> set[str]:
    """Return the names that a file reads as attributes, and what it imports, by full name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return (
        {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        | {f"{node.module}.{alias.name}" for node in imports for alias in node.names}
        | {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    )


def _markup(uses: set[str]) -> set[str]:
    images = (
        set() if any(name.startswith("PySide6") for name in uses) else {"drawImage", "drawInlineImage"}
    )  # Qt's opens no file
    return {name for name in uses if name.startswith(("reportlab.platypus", "reportlab.lib.styles"))} | (
        uses & {"Paragraph", "XPreformatted", *images}
    )


def test_no_module_reads_markup_and_only_the_pen_draws() -> None:
    """reportlab's Paragraph reads tags, and may open files they name; our text never passes through it."""
    uses = {path.name: _uses(path) for path in sorted(SOURCES.rglob("*.py"))}
    assert [name for name, used in uses.items() if _markup(used)] == []
    assert [name for name, used in uses.items() if any(one.startswith("reportlab") for one in used)] == [
        "fonts.py",
        "render.py",
    ]
    pens = {
        "drawString",
        "drawRightString",
        "drawCentredString",
        "textOut",
        "textLine",
        "textLines",
        "beginText",
        "splitString",
    }
    assert [name for name, used in uses.items() if used & pens] == ["render.py"]


@pytest.mark.parametrize(
    "line",
    [
        "from reportlab.platypus import Paragraph as P",
        "from reportlab.lib.styles import ParagraphStyle",
        "canvas.drawImage('a')",
        "import reportlab.platypus",
    ],
)
def test_the_rule_about_markup_finds_what_it_should(tmp_path: Path, line: str) -> None:
    guilty = tmp_path / "guilty.py"
    guilty.write_text(f"{line}\n", encoding="utf-8")
    assert _markup(_uses(guilty))
