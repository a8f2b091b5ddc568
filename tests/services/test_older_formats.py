"""A vault of every format that has landed opens, by either secret, with all that was in it."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.domain.errors import ExitCode, UserError
from app.security import vault_file
from app.services import audit, filing, vaults
from db import rekey, upgrade
from db.engine import connect
from db.models import Attachment, Datum, Request, RetentionRun, Subject
from tests.factories import CUSTOMER, NOW
from tests.services.conftest import pdf_text

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
def test_a_newer_format_is_refused_and_no_byte_of_it_is_touched(folder: Path) -> None:
    keys = vault_file.unlock(folder, passphrase=PASSPHRASE)
    connection = connect(folder / "data.db", keys.database)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    for name in ("head", "data.db-wal", "data.db-shm"):
        (folder / name).unlink(missing_ok=True)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    with pytest.raises(UserError) as caught:
        vaults.open_vault(folder, passphrase=PASSPHRASE, now=NOW)
    assert caught.value.code in (ExitCode.NEWER_VERSION, ExitCode.TAMPERED)
    assert (folder / "data.db").read_bytes() == before["data.db"]
    assert rekey.has_key(folder / "data.db", keys.database)
