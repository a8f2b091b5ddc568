"""A checkpoint of the trail as text, in the forms of C2SP: tlog-checkpoint inside, signed-note around it.

The same text serves the program, the stand-alone verifier and anybody else who reads such notes.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256

from app.domain.merkle import HASH_BYTES

DASH = "\N{EM DASH}"
ED25519 = b"\x01"
LINES = 6
_SHORT = re.compile(r"#?(\d{1,18})[ :]+([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})", re.IGNORECASE)


def origin(vault_id: str) -> str:
    """Return the name under which a vault's checkpoints go, and the name of the key that signs them."""
    return f"ombudet/{vault_id}"


def body(name: str, size: int, root: bytes) -> bytes:
    """Return what is signed: origin, number of rows, root.  Source: C2SP tlog-checkpoint."""
    return f"{name}\n{size}\n{base64.b64encode(root).decode()}\n".encode()


def key_hash(name: str, public: bytes) -> bytes:
    """Return the four bytes by which a signature says whose it is.  Source: C2SP signed-note."""
    return sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def verifier_key(name: str, public: bytes) -> str:
    """Return the public key in the form that other readers of such notes take.  Source: C2SP signed-note."""
    return f"{name}+{key_hash(name, public).hex()}+{base64.b64encode(ED25519 + public).decode()}"


@dataclass(frozen=True)
class Checkpoint:
    """A signed statement that the trail had `size` rows with this root.

    Attributes:
        origin: Whose trail.
        size: How many rows.
        root: The root of the tree over them.
        signer: The four bytes that name the key.
        signature: The Ed25519 signature over `signed`.
    """

    origin: str
    size: int
    root: bytes
    signer: bytes
    signature: bytes

    @property
    def signed(self) -> bytes:
        """Return the bytes that the signature is over."""
        return body(self.origin, self.size, self.root)

    def dump(self) -> str:
        """Return the note as text, with a line break at its end."""
        sealed = base64.b64encode(self.signer + self.signature).decode()
        return f"{self.signed.decode()}\n{DASH} {self.origin} {sealed}\n"


def parse(text: str) -> Checkpoint:
    """Read one note.

    Raises:
        ValueError: It is not spelled as `dump` spells it.
    """
    lines = text.replace("\r\n", "\n").strip("\n").split("\n")
    if len(lines) != LINES - 1 or lines[3]:
        raise ValueError("a checkpoint has five lines")
    name, size, root, _blank, sealed = lines
    dash, by, signature = [*sealed.split(" "), "", ""][:3]
    raw = _bytes(signature)
    if dash != DASH or by != name or not size.isdecimal() or len(raw) != 4 + 64:
        raise ValueError("not a signed checkpoint")
    found = Checkpoint(name, int(size), _bytes(root), raw[:4], raw[4:])
    if len(found.root) != HASH_BYTES or found.dump().strip("\n") != "\n".join(lines):
        raise ValueError("not spelled as a checkpoint is")
    return found


def parse_all(text: str) -> list[Checkpoint]:
    """Read a file of notes, one after the other with an empty line between.

    Raises:
        ValueError: One of them is not spelled as `dump` spells it.
    """
    lines = text.replace("\r\n", "\n").strip("\n").split("\n")
    if lines == [""]:
        return []
    return [parse("\n".join(lines[start : start + LINES - 1])) for start in range(0, len(lines), LINES)]


def short_form(seq: int, link: bytes) -> str:
    """Return the form that stands in a document's footer: number of the row, and the first twelve digits of its link."""
    text = link.hex()[:12]
    return f"#{seq} {text[:4]}-{text[4:8]}-{text[8:]}"


def parse_short(text: str) -> tuple[int, str] | None:
    """Return number and digits of a short form, as somebody may type it off a paper; None when it is something else."""
    found = _SHORT.fullmatch(text.strip())
    return (int(found[1]), "".join(found.groups()[1:]).lower()) if found else None


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text.encode(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("not base64") from error
