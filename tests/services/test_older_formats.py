"""A vault of every format that has landed opens, by either secret, with all that was in it."""

import datetime as dt
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.domain.audit import Action
from app.domain.errors import ExitCode, UserError
from app.security import files, vault_file
from app.services import audit, filing, restoring, vaults
from db import rekey, upgrade
from db.engine import connect
from db.models import Attachment, Datum, Request, RetentionRun, Subject
from db.store import Store
from tests.factories import CUSTOMER, NOW
from tests.services.conftest import audited, pdf_text

VAULTS = Path(__file__).parent.parent / "fixtures" / "vaults"
FORMATS = sorted(path.name for path in VAULTS.iterdir())
PASSPHRASE = "fem ord som ingen gissar"
MAIL = b"From: asa@example.com\r\nMessage-ID: <1@example.com>\r\n\r\nVilka uppgifter har ni om mig?"


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return shutil.copytree(VAULTS / request.param, tmp_path / "Gammalt.ombud")


def format_of(folder: Path) -> str:
    """Return the format of a closed vault's database."""
    keys = vault_file.unlock(folder, passphrase=PASSPHRASE)
    connection = connect(folder / "data.db", keys.database)
    try:
        [(found,)] = connection.execute("SELECT version_num FROM alembic_version").fetchall()
        return str(found)
    finally:
        connection.close()


def test_the_newest_format_and_every_older_one_have_a_vault() -> None:
    assert [name[1:5] for name in upgrade.VERSIONS] == FORMATS


@pytest.mark.parametrize("secret", ["passphrase", "recovery_key"])
@pytest.mark.parametrize("folder", FORMATS, indirect=True)
def test_it_opens_with_all_that_was_in_it(folder: Path, secret: str, request: pytest.FixtureRequest) -> None:
    assert format_of(folder) == request.node.callspec.params["folder"]
    secrets = {"passphrase": PASSPHRASE, "recovery_key": (folder / "recovery.txt").read_text(encoding="utf-8")}
    given: dict[str, Any] = {secret: secrets[secret]}
    vault = vaults.open_vault(folder, **given, now=NOW)
    try:
        with vault.store.read() as session:
            held = session.execute(
                sa.select(Subject.display_name, Datum.field, Datum.value)
                .join(Datum, Datum.subject_id == Subject.id)
                .order_by(Datum.id)
            )
            assert [tuple(row) for row in held] == [
                ("Åsa Öberg", "name", "Åsa Öberg"),
                *(("Åsa Öberg", field, value) for field, value in CUSTOMER.items()),
                ("Örjan Äng", "name", "Örjan Äng"),
                ("Örjan Äng", "email", "orjan@example.com"),
            ]
            assert session.scalars(sa.select(Request.message)).all() == ["Vilka uppgifter har ni om mig?"]
            files = session.execute(sa.select(Attachment.id, Attachment.kind).order_by(Attachment.id)).all()
            assert [row.kind for row in files] == ["mail", "receipt"]
            assert filing.read(session, files[0].id) == MAIL
            assert "Gallringskvitto" in pdf_text(filing.read(session, files[1].id))
            assert session.scalars(sa.select(RetentionRun.erased)).all() == [2]
            assert audit.verify(session).fault is None
            assert not filing.has_old(session)
        assert vault.store.check() == ""
    finally:
        vault.close(NOW)
    assert format_of(folder) == upgrade.newest()
    assert MAIL not in (folder / "data.db").read_bytes()


@pytest.mark.parametrize("folder", [FORMATS[-1]], indirect=True)
@pytest.mark.parametrize("has_head", [True, False])
def test_a_newer_format_is_refused_and_no_byte_of_it_is_touched(folder: Path, has_head: bool) -> None:
    keys = vault_file.unlock(folder, passphrase=PASSPHRASE)
    connection = connect(folder / "data.db", keys.database)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    for name in (*(["head"] if not has_head else []), "data.db-wal", "data.db-shm"):
        (folder / name).unlink(missing_ok=True)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    with pytest.raises(UserError) as caught:
        vaults.open_vault(folder, passphrase=PASSPHRASE, now=NOW)
    assert caught.value.code is ExitCode.NEWER_VERSION
    assert (folder / "data.db").read_bytes() == before["data.db"]
    assert rekey.has_key(folder / "data.db", keys.database)


@pytest.mark.parametrize("folder", FORMATS[:-1], indirect=True)
def test_the_old_database_is_kept_aside_for_a_while(folder: Path) -> None:
    before, found = (folder / "data.db").read_bytes(), format_of(folder)
    vault = vaults.open_vault(folder, passphrase=PASSPHRASE, now=NOW)
    assert vault.migrated_from == found
    assert audited(vault.store, Action.MIGRATED) == [(Action.MIGRATED, {"before": found, "now": upgrade.newest()})]
    vault.close(NOW)
    kept = folder / "aside" / f"format-{found}"
    assert rekey.has_key(kept / "data.db", vault.keys.database)
    assert (kept / "data.db").read_bytes()[:16] == before[:16]
    assert not (folder / "tmp").exists()
    vaults.open_vault(folder, passphrase=PASSPHRASE, now=NOW + dt.timedelta(days=13)).abandon()
    assert kept.exists()
    again = vaults.open_vault(folder, passphrase=PASSPHRASE, now=NOW + dt.timedelta(days=15))
    assert again.migrated_from is None
    again.abandon()
    assert not kept.exists()


@pytest.mark.parametrize("folder", ["0009"], indirect=True)
@pytest.mark.parametrize("harm", ["check", "counts", "disk"])
def test_a_copy_that_is_not_what_it_should_be_changes_nothing(
    folder: Path, harm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (folder / "data.db").read_bytes()

    def refuse(*_given: object, **_named: object) -> None:
        raise files.disk_error(OSError(28, "full"))

    turns = iter(range(99))
    with monkeypatch.context() as patched:
        if harm == "check":
            patched.setattr(Store, "check", lambda _store: "integrity_check: broken")
        elif harm == "counts":
            patched.setattr(restoring, "counts", lambda _store: {"subject": next(turns)})
        else:
            patched.setattr(Store, "copy_to", refuse)
        with pytest.raises(UserError, match="nya formatet") as caught:
            vaults.open_vault(folder, passphrase=PASSPHRASE, now=NOW)
    assert caught.value.stands == "Valvet är orört."
    assert (folder / "data.db").read_bytes() == before
    assert not (folder / "tmp").exists()
    assert format_of(folder) == "0009"
    vaults.open_vault(folder, passphrase=PASSPHRASE, now=NOW).abandon()


@pytest.mark.parametrize("folder", ["0011"], indirect=True)
@pytest.mark.parametrize("call", range(1, 60, 3))
def test_a_crash_at_any_change_of_a_file_leaves_the_old_one_or_the_new_one(folder: Path, call: int) -> None:
    code = (
        "import sys, datetime as dt\nfrom pathlib import Path\nfrom tests.security.broken import die_at\n"
        "from app.services import vaults\ndie_at(int(sys.argv[2]))\n"
        "vaults.open_vault(Path(sys.argv[1]), passphrase=sys.argv[3], now=dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)).abandon()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder), str(call), PASSPHRASE], cwd=VAULTS.parents[2], check=False
    )
    assert done.returncode in (0, -9)
    vault = vaults.open_vault(folder, passphrase=PASSPHRASE, now=NOW)
    assert vault.store.check() == ""
    with vault.store.read() as session:
        assert audit.verify(session).fault is None
        [mail] = session.scalars(sa.select(Attachment.id).where(Attachment.kind == "mail")).all()
        assert filing.read(session, mail) == MAIL
    vault.close(NOW)
    assert format_of(folder) == upgrade.newest()
