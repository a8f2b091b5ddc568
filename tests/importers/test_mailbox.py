"""Mailboxes are divided where mails begin and nowhere else, in a stream; folders give what can be read in them."""

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import Cancelled, UserError
from app.importers import folders, limits, mailbox_parsing, worker
from app.importers.mail import read_mail, read_mails
from app.importers.mailbox import Letter, letters
from app.importers.refusals import UnreadableError
from app.paths import program_root
from tests.importers.mailboxes import ANSWER, ERASURE, MARK, folder, mailbox
from tests.importers.mails import PLAIN
from tests.importers.outlook import Outlook


def parts(path: Path) -> list[bytes]:
    return [one.raw() for one in letters(path)]


def test_every_mail_of_a_mailbox_is_given_byte_for_byte_with_its_number(tmp_path: Path) -> None:
    path = mailbox(tmp_path / "b.mbox", PLAIN, ERASURE, ANSWER)
    found = list(letters(path))
    assert [one.number for one in found] == [1, 2, 3]
    assert [one.raw().rstrip(b"\r\n") for one in found] == [raw.rstrip(b"\r\n") for raw in (PLAIN, ERASURE, ANSWER)]
    assert [read_mail(one.raw()).subject for one in found][1] == "radera mina uppgifter"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (b"From here on\r\nit goes on", 1),
        (b"\r\nFrom here on it goes on\r\nand on: yes", 1),
        (b"\r\n>From x: y\r\nA: b", 1),
        (b"\r\nFrom x Mon Feb 16 10:00:00 2026\r\nFrom: b@x.se\r\n\r\ny", 2),
        (b"\r\nFrom \r\nSubject: b\r\n\r\ny", 2),
        (b"\nFrom x\nX-A: b\n\ny", 2),
    ],
)
def test_a_line_that_begins_with_from_divides_only_before_headers(tmp_path: Path, text: bytes, count: int) -> None:
    path = tmp_path / "b.mbox"
    path.write_bytes(MARK + b"From: a@x.se\r\n\r\nHej\r\n" + text)
    assert len(parts(path)) == count


def test_a_mailbox_with_lines_without_end_is_read_in_pieces(tmp_path: Path) -> None:
    long = PLAIN + b"x" * 3_000_000 + b"\r\n"
    path = mailbox(tmp_path / "b.mbox", long, PLAIN)
    assert [len(raw) for raw in parts(path)] == [len(long) + 4, len(PLAIN) + 4]
    assert parts(path)[0].startswith(PLAIN)


@pytest.mark.parametrize("raw", [b"", b"hej", b"From x\r\n", b"\r\n\r\nSubject: x\r\n"])
def test_what_is_no_mailbox_is_refused_with_a_remedy(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "b.mbox"
    path.write_bytes(raw)
    with pytest.raises(UserError, match="ingen brevlåda") as told:
        parts(path)
    assert told.value.do
    with pytest.raises(UserError, match="kan inte öppnas"):
        parts(tmp_path / "borta.mbox")


def test_a_mailbox_with_too_many_mails_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(mailbox(tmp_path / "b.mbox", PLAIN, PLAIN, PLAIN))
    assert sum(len(message["spans"]) for message in mailbox_parsing.spans(path)) == 3
    monkeypatch.setattr(mailbox_parsing, "MAILBOX_MAILS", 2)
    with pytest.raises(UserError, match="fler än 2 brev"):
        list(mailbox_parsing.spans(path))


def test_the_mails_come_some_hundred_at_a_time_with_progress_and_stop_when_told_to(tmp_path: Path) -> None:
    path = mailbox(tmp_path / "b.mbox", *[b"From: a@x.se\r\n\r\nHej\r\n"] * 1200)
    steps: list[tuple[int, int]] = []
    assert len(list(letters(path, step=lambda done, total: steps.append((done, total))))) == 1200
    assert len(steps) == 3
    assert steps[-1] == (path.stat().st_size, path.stat().st_size)
    with pytest.raises(Cancelled):
        list(letters(path, stop=lambda: True))


def test_a_mail_over_the_limit_gives_one_byte_more_than_a_mail_may_have(tmp_path: Path) -> None:
    path = tmp_path / "b.mbox"
    with path.open("wb") as stream:
        stream.write(MARK + b"Subject: x\r\n\r\n")
        stream.truncate(limits.MAIL_BYTES + 1000)
    (one,) = letters(path)
    assert len(one.raw()) == limits.MAIL_BYTES + 1
    with pytest.raises(UserError, match="större än 50 MB"):
        read_mail(one.raw())


@given(
    st.lists(
        st.sampled_from([b"From x\n", b"From: y\n", b"\n", b">From z\n", b"hej\n", b"From ", b"a: b\r\n", b"\0"]),
        max_size=30,
    )
)
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_byte_is_in_two_mails_and_none_after_the_first_is_lost(tmp_path: Path, pieces: list[bytes]) -> None:
    path = tmp_path / "b.mbox"
    raw = MARK + b"Subject: x\n" + b"".join(pieces)
    path.write_bytes(raw)
    places = [tuple(span) for message in mailbox_parsing.spans(str(path)) for span in message["spans"]]
    at = len(MARK)
    for start, size in places:
        between = raw[at:start]
        assert not between or between.startswith(b"From ")
        assert between.count(b"\n") <= 1
        at = start + size
    assert at == len(raw)


def test_a_folder_gives_its_mails_mailboxes_and_tables_in_order_and_counts_the_rest(tmp_path: Path) -> None:
    found = folders.look([folder(tmp_path / "brev")])
    assert [path.name for path in found.mails] == ["1.eml", "2.MSG"]
    assert [path.name for path in found.mailboxes] == ["3.mbox"]
    assert [path.name for path in found.tables] == ["kunder.csv"]
    assert found.others == 1
    assert [(one.path.name, one.number) for one in found.letters()] == [
        ("1.eml", None),
        ("2.MSG", None),
        ("3.mbox", 1),
        ("3.mbox", 2),
    ]


def test_files_and_folders_can_be_mixed_and_a_mailbox_may_be_a_folder_of_its_own(tmp_path: Path) -> None:
    inner = mailbox(tmp_path / "Inkorg.mbox" / "mbox", PLAIN)
    single = tmp_path / "a.eml"
    single.write_bytes(PLAIN)
    found = folders.look([single, tmp_path / "Inkorg.mbox"])
    assert (found.mails, found.mailboxes) == ([single], [inner])


def test_links_and_vaults_are_passed_over_and_large_folders_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "runt").symlink_to(tmp_path / "a")
    (tmp_path / "a" / "x.eml").write_bytes(PLAIN)
    (tmp_path / "a" / "Kund.ombud").mkdir()
    (tmp_path / "a" / "Kund.ombud" / "vault.json").write_bytes(b"{}")
    found = folders.look([tmp_path / "a"])
    assert (len(found.mails), found.tables) == (1, [])
    monkeypatch.setattr(folders, "FOLDER_FILES", 1)
    with pytest.raises(UserError, match="fler än 1 filer"):
        folders.look([tmp_path / "a"])
    with pytest.raises(Cancelled):
        folders.look([tmp_path / "a"], stop=lambda: True)


def test_many_mails_are_read_by_one_process_and_a_bad_one_stops_no_other() -> None:
    raws = [PLAIN, b"", b"inget brev", ERASURE, Outlook().file()[:700], b"x" * (limits.MAIL_BYTES + 1), ANSWER]
    found = list(read_mails(raws))
    said = [one.what if isinstance(one, UserError) else one.subject for one in found]
    assert [text[:17] for text in said] == [
        "Begäran om regist",
        "Filen är tom.",
        "Filen är inget br",
        "radera mina uppgi",
        "Brevet är skadat ",
        "Brevet är större ",
        "Begäran om regist",
    ]
    assert isinstance(found[4], UnreadableError)
    assert list(read_mails([])) == []
    assert [type(one) for one in read_mails([b"", b""])] == [UserError, UserError]


def test_a_mail_that_breaks_the_process_is_told_and_the_others_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    breaking = PLAIN.replace(b"registerutdrag.", b"SPRICK")
    code = (
        "import os, sys; root = sys.argv[1]; sys.path.insert(0, root)\n"
        "from app.importers import child, mail_parsing\n"
        "read = mail_parsing.read\n"
        "mail_parsing.read = lambda raw, now: os.abort() if b'SPRICK' in raw else read(raw, now)\n"
        "sys.exit(child.main())"
    )
    monkeypatch.setattr(worker, "command", lambda: [sys.executable, "-I", "-c", code, str(program_root())])
    found = list(read_mails([PLAIN, breaking, ERASURE, breaking, breaking, ANSWER]))
    assert [isinstance(one, UnreadableError) for one in found] == [False, True, False, True, True, False]


def test_a_letter_that_is_gone_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="kan inte öppnas"):
        Letter(tmp_path / "borta.eml").raw()
