"""Damage, newer formats and planted parameters each get their own answer, and never the answer "wrong secret"."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import ExitCode, UserError
from app.security import kdf, slots, vault_file, vault_header
from app.security.kdf import MINIMUM
from app.security.recovery_key import parse
from tests.security.conftest import NOW, PASSPHRASE, Made

Change = Callable[[dict[str, Any]], object]
GOOD: dict[str, Any] = {}
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters(), max_size=40)
    | st.binary(max_size=48).map(bytes.hex),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)


def test_every_flipped_bit_is_noticed_and_never_called_a_wrong_secret(made: Made) -> None:
    good, header = made.file.read_bytes(), vault_file.read_header(made.folder)
    opened, codes = 0, set()
    for place in range(len(good) * 8):
        data = bytearray(good)
        data[place // 8] ^= 1 << place % 8
        try:
            noticed = vault_header.parse(bytes(data))
        except UserError as error:
            codes.add(error.code)
            continue
        assert noticed.damaged
        assert noticed.head == header.head
        try:
            assert vault_file.by_entropy(noticed, parse(made.recovery_key)) == made.keys
            opened += 1
        except UserError as error:
            codes.add(error.code)
    assert codes == {ExitCode.DAMAGED}
    assert opened > 1000, "damage to the passphrase's slot alone still lets the recovery key in"


def test_damage_to_the_passphrases_slot_points_to_the_recovery_key(made: Made) -> None:
    for place in (made.file.read_bytes().index(b"argon2id"), made.file.read_bytes().index(b'"passphrase"') + 1):
        data = bytearray(made.file.read_bytes())
        data[place] ^= 1
        made.file.write_bytes(data)
        with pytest.raises(UserError, match="lösenfrasen är skadad") as caught:
            vault_file.unlock(made.folder, passphrase=PASSPHRASE)
        assert caught.value.code is ExitCode.DAMAGED
        assert "återställningsnyckeln" in caught.value.do


def test_a_damaged_passphrase_slot_is_mended_by_a_new_passphrase(made: Made) -> None:
    made.file.write_bytes(made.file.read_bytes().replace(b'"memory_kib": 47104', b'"memory_kib": 47105'))
    keys = vault_file.unlock(made.folder, recovery_key=made.recovery_key)
    vault_file.change_passphrase(made.folder, keys, "ny fras", now=NOW, cost=MINIMUM)
    assert vault_file.read_header(made.folder).damaged == ()
    assert vault_file.unlock(made.folder, passphrase="ny fras") == made.keys


def test_damage_to_the_recovery_slot_points_to_the_passphrase(made: Made) -> None:
    made.file.write_bytes(made.file.read_bytes().replace(b"hkdf-sha256", b"hkdf-sha257"))
    with pytest.raises(UserError, match="återställningsnyckeln är skadad") as caught:
        vault_file.unlock(made.folder, recovery_key=made.recovery_key)
    assert caught.value.code is ExitCode.DAMAGED
    assert vault_file.unlock(made.folder, passphrase=PASSPHRASE) == made.keys


def test_every_shortened_file_is_damaged(made: Made) -> None:
    good = made.file.read_bytes().rstrip()
    for length in range(len(good)):
        with pytest.raises(UserError, match="skadad"):
            vault_header.parse(good[:length])


BAD_TEXTS = [
    b"",
    b"null",
    b"[]",
    b"{}",
    b'"ombudet-vault"',
    b"\xff\xfe{}",
    b"\xef\xbb\xbf{}",
    b'{"header": []}',
    b'{"header": {}, "keys": {}, "slots": []}',
    b'{"header": {"sha256": 1.5}}',
    b'{"header": {"sha256": NaN}}',
    b'{"header": {}, "header": {}}',
    b"[" * 100_000,
    b"9" * 5_000,
    b" " * (vault_header.LIMIT + 1),
]


@pytest.mark.parametrize("text", BAD_TEXTS, ids=range(len(BAD_TEXTS)))
def test_a_text_that_is_not_ours_is_damaged(made: Made, text: bytes) -> None:
    made.file.write_bytes(text)
    with pytest.raises(UserError, match="skadad") as caught:
        vault_file.unlock(made.folder, passphrase=PASSPHRASE)
    assert caught.value.code is ExitCode.DAMAGED


@pytest.mark.parametrize("version", [2, 3, 10**12])
def test_a_newer_format_is_not_called_damaged(made: Made, version: int) -> None:
    def later(whole: dict[str, Any]) -> None:
        whole["header"]["version"] = version
        whole["header"]["something"] = {"new": True}
        whole["more"] = whole.pop("slots")

    _rewrite(made, later)
    with pytest.raises(UserError, match="nyare version") as caught:
        vault_file.unlock(made.folder, passphrase=PASSPHRASE)
    assert caught.value.code is ExitCode.NEWER_VERSION


@pytest.mark.parametrize("version", [0, -1, True, "1", None, [2]], ids=repr)
def test_a_version_that_never_was_is_damaged(made: Made, version: object) -> None:
    _rewrite(made, lambda whole: whole["header"].update(version=version))
    with pytest.raises(UserError, match="skadad"):
        vault_file.read_header(made.folder)


PLANTED: dict[str, Change] = {
    "another format": lambda w: w["header"].update(format="something"),
    "no vault id": lambda w: w["header"].pop("vault_id"),
    "a number as vault id": lambda w: w["header"].update(vault_id=1),
    "no time": lambda w: w["header"].pop("created_at"),
    "no key check": lambda w: w["header"].pop("key_check"),
    "another key check": lambda w: w["header"].update(key_check="0" * 64),
    "a part too many": lambda w: w.update(more={}),
    "no keys": lambda w: w.pop("keys"),
    "keys as a list": lambda w: w.update(keys=[]),
    "no slots": lambda w: w.pop("slots"),
    "slots as an object": lambda w: w.update(slots={}),
    "no slot left": lambda w: w["slots"].clear(),
    "too many slots": lambda w: w.update(slots=w["slots"] * 33),
    "slots that are numbers": lambda w: w.update(slots=[1, 2]),
    "only the other slot left": lambda w: w["slots"].pop(0),
    "box without nonce": lambda w: w["keys"].pop("nonce"),
    "box with a short nonce": lambda w: w["keys"].update(nonce="00"),
    "box with another nonce": lambda w: w["keys"].update(nonce="00" * 12),
    "box that is not hexadecimal": lambda w: w["keys"].update(sealed="zz"),
    "box without content": lambda w: w["keys"].update(sealed=""),
    "weak memory": lambda w: w["slots"][0]["kdf"].update(memory_kib=47_103),
    "huge memory": lambda w: w["slots"][0]["kdf"].update(memory_kib=1_048_577),
    "negative memory": lambda w: w["slots"][0]["kdf"].update(memory_kib=-1),
    "endless memory": lambda w: w["slots"][0]["kdf"].update(memory_kib=10**100),
    "no rounds": lambda w: w["slots"][0]["kdf"].update(rounds=0),
    "many rounds": lambda w: w["slots"][0]["kdf"].update(rounds=21),
    "rounds as text": lambda w: w["slots"][0]["kdf"].update(rounds="3"),
    "rounds as truth": lambda w: w["slots"][0]["kdf"].update(rounds=True),
    "no lanes": lambda w: w["slots"][0]["kdf"].update(lanes=0),
    "many lanes": lambda w: w["slots"][0]["kdf"].update(lanes=17),
    "lanes missing": lambda w: w["slots"][0]["kdf"].pop("lanes"),
    "old Argon2": lambda w: w["slots"][0]["kdf"].update(version=16),
    "Argon2i": lambda w: w["slots"][0]["kdf"].update(name="argon2i"),
    "a cheaper function": lambda w: w["slots"][0].update(kdf=w["slots"][1]["kdf"]),
    "no function": lambda w: w["slots"][0].pop("kdf"),
    "a function as text": lambda w: w["slots"][0].update(kdf="argon2id"),
    "salt missing": lambda w: w["slots"][0]["kdf"].pop("salt"),
    "short salt": lambda w: w["slots"][0]["kdf"].update(salt="00"),
    "salt that is not hexadecimal": lambda w: w["slots"][0]["kdf"].update(salt="x" * 32),
    "no nonce": lambda w: w["slots"][0].pop("nonce"),
    "nonce as a number": lambda w: w["slots"][0].update(nonce=12),
    "nothing wrapped": lambda w: w["slots"][0].pop("wrapped"),
    "too little wrapped": lambda w: w["slots"][0].update(wrapped="00" * 47),
    "too much wrapped": lambda w: w["slots"][0].update(wrapped="00" * 49),
}


@pytest.mark.parametrize("name", PLANTED)
def test_planted_values_with_right_checksums_are_damaged(made: Made, name: str) -> None:
    _rewrite(made, PLANTED[name])
    with pytest.raises(UserError) as caught:
        vault_file.unlock(made.folder, passphrase=PASSPHRASE)
    assert caught.value.code is ExitCode.DAMAGED


BOUND: dict[str, Change] = {
    "another id": lambda w: w["slots"][0].update(id="00" * 8),
    "another time": lambda w: w["slots"][0].update(made_at="2020-01-01T00:00:00+00:00"),
    "a further field": lambda w: w["slots"][0].update(user="annan"),
    "more rounds": lambda w: w["slots"][0]["kdf"].update(rounds=2),
    "another nonce": lambda w: w["slots"][0].update(nonce="00" * 12),
    "another wrapped key": lambda w: w["slots"][0].update(wrapped="00" * 48),
    "another vault": lambda w: w["header"].update(vault_id="00" * 16),
}


@pytest.mark.parametrize("name", BOUND)
def test_a_slot_rewritten_on_purpose_does_not_open(made: Made, name: str) -> None:
    _rewrite(made, BOUND[name])
    with pytest.raises(UserError) as caught:
        vault_file.unlock(made.folder, passphrase=PASSPHRASE)
    assert caught.value.code is ExitCode.WRONG_SECRET


def test_a_recovery_slot_with_planted_values_is_damaged(made: Made) -> None:
    _rewrite(made, lambda whole: whole["slots"][1].update(kdf=whole["slots"][0]["kdf"]))
    with pytest.raises(UserError) as caught:
        vault_file.unlock(made.folder, recovery_key=made.recovery_key)
    assert caught.value.code is ExitCode.DAMAGED


@pytest.mark.parametrize("inside", [b"[]", b"{}", b'{"database": "00"}', b'{"database": 1}', b"no json", b"\xff"])
def test_a_box_with_other_content_is_damaged(made: Made, inside: bytes) -> None:
    _rewrite(made, lambda whole: whole["keys"].update(sealed=_sealed(made, whole, inside)))
    with pytest.raises(UserError) as caught:
        vault_file.unlock(made.folder, recovery_key=made.recovery_key)
    assert caught.value.code is ExitCode.DAMAGED


def test_a_box_may_hold_keys_of_later_versions(made: Made) -> None:
    inside = json.dumps({"database": made.keys.database.hex(), "subjects": "00" * 32}).encode()
    _rewrite(made, lambda whole: whole["keys"].update(sealed=_sealed(made, whole, inside)))
    assert vault_file.unlock(made.folder, recovery_key=made.recovery_key) == made.keys


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(st.data())
def test_any_value_anywhere_gives_an_answer_and_never_other_keys(made: Made, data: st.DataObject) -> None:
    """Right checksums, so that the planted value itself is met; the recovery key is the right one."""
    whole = json.loads(json.dumps(GOOD.setdefault(made.keys.vault_id, json.loads(made.file.read_bytes()))))
    place = data.draw(
        st.sampled_from([whole, whole["header"], whole["keys"], *whole["slots"], whole["slots"][1]["kdf"]])
    )
    place[data.draw(st.sampled_from(sorted(place)))] = data.draw(ANYTHING)
    made.file.write_text(json.dumps(_resealed(whole)), encoding="utf-8")
    try:
        assert vault_file.unlock(made.folder, recovery_key=made.recovery_key) == made.keys
    except UserError as error:
        answer = error.code
    else:
        answer = ExitCode.OK
    assert answer in {ExitCode.OK, ExitCode.DAMAGED, ExitCode.NEWER_VERSION, ExitCode.WRONG_SECRET}


def test_layout_and_order_of_the_text_do_not_matter(made: Made) -> None:
    whole = json.loads(made.file.read_bytes())
    made.file.write_text(json.dumps(dict(reversed(whole.items())), separators=(",", ":")), encoding="utf-8")
    assert vault_file.unlock(made.folder, recovery_key=made.recovery_key) == made.keys


def test_too_little_memory_is_neither_damage_nor_a_wrong_secret(made: Made) -> None:
    resource = pytest.importorskip("resource", reason="Windows limits memory otherwise")
    before = resource.getrlimit(resource.RLIMIT_AS)
    record = json.loads(json.dumps(vault_file.read_header(made.folder).slots[0].record))
    record["kdf"]["memory_kib"] = 1 << 20  # more than earlier tests can have left free in this process
    resource.setrlimit(resource.RLIMIT_AS, (1 << 20, before[1]))
    try:
        slot = vault_header.Slot(record, is_damaged=False)
        with pytest.raises(UserError, match="för lite ledigt minne"):
            slots.open_with_passphrase(made.keys.vault_id, slot, PASSPHRASE)
        assert kdf.seconds(kdf.KdfCost(memory_kib=1 << 20, rounds=1, lanes=1)) == float("inf")
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def _sealed(made: Made, whole: dict[str, Any], inside: bytes) -> str:
    nonce = bytes.fromhex(whole["keys"]["nonce"])
    return vault_file._box_cipher(made.keys.vault_key).encrypt(nonce, inside, made.keys.vault_id.encode()).hex()


def _rewrite(made: Made, change: Change) -> None:
    """Change the file and give every part a right checksum again."""
    whole = json.loads(made.file.read_bytes())
    change(whole)
    made.file.write_text(json.dumps(_resealed(whole)), encoding="utf-8")


def _resealed(value: Any) -> Any:
    if isinstance(value, list):
        return [_resealed(item) for item in value]
    if isinstance(value, dict) and "sha256" in value:
        return vault_header.with_checksum({name: inner for name, inner in value.items() if name != "sha256"})
    return {name: _resealed(inner) for name, inner in value.items()} if isinstance(value, dict) else value
