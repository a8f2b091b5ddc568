import json
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import UserError
from app.importers import limits, mail_headers, mail_parsing
from app.importers.mail import read_mail
from tests.importers import mails

NOW = datetime(2026, 3, 1, tzinfo=UTC)
RICH = mails.parts(
    b"Content-Type: multipart/alternative; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nhej\r\n"
    b"--b\r\nContent-Type: text/html\r\n\r\n<p>hej</p>\r\n--b--",
    b"Content-Type: application/pdf; name*0*=utf-8''%C3%A5; name*1=b\r\nContent-Transfer-Encoding: base64\r\n\r\naGVq",
    b"Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ny",
)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("From", "(" * 7000 + "a@example.se"),
        ("To", '"' * 8000),
        ("To", '"' * 50_000),
        ("Subject", "=?utf-8?q?a?= " * 10_000),
        ("From", "=?utf-8?q?a?=" * 600 + "<a@example.se>"),
        ("From", "<" * 8000),
        ("From", "a@[" + "\\" * 8000),
        ("Content-Type", "text/plain; " + "a*0*=" * 1500),
        ("Content-Type", 'text/plain; charset="' + '\\"' * 60_000),
        ("Content-Type", "multipart/mixed; boundary=" + "b" * 7000),
        ("Content-Transfer-Encoding", "x-uuencode"),
        ("Date", "9" * 8000),
        ("References", "<" * 60_000),
    ],
)
def test_hostile_headers_still_give_a_draft(name: str, value: str) -> None:
    assert read_mail(mails.with_header(name, value), now=NOW).message_id == "<2@example.se>"


def test_a_header_over_the_limit_is_never_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    long = mails.with_header("From", '"' * (limits.MAIL_HEADER + 10) + " <asa@example.se>")
    assert mail_parsing.read(long, NOW)["sender_address"] == ""
    monkeypatch.setattr(mail_headers, "MAIL_HEADER", 10**9)
    short = mails.with_header("From", "x" * (limits.MAIL_HEADER + 10) + " <asa@example.se>")
    assert mail_parsing.read(short, NOW)["sender_address"] == "asa@example.se"


def test_a_long_header_is_kept_as_it_came() -> None:
    draft = mail_parsing.read(mails.with_header("To", "a@example.se, " * 2000), NOW)
    assert draft["to"].startswith("a@example.se")
    assert any("ovanligt långt" in warning for warning in draft["warnings"])


def test_a_header_block_over_the_limit_is_refused() -> None:
    with pytest.raises(UserError):
        read_mail(b"X-A: b\r\n" * 40_000 + mails.PLAIN, now=NOW)


def test_layers_up_to_the_limit_are_read_and_deeper_ones_are_said_to_remain() -> None:
    assert mail_parsing.read(mails.nested(limits.MAIL_DEPTH), NOW)["text"] == "innerst"
    deeper = mail_parsing.read(mails.nested(limits.MAIL_DEPTH + 1), NOW)
    assert deeper["text"] == ""
    assert deeper["attachments"]
    assert any("lager" in warning for warning in deeper["warnings"])


def test_thousands_of_layers_still_give_a_draft() -> None:
    draft = read_mail(mails.nested(3000), now=NOW)
    assert draft.subject == "x"
    assert any("skadat" in warning for warning in draft.warnings)


def test_too_many_parts_are_cut_and_said() -> None:
    draft = mail_parsing.read(mails.parts(*[b"Content-Type: text/plain\r\n\r\nx"] * (limits.MAIL_PARTS + 5)), NOW)
    assert any("för många delar" in warning for warning in draft["warnings"])


def test_too_many_attachments_are_cut_and_said() -> None:
    draft = mail_parsing.read(mails.parts(*[b"Content-Type: image/png\r\n\r\nx"] * (limits.MAIL_ATTACHMENTS + 5)), NOW)
    assert len(draft["attachments"]) == limits.MAIL_ATTACHMENTS
    assert any("för många bilagor" in warning for warning in draft["warnings"])


@given(
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=12)), min_size=1, max_size=8),
    st.sampled_from([mails.PLAIN, RICH]),
)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_damaged_mail_gives_a_draft_or_a_refusal_and_nothing_else(
    damage: list[tuple[float, bytes]], mail: bytes
) -> None:
    raw = mail
    for place, put in damage:
        at = int(place * len(raw))
        raw = raw[:at] + put + raw[at + len(put) // 2 :]
    try:
        draft = mail_parsing.read(raw, NOW)
    except UserError:
        return
    assert json.loads(json.dumps(draft).encode())
    assert draft["text"].encode() is not None


@given(
    st.binary(max_size=300),
    st.sampled_from(["From", "Subject", "To", "Date", "Received", "Content-Type", "Reply-To", "Message-ID"]),
)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_bytes_in_a_header_give_a_draft_or_a_refusal(value: bytes, name: str) -> None:
    try:
        draft = mail_parsing.read(mails.with_header(name, value), NOW)
    except UserError:
        return
    assert json.dumps(draft, ensure_ascii=False).encode()
