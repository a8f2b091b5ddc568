"""Mailboxes and folders of mails for the tests."""

from pathlib import Path

from tests.importers.mails import PLAIN, with_header
from tests.importers.outlook import Outlook

MARK = b"From asa@example.se Mon Feb 16 10:00:00 2026\r\n"
ERASURE = (
    with_header("Subject", "radera mina uppgifter")
    .replace(b"<2@example.se>", b"<5@example.se>")
    .replace(b"jag vill ha ett registerutdrag", b"tack")
)
ANSWER = with_header("In-Reply-To", "<2@example.se>").replace(b"Message-ID: <2@", b"Message-ID: <6@")


def mailbox(path: Path, *mails: bytes) -> Path:
    """Write a mailbox of these mails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(MARK + mail + b"\r\n\r\n" for mail in mails))
    return path


def folder(path: Path) -> Path:
    """Make a folder with mails of every form in it, a table, and something else."""
    (path / "inre").mkdir(parents=True)
    (path / "1.eml").write_bytes(PLAIN)
    (path / "inre" / "2.MSG").write_bytes(Outlook(subject="Radera mig", message_id="<7@x>").file())
    mailbox(path / "inre" / "3.mbox", ERASURE, ANSWER)
    (path / "bild.png").write_bytes(b"x")
    (path / ".DS_Store").write_bytes(b"x")
    (path / "kunder.csv").write_text("Kundnr;Namn\nK1;Bo Alm\n", encoding="utf-8")
    return path
