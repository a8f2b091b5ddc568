"""A small vault for each test, made at the lowest cost a vault may have."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from app.security import vault_file
from app.security.kdf import MINIMUM
from app.security.vault_file import VaultKeys
from tests.key_stores import Trusted, in_use

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

NOW = datetime(2026, 3, 9, 8, 12, tzinfo=UTC)
PASSPHRASE = "Blå fågel över sjön"


@dataclass(frozen=True)
class Made:
    folder: Path
    keys: VaultKeys
    recovery_key: str

    @property
    def file(self) -> Path:
        return self.folder / "vault.json"


@pytest.fixture
def made(tmp_path: Path) -> Made:
    folder = tmp_path / "prov.ombud"
    keys, recovery_key = vault_file.create(folder, PASSPHRASE, now=NOW, cost=MINIMUM)
    return Made(folder, keys, recovery_key)


@pytest.fixture
def store() -> Iterator[Trusted]:
    """A key store that is trusted, as the computer's."""
    with in_use() as backend:
        yield backend
