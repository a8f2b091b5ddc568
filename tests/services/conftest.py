"""A real encrypted vault for each test, with the cheapest key derivation the format allows."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import sqlalchemy as sa

from app.domain.audit import Action
from app.security.kdf import KdfCost
from app.services import audit, filing, founding, vaults
from db.models import AuditEntry
from db.store import Store
from tests.factories import NOW

CHEAPEST = KdfCost(memory_kib=46 << 10, rounds=1, lanes=1)


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[vaults.Vault]:
    """Return an open vault made from the default profile."""
    facts = founding.NewVault(passphrase="fem ord som ingen gissar", cost=CHEAPEST)
    made, _recovery_key = founding.create(tmp_path / "Provbolaget.ombud", facts, now=NOW)
    yield made
    made.abandon()


@pytest.fixture(scope="session")
def closed_pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a closed vault to copy: making one is slower than opening one."""
    folder = tmp_path_factory.mktemp("pattern") / "Prov.ombud"
    facts = founding.NewVault(passphrase="fem ord som ingen gissar", cost=CHEAPEST)
    founding.create(folder, facts, now=NOW)[0].close(NOW)
    return folder


@pytest.fixture
def closed(closed_pattern: Path, tmp_path: Path) -> Path:
    """Return the folder of a closed vault."""
    return shutil.copytree(closed_pattern, tmp_path / "Prov.ombud")


@pytest.fixture
def store(vault: vaults.Vault) -> Store:
    """Return the open vault's store."""
    return vault.store


def audited(store: Store, action: Action | None = None) -> list[tuple[Action, dict[str, Any]]]:
    """Return the acts of the trail with their details, all or one kind."""
    query = sa.select(AuditEntry).order_by(AuditEntry.seq)
    with store.read() as session:
        rows = [row for row in session.scalars(query) if action in (None, row.action)]
        told = [(one.action, audit.details(session, one.seq, one.action, one.subject_uid, one.payload)) for one in rows]
    return [(kind, details if details is not None else {}) for kind, details in told]


def everything(store: Store) -> str:
    """Return all that the vault holds as one text: every column of every table, the name index, files unpacked if they can be."""
    texts = []
    with store.read() as session:
        names = session.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")).all()
        for name in names:
            texts += [str(value) for row in session.execute(sa.text(f'SELECT * FROM "{name}"')) for value in row]  # noqa: S608
        session.execute(sa.text("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab('main', 'subject_fts', 'row')"))
        texts += [str(term) for term in session.scalars(sa.text("SELECT term FROM temp.vocabulary"))]
        blobs = [filing.read(session, key) for key in session.scalars(sa.text("SELECT id FROM attachment")).all()]
    texts += [pdf_text(blob) if blob.startswith(b"%PDF") else blob.decode("utf-8", "replace") for blob in blobs]
    return "\n".join(texts)


def pdf_text(raw: bytes) -> str:
    """Return the text of a PDF, line breaks made spaces."""
    with pypdfium2.PdfDocument(raw) as document:
        pages = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    return " ".join(" ".join(pages).split())
