"""The key of the checkpoints: made once, kept in the box, and known by nobody who has no open vault."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.domain.checkpoints import parse
from app.domain.errors import UserError
from app.security import audit_seed, vault_file
from app.security.audit_seed import Signer
from app.security.kdf import MINIMUM
from app.security.vault_header import Header
from tests.security.broken import STEPS, break_at
from tests.security.conftest import NOW, PASSPHRASE, Made

ROOT = bytes(range(32))


def test_a_vault_without_a_seed_gets_one_that_stays(made: Made) -> None:
    before = made.file.read_bytes()
    first = audit_seed.signer(made.folder, made.keys)
    written = made.file.read_bytes()
    assert written != before
    assert audit_seed.signer(made.folder, made.keys).verifier_key == first.verifier_key
    assert made.file.read_bytes() == written
    assert vault_file.unlock(made.folder, passphrase=PASSPHRASE) == made.keys
    assert vault_file.unlock(made.folder, recovery_key=made.recovery_key) == made.keys


def test_a_new_passphrase_leaves_the_seed(made: Made) -> None:
    first = audit_seed.signer(made.folder, made.keys)
    vault_file.change_passphrase(made.folder, made.keys, "en helt annan fras", now=NOW, cost=MINIMUM)
    assert audit_seed.signer(made.folder, made.keys).verifier_key == first.verifier_key


def test_own_signatures_are_known_and_others_are_not(made: Made) -> None:
    signer = audit_seed.signer(made.folder, made.keys)
    note = parse(signer.sign(412, ROOT).dump())
    assert signer.is_ours(note)
    assert "PrivateKey" not in repr(signer)
    other = Signer(signer.origin, Ed25519PrivateKey.from_private_bytes(bytes(32)))
    for bad in (
        replace(note, size=413),
        replace(note, root=bytes(32)),
        replace(note, signature=bytes(64)),
        replace(note, origin="ombudet/" + "0" * 32),
        other.sign(412, ROOT),
        replace(other.sign(412, ROOT), signer=note.signer),
    ):
        assert not signer.is_ours(bad)


@pytest.mark.parametrize("step", STEPS)
def test_a_disk_that_refuses_leaves_the_old_file_or_the_new_one(
    made: Made, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def refuse() -> None:
        raise OSError(5, "")

    with monkeypatch.context() as patch:
        break_at(step, refuse, patch.setattr)
        with pytest.raises(UserError):
            audit_seed.signer(made.folder, made.keys)
    assert vault_file.unlock(made.folder, passphrase=PASSPHRASE) == made.keys
    assert audit_seed.signer(made.folder, made.keys)


def test_a_box_that_does_not_hold_what_was_written_is_refused(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    before, honest = made.file.read_bytes(), vault_file._box_contents
    asked: list[int] = []

    def forgetful(header: Header, vault_key: bytes) -> object:
        asked.append(1)
        return honest(header, vault_key) if len(asked) == 1 else {}

    monkeypatch.setattr(vault_file, "_box_contents", forgetful)
    with pytest.raises(UserError):
        audit_seed.signer(made.folder, made.keys)
    assert made.file.read_bytes() == before
