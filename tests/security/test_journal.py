"""The journal of erasures: every line proven, an erasure settled once, a torn end no damage."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.errors import ExitCode, UserError
from app.security import journal
from app.security.journal import Erasing, Journal

VAULT, KEY = "0f" * 16, bytes(range(32))
NOW = dt.datetime(2026, 11, 27, 9, 0, tzinfo=dt.UTC)
FIRST = Erasing("G-2026-001", "G2", ("aa" * 16,), {"bb" * 16: (4, 7)}, ("B-2026-003",))
SECOND = Erasing("G-2026-002", "G1", ("cc" * 16,))


def flipped(path: Path, whole: bytes, at: int, seen: Callable[[], object]) -> object:
    """Return what is seen of a file with one flipped bit."""
    torn = bytearray(whole)
    torn[at // 8] ^= 1 << at % 8
    path.write_bytes(torn)
    return seen()


def opened(folder: Path) -> Journal:
    return Journal(folder, VAULT, KEY)


def filled(folder: Path) -> Journal:
    made = opened(folder)
    made.begin()
    made.settle(made.intend(FIRST, NOW), NOW, is_done=True)
    made.intend(SECOND, NOW)
    return made


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    filled(tmp_path)
    read = opened(tmp_path)

    assert read.count == 3
    assert [(entry.number, entry.what, entry.state) for entry in read.entries()] == [
        (1, FIRST, "done"),
        (3, SECOND, "intent"),
    ]
    assert [entry.what.run for entry in read.unfinished()] == ["G-2026-002"]
    assert read.entries()[0].at == NOW


def test_an_erasure_that_never_came_to_be_is_void(tmp_path: Path) -> None:
    made = filled(tmp_path)
    made.settle(3, NOW, is_done=False)

    assert [entry.state for entry in opened(tmp_path).entries()] == ["done", "void"]
    assert opened(tmp_path).unfinished() == []


def test_begin_makes_no_file_over_another(tmp_path: Path) -> None:
    filled(tmp_path)
    opened(tmp_path).begin()

    assert opened(tmp_path).count == 3


def test_a_torn_end_counts_as_nothing_and_is_written_over(tmp_path: Path) -> None:
    filled(tmp_path)
    path = tmp_path / journal.NAME
    path.write_bytes(path.read_bytes()[:-5])
    read = opened(tmp_path)
    assert read.count == 2
    read.intend(SECOND, NOW)

    assert [entry.what.run for entry in opened(tmp_path).entries()] == ["G-2026-001", "G-2026-002"]


def test_every_flipped_bit_is_noticed_or_tears_the_end(tmp_path: Path) -> None:
    filled(tmp_path)
    path = tmp_path / journal.NAME
    whole = path.read_bytes()

    def seen() -> object:
        try:
            return opened(tmp_path).count
        except UserError as error:
            return error.code

    found = {flipped(path, whole, turn * 37 % (len(whole) * 8), seen) for turn in range(300)}
    assert found == {ExitCode.DAMAGED, 2}


@pytest.mark.parametrize("change", ["swapped", "left out", "another key"])
def test_lines_in_another_order_or_of_another_vault_are_refused(tmp_path: Path, change: str) -> None:
    filled(tmp_path)
    path = tmp_path / journal.NAME
    lines = path.read_bytes().splitlines(keepends=True)
    if change == "swapped":
        path.write_bytes(b"".join([lines[1], lines[0], lines[2]]))
    elif change == "left out":
        path.write_bytes(b"".join(lines[1:]))

    with pytest.raises(UserError, match="skadad"):
        Journal(tmp_path, VAULT, bytes(32) if change == "another key" else KEY)


def test_it_names_nobody_and_no_value(tmp_path: Path) -> None:
    filled(tmp_path)
    text = (tmp_path / journal.NAME).read_text(encoding="utf-8")

    assert "aa" * 16 in text
    assert all(line.startswith(tuple("0123456789abcdef")) for line in text.splitlines())
