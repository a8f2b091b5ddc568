"""A vault on disk and a way to run commands on it, in this process, as the shell would."""

import datetime as dt
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app import cli
from app.i18n import set_language
from app.security.kdf import KdfCost
from app.services import founding

PASSPHRASE = "fem ord som ingen gissar"
NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 22)
CHEAPEST = KdfCost(memory_kib=46 << 10, rounds=1, lanes=1)


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)


Run = Callable[..., Ran]


class _Stream(io.StringIO):
    def reconfigure(self, **_options: object) -> None:
        """As the real streams have."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a closed vault with the default profile."""
    path = tmp_path / "Prov.ombud"
    facts = founding.NewVault(passphrase=PASSPHRASE, name="Provbolaget", user="Eva Lund", cost=CHEAPEST)
    founding.create(path, facts, now=NOW)[0].close(NOW)
    return path


@pytest.fixture
def waited() -> list[float]:
    """Return for how long the commands would have waited after wrong tries."""
    return []


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, waited: list[float]) -> Run:
    """Return a function that runs a command without a vault."""

    def ran(*arguments: str | Path, stdin: str = "", as_json: bool = True) -> Ran:
        out, err = _Stream(), _Stream()
        for name, stream in (("stdin", _Stream(stdin)), ("stdout", out), ("stderr", err)):
            monkeypatch.setattr(f"sys.{name}", stream)
        options = ["--json"] if as_json else []
        try:
            code = cli.run([*options, *map(str, arguments)], now=lambda: NOW, today=lambda: TODAY, pause=waited.append)
        except SystemExit as ended:
            code = int(ended.code or 0)
        monkeypatch.undo()
        set_language("sv")
        return Ran(int(code), out.getvalue(), err.getvalue())

    return ran


@pytest.fixture
def on_vault(run: Run, folder: Path) -> Run:
    """Return a function that runs a command on the vault, with its passphrase."""

    def ran(*arguments: str | Path, stdin: str = "", passphrase: str = PASSPHRASE, as_json: bool = True) -> Ran:
        secret = ("--vault", str(folder), "--passphrase-stdin", "--user", "Eva Lund")
        return run(*secret, *arguments, stdin=f"{passphrase}\n{stdin}", as_json=as_json)

    return ran
