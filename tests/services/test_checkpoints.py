"""Checkpoints are made daily, at the closing and with every document, and the trail is held against them."""

import datetime as dt
import json
import runpy
import shutil
import subprocess
import sys
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
from app.services import audit, checkpoints, extracts, vaults, verification
from app.services.audit import Evidence, Fault
from app.services.vaults import Vault
from db.models import Attachment, AuditCheckpoint, AuditEntry
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
        raw = session.get_one(Attachment, made.id).content
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


def exported(vault: Vault, path: Path) -> Path:
    with vault.store.read() as session:
        verification.export(session, vault, path)
    return path


def alone(*arguments: str | Path) -> tuple[int, dict[str, object]]:
    """Run the verifier as a stranger would: a copy of the one file, in isolated mode, away from the program."""
    done = subprocess.run(
        [sys.executable, "-I", *map(str, arguments)], capture_output=True, check=False, cwd=Path(arguments[0]).parent
    )
    return done.returncode, json.loads(done.stdout)


def test_the_export_is_verified_without_the_program(vault: Vault, tmp_path: Path) -> None:
    script = shutil.copyfile(SCRIPT, tmp_path / "verify_trail.py")
    kept = tmp_path / "kept.txt"
    kept.write_text(sign(vault), encoding="utf-8")
    act(vault, 3)
    path = exported(vault, tmp_path / "trail.txt")
    with vault.store.read() as session:
        short = audit.head(session)
    code, found = alone(script, path, "--checkpoint", kept, "--checkpoint", short, "--key", vault.signer.verifier_key)
    proof = verification.verify(vault)
    assert (code, found["events"], found["fault"], found["head"]) == (0, proof.events, None, proof.head)
    assert str(found["since"]).startswith("2026-11-22T09:00:00")

    tamper(vault, "UPDATE audit_entry SET user = 'x' WHERE seq = 2")
    code, found = alone(script, exported(vault, path))
    assert (code, found["fault"], found["first_bad"]) == (8, "chain", 2)
    rechain(vault)
    code, found = alone(script, exported(vault, path), "--checkpoint", kept)
    assert (code, found["fault"], found["first_bad"]) == (8, "rewritten", 1)


def test_the_stand_alone_verifier_tells_each_kind_of_change(vault: Vault, tmp_path: Path) -> None:
    act(vault, 3)
    sign(vault)
    raw = exported(vault, tmp_path / "trail.txt").read_bytes()
    total, path = events(vault), tmp_path / "bent.txt"
    lines = raw.split(b"\n")

    def told(data: bytes, *given: str, key: str = "") -> tuple[str | None, int | None]:
        path.write_bytes(data)
        found = verify_trail.verify(path, given, key)
        return found.fault, found.first_bad

    def with_rows(rows: list[bytes]) -> bytes:
        return b"\n".join([*lines[:3], b"%d" % len(rows), b"", *rows, *lines[5 + total :]])

    rows = lines[5 : 5 + total]
    assert told(raw) == (None, None)
    assert told(with_rows([*rows[:2], rows[2].replace(b'"user":"', b'"user":"x'), *rows[3:]])) == ("chain", 3)
    assert told(with_rows([*rows[:2], rows[3], rows[2], *rows[4:]])) == ("chain", 3)
    assert told(with_rows([*rows[:1], *rows[2:]])) == ("chain", 2)
    assert told(with_rows([rows[0][:65] + b"{}", *rows[1:]])) == ("chain", 1)
    assert told(with_rows([rows[0][:65] + b'{"seq":"x"}', *rows[1:]])) == ("chain", 1)
    assert told(with_rows(rows[:-1])) == ("missing", total)
    assert told(with_rows([])) == ("missing", 1)
    assert told(raw, "#2 0000-0000-0000")[0] == "rewritten"
    other = verify_key_of_another()
    assert told(raw, key=f"{vault.signer.origin}+{other}")[0] == "signature"
    mine = vault.signer.verifier_key.split("+", 2)
    assert told(raw, key="+".join((*mine[:2], other.split("+")[1])))[0] == "signature"
    assert told(raw, key="+".join((*mine[:2], "AA==")))[0] == "signature"


def crafted(path: Path, *records: bytes) -> Path:
    """Write an export whose links fit, whatever its rows say."""
    lines, previous = [], bytes(32)
    for record in records:
        previous = sha256(previous + record).digest()
        lines.append(previous.hex().encode() + b" " + record)
    path.write_bytes(b"\n".join([b"ombudet-trail 1", b"x", b"x", b"%d" % len(records), b"", *lines, b"", b""]))
    return path


def test_a_row_that_gives_itself_another_number_is_told_though_its_link_fits(tmp_path: Path) -> None:
    path = tmp_path / "trail.txt"
    for record in (b'{"seq":2}', b"{}", b"[]", b"x", b'{"seq":"1"}'):
        found = verify_trail.verify(crafted(path, record))
        assert (found.fault, found.first_bad) == ("chain", 1)
    assert verify_trail.verify(crafted(path)).events == 0


def test_the_script_answers_by_its_exit_code(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(sign(vault), encoding="utf-8")
    path = exported(vault, tmp_path / "trail.txt")
    monkeypatch.setattr(
        sys, "argv", ["verify_trail.py", str(path), "--checkpoint", str(kept), "--checkpoint", "#2 0000-0000-0000"]
    )
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(SCRIPT), run_name="__main__")
    assert ended.value.code == 8
    assert json.loads(capsys.readouterr().out)["fault"] == "rewritten"
    assert verify_trail.main([str(path), "--checkpoint", str(tmp_path / "saknas.txt")]) == 7


def verify_key_of_another() -> str:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from app.security.audit_seed import Signer

    return Signer("ombudet/x", Ed25519PrivateKey.from_private_bytes(bytes(32))).verifier_key.partition("+")[2]


@pytest.mark.parametrize(
    "bend",
    [
        lambda raw: b"",
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw.replace(b"trail 1", b"trail 2"),
        lambda raw: raw.replace(b"\n\n", b"\nx\n", 1),
        lambda raw: raw.replace("\N{EM DASH}".encode(), b"-"),
        lambda raw: b"\xff" + raw,
    ],
)
def test_what_is_no_export_is_said(
    vault: Vault, tmp_path: Path, bend: object, capsys: pytest.CaptureFixture[str]
) -> None:
    path = exported(vault, tmp_path / "trail.txt")
    assert verify_trail.main([str(path)]) == 0
    path.write_bytes(bend(path.read_bytes()))  # type: ignore[operator]
    assert verify_trail.main([str(path)]) == 7
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"fault": "unreadable"}


def test_the_verifier_needs_nothing_of_the_program() -> None:
    import ast

    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    names = {
        (node.module or "").split(".")[0] if isinstance(node, ast.ImportFrom) else node.names[0].name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert names - {"cryptography"} <= set(sys.stdlib_module_names)


def test_a_row_that_nobody_wrote_so_is_exported_as_nothing(vault: Vault, tmp_path: Path) -> None:
    tamper(vault, "UPDATE audit_entry SET at = 'x', hash = 'y' WHERE seq = 2")
    found = verify_trail.verify(exported(vault, tmp_path / "trail.txt"))
    assert (found.fault, found.first_bad) == ("chain", 2)
    assert verification.verify(vault).first_bad == 2


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
