"""Mails as Outlook saves them: their texts, senders, times and attachments; whole, damaged and hostile."""

import json
import struct
import subprocess
import sys
from datetime import UTC, datetime
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import UserError
from app.importers import limits, outlook_mail, rtf_text
from app.importers.mail import read_mail, unread
from app.importers.refusals import UnreadableError
from app.paths import program_root
from tests.importers.outlook import ARRIVED, Outlook
from tests.importers.packed import packed

NOW = datetime(2026, 3, 1, tzinfo=UTC)
RTF = rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\*\generator x}\f0 Jag vill ha mina uppgifter, \'c5sa\par \u214?berg \{klammer\}}"
FROM_HTML = (
    rb"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\*\htmltag19 <html>}{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Hej"
    rb"{\*\htmltag148 &aring;}\htmlrtf \'e5\htmlrtf0 {\*\htmltag72 </p>}\htmlrtf\par}\htmlrtf0 }"
)


def kept(rtf: bytes) -> bytes:
    """Return RTF in the form Outlook keeps it in when it is not packed."""
    return struct.pack("<II4sI", len(rtf) + 12, len(rtf), b"MELA", 0) + rtf


def squeezed(rtf: bytes) -> bytes:
    """Return RTF packed as simply as the form allows: every byte stands for itself."""
    steps = [rtf[at : at + 8] for at in range(0, len(rtf), 8)]
    body = b"".join(b"\0" + step for step in steps)
    return struct.pack("<II4sI", len(body) + 12, len(rtf), b"LZFu", 0) + body


def test_a_mail_is_read_with_sender_recipients_time_and_text() -> None:
    draft = read_mail(Outlook(references="<0@exempel.se> <1@exempel.se>").file(), now=NOW)
    assert (draft.sender_name, draft.sender_address) == ("Åsa Test", "asa@example.se")
    assert draft.to == "Dataskydd <dso@exempel.se>"
    assert draft.subject == "Begäran om registerutdrag"
    assert draft.received_at == ARRIVED
    assert draft.text == "Hej, jag vill ha ett registerutdrag.\nVänligen Åsa"
    assert (draft.message_id, draft.references) == ("<2@example.se>", ("<0@exempel.se>", "<1@exempel.se>"))
    assert draft.warnings == ()


def test_the_headers_that_came_with_the_mail_go_before_its_properties() -> None:
    headers = (
        "Microsoft Mail Internet Headers Version 2.0\r\n"
        "Received: from mx.example.se; Mon, 16 Feb 2026 10:00:00 +0100\r\n"
        "From: =?utf-8?q?=C3=85sa_=C3=96berg?= <asa.oberg@example.se>\r\nReply-To: annan@example.se\r\n"
        "In-Reply-To: <9@exempel.se>\r\n\r\n"
    )
    draft = read_mail(Outlook(headers=headers).file(), now=NOW)
    assert (draft.sender_name, draft.sender_address) == ("Åsa Öberg", "asa.oberg@example.se")
    assert draft.references == ("<9@exempel.se>",)
    assert draft.subject == "Begäran om registerutdrag"
    assert any("Svar går till en annan adress" in text for text in draft.warnings)


@pytest.mark.parametrize(("page", "word"), [(1252, "Vänligen"), (65001, "Vänligen"), (1250, "Vänligen"), (99999, "V")])
def test_texts_of_the_old_kind_are_read_in_the_code_page_that_the_mail_names(page: int, word: str) -> None:
    known = page if page != 99999 else 1252
    raw = Outlook(is_old=True, code_page=known).file()
    if page != known:
        raw = raw.replace(struct.pack("<IIQ", 0x3FFD0003, 6, known), struct.pack("<IIQ", 0x3FFD0003, 6, page))
    assert word in read_mail(raw, now=NOW).text


def test_without_a_text_the_words_come_out_of_the_html_and_nothing_in_it_is_kept() -> None:
    html = "<html><style>p{}</style><p>Radera mina uppgifter</p><img src=x><script>1</script>å</html>".encode()
    assert read_mail(Outlook(text="", html=html).file(), now=NOW).text == "Radera mina uppgifter\nå"


@pytest.mark.parametrize("form", [kept, squeezed])
def test_without_text_and_html_the_words_come_out_of_the_rtf(form: "type[bytes]") -> None:
    draft = read_mail(Outlook(text="", rtf=form(RTF)).file(), now=NOW)
    assert draft.text == "Jag vill ha mina uppgifter, Åsa\nÖberg {klammer}"


def test_html_that_lies_in_rtf_gives_its_words() -> None:
    assert rtf_text.words(FROM_HTML).strip() == "Hejå"


def test_packed_rtf_points_back_into_itself_and_into_what_both_sides_know() -> None:
    sample = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232 0af32068656c090020627705b06c647d0a800fa0".replace(
            " ", ""
        )
    )  # the example of the specification
    assert rtf_text.unpacked(sample) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    repeating = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")
    assert rtf_text.unpacked(repeating) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"
    with pytest.raises(ValueError, match="form"):
        rtf_text.unpacked(b"\0" * 20)


def test_attachments_are_named_and_measured_and_never_opened() -> None:
    mail = Outlook(
        attachments=(("cv.pdf", "application/pdf", b"x" * 9000), ("..\\..\\C:evil\u202e.exe", "", b"y")),
        embedded=(Outlook(subject="Vidarebefordrat"),),
    )
    draft = read_mail(mail.file(), now=NOW)
    assert [(one.name, one.media_type, one.size) for one in draft.attachments[:2]] == [
        ("cv.pdf", "application/pdf", 9000),
        ("C_evil\ufffd.exe", "application/octet-stream", 1),
    ]
    assert draft.attachments[2].name == "Vidarebefordrat"
    assert draft.attachments[2].size > 100
    many = Outlook(attachments=tuple((f"{n}.txt", "text/plain", b"x") for n in range(205)))
    seen = read_mail(many.file(), now=NOW)
    assert len(seen.attachments) == limits.MAIL_ATTACHMENTS
    assert any("för många bilagor" in text for text in seen.warnings)


def test_an_address_within_the_office_is_no_address() -> None:
    draft = read_mail(Outlook(address="/O=FIRMA/OU=X/CN=ASA").file(), now=NOW)
    assert (draft.sender_name, draft.sender_address) == ("Åsa Test", "")
    assert any("fullständig e-postadress" in text for text in draft.warnings)


def test_a_mail_without_a_time_or_with_one_to_come_has_none() -> None:
    assert read_mail(Outlook(arrived=None).file(), now=NOW).received_at is None
    late = read_mail(Outlook(arrived=datetime(2030, 1, 1, tzinfo=UTC)).file(), now=NOW)
    assert late.received_at is None
    assert any("framtiden" in text for text in late.warnings)


def test_a_packed_file_that_is_no_mail_is_refused_and_a_broken_mail_may_be_kept() -> None:
    with pytest.raises(UserError, match="inget brev") as told:
        read_mail(packed({"Workbook": b"x" * 5000}), now=NOW)
    assert not isinstance(told.value, UnreadableError)
    with pytest.raises(UnreadableError, match="skadat"):
        read_mail(packed({}), now=NOW)
    with pytest.raises(UnreadableError, match="skadat") as broken:
        read_mail(Outlook().file()[:700], now=NOW)
    draft = unread(broken.value)
    assert "Originalet är kvar" in draft.warnings[0]
    assert "skadat" in draft.warnings[1]


def test_a_mail_that_has_lost_its_list_of_properties_is_read_as_far_as_it_goes() -> None:
    tree = Outlook().tree(head=32)
    del tree["__properties_version1.0"]
    draft = read_mail(packed(tree), now=NOW)
    assert (draft.subject, draft.received_at) == ("Begäran om registerutdrag", None)


def test_a_text_over_the_limit_is_cut_and_said() -> None:
    draft = read_mail(Outlook(text="x" * (limits.MAIL_TEXT + 10)).file(), now=NOW)
    assert len(draft.text) == limits.MAIL_TEXT
    assert any("mycket lång" in text for text in draft.warnings)


@pytest.mark.parametrize("value", ["(" * 7000, '"' * 50_000, "=?utf-8?q?a?= " * 10_000, "<" * 9000, "a\r\nBcc: x@y.se"])
def test_hostile_values_still_give_a_draft(value: str) -> None:
    hostile = Outlook(
        name=value, address=value + "@x", subject=value, message_id=value, recipients=((value, value),) * 3
    )
    draft = read_mail(hostile.file(), now=NOW)
    assert draft.received_at == ARRIVED
    assert "registerutdrag" in draft.text


@cache
def rich() -> bytes:
    return Outlook(
        html=b"<p>x", rtf=squeezed(RTF), headers="From: a@b.se\r\n\r\n", embedded=(Outlook(),),
        attachments=(("a", "b", b"c" * 5000),),
    ).file()  # fmt: skip


def test_the_program_itself_never_loads_the_reader() -> None:
    code = (
        "import sys, app.cli.people, app.cli.mails, app.services.intake, app.ui.inbox.intake_queue, app.importers.folders; "
        "sys.exit('olefile' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=program_root(), check=False).returncode == 0


@given(st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=12)), min_size=1, max_size=8))
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_damaged_mail_gives_a_draft_or_a_refusal_and_nothing_else(damage: list[tuple[float, bytes]]) -> None:
    raw = bytearray(rich())
    for place, put in damage:
        at = int(place * len(raw))
        raw[at : at + len(put)] = put
    try:
        draft = outlook_mail.read(bytes(raw), NOW)
    except UserError:
        return
    assert json.dumps(draft, ensure_ascii=False).encode("utf-8", "replace")


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_bytes_as_rtf_give_words_or_a_refusal(raw: bytes) -> None:
    assert isinstance(rtf_text.words(raw), str)
    assert len(rtf_text.unpacked(struct.pack("<II4sI", 0, 2**31, b"LZFu", 0) + raw)) <= 4 * limits.MAIL_TEXT
