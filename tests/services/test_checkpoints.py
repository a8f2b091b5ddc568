"""Checkpoints are made daily, at the closing and with every document, and the trail is held against them."""

import datetime as dt
from hashlib import sha256
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.domain import checkpoints as texts
from app.domain import trail
from app.domain.audit import Action, canonical
from app.domain.errors import ExitCode, UserError
from app.domain.merkle import Frontier, leaf_hash
from app.security import files, verify_trail
from app.services import audit, backup, checkpoints, extracts, filing, vaults, verification
from app.services.audit import Evidence, Fault
from app.services.vaults import Vault
from db.models import AuditCheckpoint, AuditEntry
from tests.factories import CUSTOMER, NOW, TODAY, make_subject
from tests.services.conftest import pdf_text

PASSPHRASE = "fem ord som ingen gissar"
SCRIPT = Path(verify_trail.__file__)


def act(vault: Vault, acts: int = 1) -> None:
    for _number in range(acts):
        with vault.store.write(NOW) as session:
            audit.record(session, Action.SETTING_CHANGED, fields=["text"])


def sign(vault: Vault) -> str:
    with vault.store.write(NOW) as session:
        checkpoints.make(session)
    with vault.store.read() as session:
        return checkpoints.stored(session)[-1]


def sizes(vault: Vault) -> list[int]:
    with vault.store.read() as session:
        return [texts.parse(text).size for text in checkpoints.stored(session)]


def events(vault: Vault) -> int:
    with vault.store.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) or 0


def tamper(vault: Vault, *statements: str) -> None:
    """Change the tables as somebody with the key could: past the triggers."""
    with vault.store.write(NOW) as session:
        for name in session.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            if name.startswith("audit_"):
                session.execute(sa.text(f"DROP TRIGGER {name}"))
        for statement in statements:
            session.execute(sa.text(statement))


def test_one_is_made_each_day_at_the_opening_and_at_every_closing(vault: Vault) -> None:
    first = events(vault)
    assert sizes(vault) == [first]
    folder, keys = vault.folder, vault.keys
    act(vault, 2)
    vault.close(NOW)
    for days, made in ((0, 0), (1, 1)):
        vault = vaults.open_with_keys(folder, keys, user="Eva", now=NOW + dt.timedelta(days=days))
        assert len(sizes(vault)) == 2 + days + made
        assert (sizes(vault)[-1] == events(vault)) is bool(made)
        vault.close(NOW + dt.timedelta(days=days))
        assert [note.size for note in checkpoints.in_file(folder) or ()][-1] == events_after(folder, keys)


def events_after(folder: Path, keys: object) -> int:
    """Return how many rows the closed vault's last checkpoint is about: the closing is one of them."""
    note = (checkpoints.in_file(folder) or [])[-1]
    return note.size


def as_described(entry: AuditEntry) -> bytes:
    """Return a row's bytes by the general way of writing fields, as FORMAT.md describes them."""
    named = {
        name: getattr(entry, name)
        for name in ("seq", "user", "object_kind", "object_id", "subject_uid", "offset_min")
        if getattr(entry, name) is not None
    }
    at, payload = entry.at.astimezone(dt.UTC).isoformat(), entry.payload.hex()
    return canonical({**named, "action": entry.action.value, "at": at, "payload": payload})


def test_each_root_is_the_one_over_all_rows_from_the_beginning(vault: Vault) -> None:
    for acts in (1, 3, 6):
        act(vault, acts)
        sign(vault)
    with vault.store.read() as session:
        leaves = [leaf_hash(trail.record_bytes(row)) for row in checkpoints.rows(session)]
        entries = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq)).all()
        assert [as_described(entry) for entry in entries] == [
            trail.record_bytes(row) for row in checkpoints.rows(session)
        ]
        for text in checkpoints.stored(session):
            note = texts.parse(text)
            assert note.root == Frontier().grown(leaves[: note.size]).root
            assert vault.signer.is_ours(note)


def test_an_unchanged_trail_is_not_signed_twice(vault: Vault) -> None:
    sign(vault)
    before = sizes(vault)
    sign(vault)
    assert sizes(vault) == before


def test_a_document_stands_on_a_checkpoint_and_its_footer_is_one(vault: Vault) -> None:
    with vault.store.write(NOW) as session:
        person = make_subject(session, values=CUSTOMER)
        audit.record(session, Action.SUBJECT_SAVED, person, subject_id=person.id)
        made = extracts.make_for_subject(session, person.id, today=TODAY, formats=("pdf",))[0]
        raw = filing.read(session, made.id)
        short = audit.head(session)
    with vault.store.read() as session:
        found = [(note.size, note) for note in map(texts.parse, checkpoints.stored(session))]
    printed = [seq for seq, _note in found if f"#{seq} " in pdf_text(raw)]
    assert len(printed) == 1
    number, digits = texts.parse_short(short) or (0, "")
    assert number >= printed[0]
    act(vault, 3)
    page = pdf_text(raw)
    footer = page[page.index(f"#{printed[0]} ") :][: len(f"#{printed[0]} 0000-0000-0000")]
    assert verification.verify(vault, [footer]).fault is None
    tamper(vault, "UPDATE audit_entry SET user = 'x' WHERE seq = 2")
    rechain(vault)
    assert verification.verify(vault, [footer]).fault is Fault.REWRITTEN
    assert digits


def rechain(vault: Vault) -> None:
    """Make every link fit again, as somebody with the database's key can."""
    with vault.store.write(NOW) as session:
        previous = bytes(32)
        for row in list(checkpoints.rows(session)):
            link = sha256(previous + trail.record_bytes(row)).digest()
            session.execute(
                sa.text("UPDATE audit_entry SET previous = :p, hash = :h WHERE seq = :s"),
                {"p": previous, "h": link, "s": row[0]},
            )
            previous = link


def test_the_stored_checkpoints_cannot_be_changed_or_removed(vault: Vault) -> None:
    for statement in (sa.update(AuditCheckpoint).values(text="x"), sa.delete(AuditCheckpoint)):
        with pytest.raises(sa.exc.IntegrityError), vault.store.write(NOW) as session:
            session.execute(statement)


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE audit_checkpoint SET text = 'x'", Fault.CHECKPOINT),
        ("UPDATE audit_checkpoint SET size = size - 1", Fault.CHECKPOINT),
        ("UPDATE audit_checkpoint SET text = replace(text, 'AAAA', 'AAAB')", None),
    ],
)
def test_a_changed_checkpoint_is_told(vault: Vault, statement: str, fault: Fault | None) -> None:
    tamper(vault, statement)
    assert verification.verify(vault).fault is fault


def test_a_forged_signature_is_told(vault: Vault) -> None:
    act(vault)
    note = texts.parse(sign(vault))
    forged = texts.Checkpoint(note.origin, note.size, note.root, note.signer, bytes(64)).dump()
    tamper(vault, f"UPDATE audit_checkpoint SET text = '{forged}' WHERE size = {note.size}")  # noqa: S608
    with vault.store.read() as session:
        proof = audit.verify(session, Evidence(vault.signer))
        assert (proof.fault, proof.first_bad) == (Fault.SIGNATURE, note.size)
        assert audit.verify(session).fault is None  # without the key nobody can tell


def test_a_trail_that_was_cut_is_told_by_the_file_beside_it(vault: Vault) -> None:
    act(vault, 4)
    sign(vault)
    last = events(vault)
    tamper(vault, f"DELETE FROM audit_entry WHERE seq > {last - 2}")  # noqa: S608
    tamper(vault, f"DELETE FROM audit_checkpoint WHERE size = {last}")  # noqa: S608
    proof = verification.verify(vault)
    assert (proof.fault, proof.first_bad, proof.until) == (Fault.MISSING, last - 1, last)
    assert str(last) in audit.in_words(proof)


def test_a_torn_end_of_the_file_is_mended_and_a_damaged_file_is_told(vault: Vault) -> None:
    path = vault.folder / checkpoints.FILE
    whole = path.read_bytes()
    for cut in range(len(whole)):
        path.write_bytes(whole + whole[:cut])
        assert len(checkpoints.in_file(vault.folder) or ()) == 1 + (cut == len(whole))
    path.write_bytes(whole + whole[:40])
    act(vault)
    sign(vault)
    assert len(checkpoints.in_file(vault.folder) or ()) == 2
    path.write_bytes(b"x" + whole)
    assert checkpoints.in_file(vault.folder) is None
    proof = verification.verify(vault)
    assert (proof.fault, proof.first_bad) == (Fault.FILE, None)
    assert "hel" in audit.in_words(proof)
    path.unlink()
    assert verification.verify(vault).fault is None


def test_what_is_no_checkpoint_of_this_vault_is_refused(vault: Vault, tmp_path: Path) -> None:
    other = tmp_path / "annan.txt"
    other.write_text(sign(vault).replace(vault.signer.origin, "ombudet/" + "0" * 32), encoding="utf-8")
    empty = tmp_path / "tom.txt"
    empty.write_text("", encoding="utf-8")
    for given in (str(other), str(empty), "#412 9f3c", str(SCRIPT)):
        with pytest.raises(UserError) as caught:
            verification.verify(vault, [given])
        assert caught.value.code is ExitCode.UNREADABLE_INPUT


def test_a_checkpoint_kept_in_a_file_is_held_against_the_trail(vault: Vault, tmp_path: Path) -> None:
    kept = tmp_path / "kontrollpunkt.txt"
    kept.write_text(sign(vault), encoding="utf-8")
    act(vault, 2)
    assert verification.verify(vault, [str(kept)]).fault is None
    tamper(vault, "DELETE FROM audit_checkpoint", "UPDATE audit_entry SET user = 'x' WHERE seq = 1")
    rechain(vault)
    (vault.folder / checkpoints.FILE).unlink()
    assert verification.verify(vault).fault is None  # the control: nothing inside the vault tells
    assert verification.verify(vault, [str(kept)]).fault is Fault.REWRITTEN


def test_a_disk_that_refuses_the_file_of_checkpoints_is_told(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    path = vault.folder / checkpoints.FILE
    path.unlink()
    path.mkdir()
    for attempt in (lambda: files.append(path, b"x"), lambda: files.ends_with(path, b"x")):
        with pytest.raises(UserError):
            attempt()
    path.rmdir()
    files.append(path, b"")
    assert files.ends_with(path, b"x")
    assert not files.ends_with(SCRIPT, b"x")


@pytest.mark.parametrize("at", ["x", "9999-99-99 00:00:00.000000"])
def test_a_trail_with_a_row_nobody_wrote_so_is_not_signed_and_the_vault_still_opens(vault: Vault, at: str) -> None:
    before = sizes(vault)
    act(vault)
    tamper(vault, f"UPDATE audit_entry SET at = '{at}'")  # noqa: S608
    folder, keys = vault.folder, vault.keys
    vault.close(NOW)
    vault = vaults.open_with_keys(folder, keys, user="Eva", now=NOW + dt.timedelta(days=1))
    assert len(sizes(vault)) == len(before) + (2 if at != "x" else 0)
    proof = verification.verify(vault)
    assert (proof.fault, proof.first_bad, proof.since) == (Fault.CHAIN, 1, None)
    (folder / checkpoints.FILE).unlink()
    vault.close(NOW)


def test_a_backup_is_made_though_the_file_of_checkpoints_is_gone(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "to").mkdir()
    kept = backup.make(vault, tmp_path / "to", now=NOW).path / checkpoints.FILE
    assert kept.read_bytes() == (vault.folder / checkpoints.FILE).read_bytes()
    (vault.folder / checkpoints.FILE).unlink()
    made = backup.make(vault, tmp_path / "to", now=NOW + dt.timedelta(hours=1))
    assert not (made.path / checkpoints.FILE).exists()
