"""One call of the command line: its options, its secrets, and the vault it opens."""

import argparse
import datetime as dt
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli import output
from app.domain.errors import ExitCode, UserError
from app.i18n import _
from app.services import key_file, vaults
from app.services.vaults import Vault

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class Call:
    """A command being run.

    Attributes:
        given: The parsed arguments.
        today: The day for rules, proposals and lists.
        now: The time; the trail uses it.
    """

    def __init__(
        self,
        given: argparse.Namespace,
        *,
        now: Callable[[], dt.datetime],
        today: dt.date,
        pause: Callable[[float], None],
    ) -> None:
        self.given, self.now, self.today = given, now, today
        self._pause = pause
        self._secret: str | None = None

    def __getattr__(self, name: str) -> Any:
        """Return an argument by its name."""
        return getattr(self.given, name)

    @property
    def folder(self) -> Path:
        """Return the vault's folder.

        Raises:
            UserError: `--vault` is missing.
        """
        if self.given.vault is None:
            raise usage(_("Kommandot behöver ett valv."), _("Skriv --vault MAPP före kommandot."))
        return Path(self.given.vault)

    def secret(self) -> dict[str, Any]:
        """Return the secret from the first line of standard input, named as `open_vault` wants it; empty for the key store.

        Raises:
            UserError: No secret was offered.
        """
        if self.given.keyring:
            return {}
        if not (self.given.passphrase_stdin or self.given.recovery_stdin):
            raise usage(
                _("Kommandot behöver valvets lösenfras."),
                _("Skriv --passphrase-stdin och ge lösenfrasen på första raden av standard in."),
            )
        if self._secret is None:
            self._secret = sys.stdin.readline().rstrip("\r\n")
        return {"passphrase" if self.given.passphrase_stdin else "recovery_key": self._secret}

    def second_secret(self) -> str:
        """Return what stands on the second line of standard input: the secret that is to count from now on."""
        self.secret()
        return sys.stdin.readline().rstrip("\r\n")

    @contextmanager
    def vault(self) -> Iterator[Vault]:
        """Open the vault for the length of a `with` block; after wrong tries it takes its time."""
        accept, secret, now = self.given.accept_older, self.secret(), self.now()
        if wait := key_file.wait_s(self.folder, now):
            self._pause(wait)
            now = max(self.now(), now + dt.timedelta(seconds=wait))
        vault = vaults.open_vault(self.folder, **secret, user=self.given.user, now=now, accept_older=accept)
        try:
            yield vault
        except BaseException:
            with suppress(UserError):  # what went wrong first is what the user must hear
                vault.close(self.now())
            raise
        self.close(vault)

    def close(self, vault: Vault) -> None:
        """Close a vault; what was done in it stands, even if the closing cannot be recorded."""
        try:
            vault.close(self.now())
        except UserError as error:
            output.warn(f"{error.what}\n{error.stands}\n{error.do}")

    @contextmanager
    def write(self) -> "Iterator[Session]":
        """Open the vault and one transaction in it."""
        with self.vault() as vault, vault.store.write(self.now()) as session:
            yield session

    @contextmanager
    def read(self) -> "Iterator[Session]":
        """Open the vault for reading."""
        with self.vault() as vault, vault.store.read() as session:
            yield session

    def step(self, done: int, total: int) -> None:
        """Tell how far the work has come, when `--progress` asks for it."""
        if self.given.progress:
            output.show_progress(done, total)


def usage(what: str, do: str) -> UserError:
    """Return the error for words that do not make a command."""
    return UserError(what, stands=_("Inget har ändrats."), do=do, code=ExitCode.USAGE)


def day(text: str) -> dt.date:
    """Return a day written as 2026-11-22; the type of date arguments."""
    return dt.date.fromisoformat(text)
