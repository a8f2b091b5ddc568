"""A checkpoint's text: read back as it was written, and anything else refused."""

import base64

import pytest

from app.domain.checkpoints import (
    Checkpoint,
    body,
    key_hash,
    origin,
    parse,
    parse_all,
    parse_short,
    short_form,
    verifier_key,
)

NAME = origin("ab" * 16)
NOTE = Checkpoint(NAME, 412, bytes(range(32)), b"\x01\x02\x03\x04", bytes(64))
TEXT = NOTE.dump()


def test_it_is_written_as_the_standard_says() -> None:
    assert TEXT == (
        "ombudet/abababababababababababababababab\n412\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n"
        "\N{EM DASH} ombudet/abababababababababababababababab AQIDBA" + "A" * 85 + "=\n"
    )
    assert NOTE.signed == body(NAME, 412, NOTE.root) == TEXT.split("\n\n", maxsplit=1)[0].encode() + b"\n"


def test_a_key_has_the_published_form() -> None:
    # the key of the signed-note format's own example
    known = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    public = base64.b64decode(known.rpartition("+")[2])[1:]
    assert verifier_key("PeterNeumann", public) == known
    assert key_hash("PeterNeumann", public).hex() == "c74f20a3"


def test_it_is_read_back() -> None:
    assert parse(TEXT) == NOTE
    assert parse(TEXT.replace("\n", "\r\n")) == NOTE
    assert parse_all("") == []
    assert parse_all(f"{TEXT}\n{TEXT}\n") == [NOTE, NOTE]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("412", "0412"),
        ("412", "-1"),
        ("412", "x"),
        ("412\n", ""),
        ("AAEC", "AAE"),
        ("AAECAwQ", "AA=CAwQ"),
        ("\N{EM DASH}", "-"),
        ("\N{EM DASH} ombudet", "\N{EM DASH} other"),
        ("AQIDBA", "AQID"),
        ("AQIDBA", "AQIDBB"),
        ("AQIDBAA", "AQIDBA\N{LATIN SMALL LETTER A WITH RING ABOVE}"),
        ("\n\n", "\nextra\n"),
        ("\n\n", "\n\n\n"),
        (" AQ", "  AQ"),
    ],
)
def test_anything_else_is_refused(old: str, new: str) -> None:
    bad = TEXT.replace(old, new)
    if bad == TEXT.replace("AQIDBA", "AQIDBB"):
        assert parse(bad) != NOTE
    else:
        with pytest.raises(ValueError, match=r"checkpoint|base64"):
            parse(bad)


def test_a_short_form_may_be_typed_as_people_type() -> None:
    link = bytes.fromhex("9f3c12ab77e0") + bytes(26)
    assert short_form(412, link) == "#412 9f3c-12ab-77e0"
    for text in ("#412 9f3c-12ab-77e0", " 412 9F3C12AB77E0 ", "#412: 9f3c-12ab-77e0"):
        assert parse_short(text) == (412, "9f3c12ab77e0")
    for text in ("", "412", "#412 9f3c-12ab", "#412 9f3c-12ab-77e0-1", "9f3c-12ab-77e0", TEXT):
        assert parse_short(text) is None
