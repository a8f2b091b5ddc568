"""Keys of one's own for each person and each document, as those see them who do not know where they are kept."""

from collections.abc import Mapping
from typing import Any, Protocol


class Keys(Protocol):
    """The keys of an open vault, by the random uid of a person or a document."""

    digest_key: bytes
    """What digests of documents are made with, so that a digest alone confirms no guess."""

    def key(self, owner: str) -> bytes | None:
        """Return an owner's key, None when there is none or not any more."""

    def ensure(self, owner: str) -> bytes:
        """Return an owner's key, a new one when there is none."""


class Keeper(Protocol):
    """Somebody who keeps files in step with the database."""

    @property
    def keys(self) -> Keys:
        """Return the vault's keys for persons and documents."""

    def make_room(self) -> None:
        """Let go of what is kept on the disk for the time when it is full."""

    def before_commit(self, session: Any) -> None:
        """Put on disk what must be there before the session is committed; what it raises stops the commit."""

    def after_commit(self, told: Mapping[Any, Any]) -> None:
        """Do what follows from a commit that is on disk; `told` is what the session was given and left behind."""
