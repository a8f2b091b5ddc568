"""A second reader of `vault.json`, written from FORMAT.md with nothing of the program: the format is what the page says."""

import hashlib
import hmac
import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.domain.roles import Role
from app.security import tries, vault_file, vault_rotation, vault_users
from tests.key_stores import Trusted
from tests.security.conftest import NOW, PASSPHRASE, Made
from tests.security.test_os_keyring import turn_on
from tests.security.test_vault_users import EVA, add

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
FORMAT = Path(__file__).parents[2] / "app" / "security" / "FORMAT.md"


def hkdf(secret: bytes, salt: bytes, info: str) -> bytes:
    return HKDF(SHA256(), 32, salt or bytes(32), info.encode()).derive(secret)


def spelling(part: dict[str, Any]) -> bytes:
    return json.dumps(part, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def without(part: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name not in names}


def bits_of(recovery_key: str) -> bytes:
    typed = recovery_key.upper().replace("O", "0").replace("I", "1").replace("L", "1")
    characters = [ALPHABET.index(character) for character in typed if character not in "- "]
    bits = "".join(f"{value:05b}" for place, value in enumerate(characters) if place % 5 != 4)
    return bytes(int(bits[start : start + 8], 2) for start in range(0, 160, 8))


def slot_key(slot: dict[str, Any], secret: str) -> bytes:
    parameters = slot["kdf"]
    salt = bytes.fromhex(parameters["salt"])
    if slot["kind"] == "recovery":
        return hkdf(bits_of(secret), salt, "ombudet/1 recovery slot")
    if slot["kind"] == "keyring":
        return hkdf(bytes.fromhex(secret), salt, "ombudet/1 keyring slot")
    assert (parameters["name"], parameters["version"]) == ("argon2id", 19)
    typed = unicodedata.normalize("NFC", secret).encode("utf-8")
    cost = parameters["rounds"], parameters["memory_kib"], parameters["lanes"]
    return hash_secret_raw(typed, salt, *cost, hash_len=32, type=Type.ID, version=19)


def wrap_key(slot: dict[str, Any], key: bytes) -> bytes:
    private = X25519PrivateKey.from_private_bytes(hkdf(key, b"", "ombudet/1 slot pair"))
    public = private.public_key().public_bytes_raw()
    assert public.hex() == slot["public"]
    if "ephemeral" not in slot:
        return key
    ephemeral = bytes.fromhex(slot["ephemeral"])
    shared = private.exchange(X25519PublicKey.from_public_bytes(ephemeral))
    return hkdf(shared, ephemeral + public, "ombudet/1 slot wrap")


def folded(name: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", name).casefold()).strip()


def users(file: Path, vault_key: bytes) -> list[tuple[str, str]]:
    whole = json.loads(file.read_bytes())
    found = []
    for slot in whole["slots"]:
        said = {**without(slot, "nonce", "wrapped", "sha256", "proof"), "vault_id": whole["header"]["vault_id"]}
        proof = hmac.new(hkdf(vault_key, b"", "ombudet/1 slot proof"), spelling(said), "sha256").hexdigest()
        if proof == slot.get("proof") and slot["kind"] in {"passphrase", "user"}:
            found.append((slot.get("name", "dataskyddsombud"), slot.get("role", "officer")))
    return found


def open_vault(file: Path, kind: str, secret: str, name: str = "") -> dict[str, str]:
    whole = json.loads(file.read_bytes())
    header, box = whole["header"], whole["keys"]
    for part in (header, box, *whole["slots"]):
        assert part["sha256"] == hashlib.sha256(spelling(without(part, "sha256"))).hexdigest()
    assert (header["format"], header["version"]) == ("ombudet-vault", 1)
    slot = next(one for one in whole["slots"] if one["kind"] == kind and folded(one.get("name", "")) == folded(name))
    about = spelling({**without(slot, "nonce", "wrapped", "sha256"), "vault_id": header["vault_id"]})
    nonce, wrapped = bytes.fromhex(slot["nonce"]), bytes.fromhex(slot["wrapped"])
    vault_key = AESGCM(wrap_key(slot, slot_key(slot, secret))).decrypt(nonce, wrapped, about)
    check = hmac.new(hkdf(vault_key, b"", "ombudet/1 key check"), header["vault_id"].encode(), "sha256")
    assert check.hexdigest() == header["key_check"]
    cipher = AESGCM(hkdf(vault_key, b"", "ombudet/1 key box"))
    named = cipher.decrypt(bytes.fromhex(box["nonce"]), bytes.fromhex(box["sealed"]), header["vault_id"].encode())
    return {**json.loads(named), "vault key": vault_key.hex()}


def test_the_second_reader_opens_a_vault_with_either_secret(made: Made) -> None:
    expected = {"database": made.keys.database.hex(), "vault key": made.keys.vault_key.hex()}
    assert open_vault(made.file, "passphrase", PASSPHRASE) == expected
    assert open_vault(made.file, "recovery", made.recovery_key) == expected
    assert open_vault(made.file, "recovery", made.recovery_key.lower().replace("-", " ")) == expected


def test_the_second_reader_knows_users_roles_the_key_store_and_a_change_of_keys(made: Made, store: Trusted) -> None:
    add(made)
    turn_on(made, ("Eva Lund", Role.HANDLER))
    expected = {"database": made.keys.database.hex(), "vault key": made.keys.vault_key.hex()}
    [((service, account), held)] = store.entries.items()
    slot = next(one for one in json.loads(made.file.read_bytes())["slots"] if one["kind"] == "keyring")
    assert (service, account) == ("ombudet", f"{made.keys.vault_id}/{slot['id']}")
    assert slot["backend"] in FORMAT.read_text(encoding="utf-8")
    assert open_vault(made.file, "user", EVA, "eva  LUND") == expected
    assert open_vault(made.file, "keyring", held, "Eva Lund") == expected
    vault_users.change_role(made.folder, made.keys, "Eva Lund", Role.REVIEWER)
    assert open_vault(made.file, "user", EVA, "Eva Lund") == expected
    assert users(made.file, made.keys.vault_key) == [("dataskyddsombud", "officer"), ("Eva Lund", "reviewer")]

    first = vault_rotation.begin(made.folder, made.keys, lambda header: vault_file.by_passphrase(header, PASSPHRASE))
    expected["head"] = hkdf(made.keys.vault_key, b"", "ombudet/1 head").hex()
    halfway = {
        **expected,
        "vault key": first.vault_key.hex(),
        "database_next": str(first.next_database and first.next_database.hex()),
    }
    for kind, secret, name in (
        ("passphrase", PASSPHRASE, ""),
        ("recovery", made.recovery_key, ""),
        ("user", EVA, "Eva Lund"),
        ("keyring", held, "Eva Lund"),
    ):
        assert open_vault(made.file, kind, secret, name) == halfway
    done = vault_rotation.finish(made.folder, first)
    assert open_vault(made.file, "user", EVA, "Eva Lund") == {
        "database": done.database.hex(),
        "head": expected["head"],
        "vault key": done.vault_key.hex(),
    }
    assert users(made.file, made.keys.vault_key) == [], "the old vault key proves nothing any more"
    assert len(users(made.file, done.vault_key)) == 2


def test_the_second_reader_knows_the_wrong_tries(tmp_path: Path) -> None:
    tries.add(tmp_path, "user", NOW)
    tries.add(tmp_path, "passphrase", NOW)
    part = json.loads((tmp_path / "tries").read_bytes())
    assert part["sha256"] == hashlib.sha256(spelling(without(part, "sha256"))).hexdigest()
    assert (tmp_path / "tries").read_bytes() == spelling(part) + b"\n"
    assert without(part, "sha256") == {
        "version": 1,
        "first_at": NOW.isoformat(),
        "last_at": NOW.isoformat(),
        "kinds": {"user": 1, "passphrase": 1},
    }


def test_the_format_page_gives_right_examples_of_recovery_keys() -> None:
    examples = re.findall(r"\| (.+) \| `([0-9A-Z-]{47})` \|", FORMAT.read_text(encoding="utf-8"))
    values = {"all 00": bytes(20), "00 01 02 … 13": bytes(range(20)), "all FF": b"\xff" * 20}
    assert {name: bits_of(key) for name, key in examples} == values


@pytest.mark.parametrize("group", range(8))
def test_the_format_page_describes_the_check_character(made: Made, group: int) -> None:
    values = [ALPHABET.index(character) for character in made.recovery_key.split("-")[group]]

    def times(value: int, power: int) -> int:
        for _step in range(power):
            value = value << 1 ^ (0b100101 if value >= 16 else 0)
        return value

    d1, d2, d3, d4, check = values
    assert check == times(d1 ^ (group + 1), 4) ^ times(d2, 3) ^ times(d3, 2) ^ times(d4, 1)
