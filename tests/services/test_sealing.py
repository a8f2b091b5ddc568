"""What is sealed: documents and what the trail tells of a person.  What is not: that something was erased, and how much."""

import hashlib
import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.domain.audit import Action
from app.domain.errors import ExitCode, UserError
from app.security import subject_keys
from app.services import audit, filing, sealing
from app.services.vaults import Vault, open_vault
from db.models import Attachment, AuditEntry, ErasedKey, Subject
from db.store import Store
from tests.factories import NOW, make_request, make_subject
from tests.services.conftest import audited

SECRET = b"Brevet som ingen annan ska l\xc3\xa4sa"
PASSPHRASE = "fem ord som ingen gissar"


def stored(store: Store, content: bytes = SECRET) -> tuple[int, int]:
    """Store a document about a person; return the ids of both."""
    with store.write(NOW) as session:
        subject = make_subject(session)
        row = filing.store(
            session, content, kind="mail", name="brev.eml", media_type="message/rfc822",
            place=filing.Place(subject_id=subject.id),
        )  # fmt: skip
        return row.id, subject.id


def raw(store: Store, document: int) -> tuple[bytes, str, str]:
    with store.read() as session:
        query = sa.select(Attachment.content, Attachment.digest, Attachment.uid).where(Attachment.id == document)
        return tuple(session.execute(query).one())  # type: ignore[return-value]


def test_a_document_is_sealed_and_read_again(store: Store) -> None:
    document, _person = stored(store)
    content, digest, _uid = raw(store, document)

    assert SECRET not in content
    assert digest != hashlib.sha256(SECRET).hexdigest(), "a plain digest would confirm a guess"
    with store.read() as session:
        assert filing.read(session, document) == SECRET
        assert sealing.digest(session, SECRET) == digest


def test_a_document_opens_in_no_other_place(store: Store) -> None:
    first, _one = stored(store)
    second, _two = stored(store, b"x" * len(SECRET))
    with store.write(NOW) as session:
        content = session.scalars(sa.select(Attachment.content).where(Attachment.id == first)).one()
        session.execute(sa.update(Attachment).where(Attachment.id == second).values(content=content))

    with store.read() as session, pytest.raises(UserError, match="nyckel") as caught:
        filing.read(session, second)
    assert caught.value.code is ExitCode.DAMAGED


def test_a_deleted_documents_key_is_destroyed(vault: Vault) -> None:
    document, _person = stored(vault.store)
    _content, _digest, uid = raw(vault.store, document)
    assert vault.keeper.keys.key(uid) is not None
    with vault.store.write(NOW) as session:
        session.delete(session.get_one(Attachment, document))
        from db.store import leave_no_trace

        leave_no_trace(session)

    assert vault.keeper.keys.key(uid) is None
    assert bytes.fromhex(uid) not in (vault.folder / subject_keys.NAME).read_bytes()


def test_what_the_trail_tells_of_a_person_is_sealed_and_told(store: Store) -> None:
    _document, person = stored(store)
    with store.read() as session:
        row = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == Action.DOCUMENT_WRITTEN)).one()
        told = audit.details(session, row.seq, row.action, row.subject_uid, row.payload)
    assert row.payload[:1] == sealing.MARK
    assert b"mail" not in row.payload
    assert told == {"kind": "mail", "size": len(SECRET), "version": 1}
    assert person


def test_without_the_key_the_trail_is_whole_and_tells_nothing(vault: Vault) -> None:
    store = vault.store
    _document, person = stored(store)
    with store.write(NOW) as session:
        uid = session.get_one(Subject, person).uid
    vault.keeper.subject_keys.destroy([uid])

    with store.read() as session:
        row = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == Action.DOCUMENT_WRITTEN)).one()
        assert audit.details(session, row.seq, row.action, row.subject_uid, row.payload) is None
        assert audit.entries(session, [row.seq])[row.seq].details is None
        assert audit.verify(session).first_bad is None


def test_an_act_that_concerns_nobody_stays_as_it_was(store: Store) -> None:
    with store.write(NOW) as session:
        request = make_request(session)
        audit.record(session, Action.REQUEST_REGISTERED, request, rights=["access"])
    with store.read() as session:
        payload = session.scalars(
            sa.select(AuditEntry.payload).where(AuditEntry.action == Action.REQUEST_REGISTERED)
        ).one()
    assert json.loads(payload) == {"rights": ["access"]}
    assert audited(store, Action.REQUEST_REGISTERED)[0][1] == {"rights": ["access"]}


def test_what_is_rolled_back_seals_nothing(vault: Vault) -> None:
    before = sorted(vault.keeper.subject_keys.owners())

    def fails() -> None:
        with vault.store.write(NOW) as session:
            subject = make_subject(session)
            filing.store(
                session, SECRET, kind="mail", name="brev.eml", media_type="message/rfc822",
                place=filing.Place(subject_id=subject.id),
            )  # fmt: skip
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert sorted(vault.keeper.subject_keys.owners()) == before
    document, _person = stored(vault.store)
    with vault.store.read() as session:
        assert filing.read(session, document) == SECRET


def test_documents_of_an_older_version_are_sealed_at_the_opening(vault: Vault) -> None:
    documents = [stored(vault.store, SECRET + bytes([65 + number]))[0] for number in range(3)]
    with vault.store.write(NOW) as session:
        for number, key in enumerate(documents):
            plain = SECRET + bytes([65 + number])
            values = {"content": plain, "digest": hashlib.sha256(plain).hexdigest(), "is_sealed": False}
            session.execute(sa.update(Attachment).where(Attachment.id == key).values(**values))
    vault.close(NOW)
    assert SECRET not in vault.folder.joinpath("data.db").read_bytes()
    opened = open_vault(vault.folder, passphrase=PASSPHRASE, now=NOW)
    try:
        for number, key in enumerate(documents):
            content, digest, _uid = raw(opened.store, key)
            assert SECRET not in content
            with opened.store.read() as session:
                assert filing.read(session, key) == SECRET + bytes([65 + number])
                assert digest == sealing.digest(session, SECRET + bytes([65 + number]))
    finally:
        opened.abandon()


@pytest.mark.parametrize("name", ["subjects.keys", "journal"])
def test_a_missing_file_is_told_at_the_opening_and_never_made_anew(vault: Vault, name: str) -> None:
    from app.services import erasure

    _document, person = stored(vault.store)
    stored(vault.store)
    with vault.store.write(NOW) as session:
        erasure.erase_subject(session, person, ground="G2", reason="Begäran", today=NOW.date())
    vault.close(NOW)
    kept = (vault.folder / name).read_bytes()
    (vault.folder / name).unlink()

    with pytest.raises(UserError, match="saknas"):
        open_vault(vault.folder, passphrase=PASSPHRASE, now=NOW)
    assert not (vault.folder / name).exists()
    (vault.folder / name).write_bytes(kept)
    open_vault(vault.folder, passphrase=PASSPHRASE, now=NOW).abandon()


def test_an_old_file_of_keys_put_back_brings_nothing_back(vault: Vault, tmp_path: Path) -> None:
    from app.services import erasure

    document, person = stored(vault.store)
    stored(vault.store)
    _content, _digest, uid = raw(vault.store, document)
    old = (vault.folder / "subjects.keys").read_bytes()
    with vault.store.write(NOW) as session:
        erasure.erase_subject(session, person, ground="G2", reason="Begäran", today=NOW.date())
    vault.close(NOW)
    assert bytes.fromhex(uid) in old
    (vault.folder / "subjects.keys").write_bytes(old)
    opened = open_vault(vault.folder, passphrase=PASSPHRASE, now=NOW)
    opened.abandon()

    assert bytes.fromhex(uid) not in (vault.folder / "subjects.keys").read_bytes()
    assert tmp_path


def test_no_vault_holds_a_document_that_is_not_sealed(vault: Vault) -> None:
    stored(vault.store)
    with vault.store.read() as session:
        assert not filing.has_old(session)
        assert filing.has_sealed(session)
        assert filing.unreadable(session) == 0
        assert session.scalars(sa.select(ErasedKey.uid)).all() == []
    [uid] = [raw(vault.store, 1)[2]]
    vault.keeper.subject_keys.destroy([uid])
    with vault.store.read() as session:
        assert filing.unreadable(session) == 1
