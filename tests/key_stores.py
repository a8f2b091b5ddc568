"""Real backends of `keyring` that keep their entries in memory, under the class names of real ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keyring
from keyring.backend import KeyringBackend


class InMemory(KeyringBackend):
    """A key store in memory."""

    priority = 0.1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.entries[service, username]


class Trusted(InMemory):
    """One that is trusted, by its name."""


class OtherTrusted(InMemory):
    """Another one that is trusted."""


class Plaintext(InMemory):
    """One that nobody knows."""


Trusted.__module__, Trusted.__qualname__ = "keyring.backends.SecretService", "Keyring"
OtherTrusted.__module__, OtherTrusted.__qualname__ = "keyring.backends.kwallet", "DBusKeyring"
Plaintext.__module__, Plaintext.__qualname__ = "keyrings.alt.file", "PlaintextKeyring"


@contextmanager
def in_use() -> Iterator[Trusted]:
    """Let a trusted one be the computer's for the length of a `with` block."""
    before: Any = keyring.core._keyring_backend
    backend = Trusted()
    keyring.set_keyring(backend)
    try:
        yield backend
    finally:
        keyring.core._keyring_backend = before
