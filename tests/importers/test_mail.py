from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import Cancelled, ExitCode, UserError
from app.importers import limits, mail_parsing
from app.importers.mail import raw_of, read_mail
from app.importers.plain_text import from_html
from tests.importers import mails

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def parsed(raw: bytes) -> dict[str, Any]:
    return mail_parsing.read(raw, NOW)


def test_a_mail_becomes_a_draft() -> None:
    draft = read_mail(mails.PLAIN, now=NOW)
    assert (draft.sender_name, draft.sender_address) == ("Åsa Test", "asa@example.se")
    assert draft.subject == "Begäran om registerutdrag"
    assert draft.text == "Hej, jag vill ha ett registerutdrag.\nVänligen Åsa"
    assert draft.message_id == "<2@example.se>"
    assert draft.references == ("<1@exempel.se>",)
    assert "dso@exempel.se" in draft.to
    assert draft.warnings == ()


def test_the_topmost_received_line_says_when_the_mail_arrived() -> None:
    assert read_mail(mails.PLAIN, now=NOW).received_at == datetime(2026, 2, 16, 9, 0, tzinfo=UTC)


def test_without_received_lines_the_senders_own_date_is_used_with_a_warning() -> None:
    draft = parsed(mails.without("Received"))
    assert draft["received_at"] == "2026-02-15T07:00:00+00:00"
    assert any("Avsändarens egen tid" in warning for warning in draft["warnings"])


def test_a_date_to_come_is_not_believed() -> None:
    draft = read_mail(mails.PLAIN, now=datetime(2026, 2, 1, tzinfo=UTC))
    assert draft.received_at is None
    assert "Datumet i brevet ligger i framtiden." in draft.warnings


def test_a_very_old_date_is_kept_with_a_warning() -> None:
    draft = mail_parsing.read(mails.PLAIN, datetime(2037, 1, 1, tzinfo=UTC))
    assert draft["received_at"]
    assert any("tio år" in warning for warning in draft["warnings"])


@pytest.mark.parametrize("value", ["", "i går", "99999999999999999999 Feb 2026", "Mon, 16 Feb 20260 10:00:00 +9999"])
def test_a_date_that_cannot_be_read_is_said_to_be_missing(value: str) -> None:
    raw = mails.without("Received", "Date").replace(b"MIME-Version", b"Date: " + value.encode() + b"\r\nMIME-Version")
    draft = parsed(raw)
    assert draft["received_at"] is None
    assert any("saknar datum" in warning for warning in draft["warnings"])


def test_the_plain_form_of_a_text_wins_over_the_html_form() -> None:
    draft = parsed(
        mails.parts(
            b"Content-Type: text/plain\r\n\r\nren", b"Content-Type: text/html\r\n\r\n<p>rik</p>", kind="alternative"
        )
    )
    assert draft["text"] == "ren"


def test_html_beside_a_plain_footer_is_not_lost() -> None:
    draft = parsed(
        mails.parts(b"Content-Type: text/html\r\n\r\n<p>radera mig</p>", b"Content-Type: text/plain\r\n\r\nfot")
    )
    assert "radera mig" in draft["text"]
    assert "fot" in draft["text"]


def test_html_becomes_words_and_nothing_of_it_runs() -> None:
    words = from_html(
        "<style>p{}</style><p>Hej &amp; h&aring;</p><script>x()</script><img src=http://example.com/a><ul><li>ett<li>två"
    )
    assert words.split("\n") == ["Hej & hå", "", "ett", "två"] or words.replace("\n\n", "\n").split("\n") == [
        "Hej & hå",
        "ett",
        "två",
    ]
    assert "x()" not in words
    assert "example.com" not in words


def test_attachments_are_listed_by_name_kind_and_size_and_never_as_paths() -> None:
    child = (
        b"Content-Type: application/pdf\r\n"
        b'Content-Disposition: attachment; filename="..\\..\\C:/hemligt\xe2\x80\xaefdp.exe"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\naGVqIQ==\r\n"
    )
    name, kind, size = parsed(mails.parts(b"Content-Type: text/plain\r\n\r\nhej", child))["attachments"][0]
    assert (name, kind, size) == ("hemligt�fdp.exe", "application/pdf", 4)


def test_a_forwarded_mail_is_an_attachment() -> None:
    draft = parsed(mails.parts(b"Content-Type: message/rfc822\r\n\r\nSubject: inre\r\n\r\ntext"))
    assert [kind for name, kind, size in draft["attachments"]] == ["message/rfc822"]


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200f", "\x07", "\u200b"])
def test_signs_that_hide_or_turn_are_shown_in_names_and_subjects(sign: str) -> None:
    draft = parsed(mails.with_header("From", f'"Asa{sign}Test" <asa@example.se>'))
    assert sign not in draft["sender_name"]
    assert "�" in draft["sender_name"]
    assert sign not in parsed(mails.with_header("Subject", f"a{sign}b"))["subject"]


@pytest.mark.parametrize("raw_name", ["Åsa".encode(), "Åsa".encode("cp1252")])
def test_eight_bit_names_are_read_as_utf8_or_else_as_western(raw_name: bytes) -> None:
    assert parsed(mails.with_header("From", raw_name + b" <asa@example.se>"))["sender_name"] == "Åsa"


def test_a_sender_whose_name_is_another_address_is_pointed_out() -> None:
    draft = parsed(mails.with_header("From", '"chef@exempel.se" <asa@example.se>'))
    assert any("annan e-postadress" in warning for warning in draft["warnings"])


def test_an_answer_that_goes_elsewhere_is_pointed_out() -> None:
    draft = parsed(mails.with_header("Reply-To", "annan@example.com"))
    assert any("Svar går till en annan adress" in warning for warning in draft["warnings"])


def test_a_mail_without_sender_still_gives_a_draft() -> None:
    draft = parsed(mails.without("From"))
    assert draft["sender_address"] == ""
    assert any("saknar avsändare" in warning for warning in draft["warnings"])


def test_an_unknown_charset_is_read_as_well_as_possible() -> None:
    raw = mails.PLAIN.replace(b"charset=utf-8", b"charset=rot13")
    assert "Vänligen Åsa" in parsed(raw)["text"]


def test_a_text_that_only_looks_like_utf8_is_read_as_western_with_a_warning() -> None:
    raw = mails.PLAIN.replace("Vänligen Åsa".encode(), "Vänligen Åsa".encode("cp1252"))
    draft = parsed(raw)
    assert "Vänligen Åsa" in draft["text"]
    assert any("Teckenkodningen" in warning for warning in draft["warnings"])


def test_a_long_text_is_cut_and_says_so() -> None:
    draft = read_mail(mails.PLAIN + b"rad\r\n" * 400_000, now=NOW)
    assert len(draft.text) == limits.MAIL_TEXT
    assert any("mycket lång" in warning for warning in draft.warnings)


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n \n", b"\0" * 100, b"%PDF-1.7\n", b"PK\x03\x04" + b"x" * 99, b"hej hopp\n\nhej", b"a: b\n\nc"]
)
def test_what_is_no_mail_is_refused_with_a_remedy(raw: bytes) -> None:
    with pytest.raises(UserError) as refused:
        read_mail(raw, now=NOW)
    assert refused.value.code is ExitCode.UNREADABLE_INPUT
    assert refused.value.stands == "Inget har importerats."
    assert refused.value.do


def test_a_mail_over_the_limit_is_refused_before_a_child_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.importers.mail.MAIL_BYTES", len(mails.PLAIN) - 1)
    with pytest.raises(UserError, match="större än"):
        read_mail(mails.PLAIN, now=NOW)


def test_reading_stops_when_told_to() -> None:
    with pytest.raises(Cancelled):
        read_mail(mails.PLAIN, now=NOW, stop=lambda: True)


def test_no_warning_holds_anything_out_of_the_mail() -> None:
    raw = mails.with_header("From", '"chef@exempel.se" <asa@example.se>, b@example.com')
    assert not [warning for warning in parsed(raw)["warnings"] if "example" in warning or "exempel" in warning]


def test_a_mail_file_is_taken_as_bytes_and_a_missing_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "brev.eml"
    path.write_bytes(mails.PLAIN)
    assert raw_of(path) == mails.PLAIN
    with pytest.raises(UserError, match="kan inte öppnas"):
        raw_of(tmp_path / "borta.eml")
