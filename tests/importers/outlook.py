"""Mails as Outlook saves them, for the tests, written as MS-OXMSG says."""

import struct
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.importers.packed import Tree, packed

ARRIVED = datetime(2026, 2, 16, 9, 0, tzinfo=UTC)
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


@dataclass
class Outlook:
    """A mail that asks for an extract; every part can be another."""

    subject: str = "Begäran om registerutdrag"
    text: str = "Hej, jag vill ha ett registerutdrag.\r\nVänligen Åsa"
    html: bytes = b""
    rtf: bytes = b""
    name: str = "Åsa Test"
    address: str = "asa@example.se"
    headers: str = ""
    arrived: datetime | None = ARRIVED
    message_id: str = "<2@example.se>"
    references: str = ""
    code_page: int = 0
    is_old: bool = False
    recipients: tuple[tuple[str, str], ...] = (("Dataskydd", "dso@exempel.se"),)
    attachments: tuple[tuple[str, str, bytes], ...] = ()
    embedded: tuple["Outlook", ...] = ()
    more: dict[str, bytes] = field(default_factory=dict)

    def file(self) -> bytes:
        """Return the file."""
        return packed(self.tree(head=32))

    def tree(self, head: int) -> Tree:
        texts = {
            0x0037: self.subject, 0x1000: self.text, 0x0C1A: self.name, 0x5D01: self.address, 0x007D: self.headers,
            0x1035: self.message_id, 0x1039: self.references,
        }  # fmt: skip
        tree: Tree = dict(self._text(key, text) for key, text in texts.items() if text)
        tree |= {f"__substg1.0_{key}": raw for key, raw in (("10130102", self.html), ("10090102", self.rtf)) if raw}
        tree["__nameid_version1.0"] = {"__substg1.0_00020102": b"", "__substg1.0_00030102": b""}
        for number, (name, address) in enumerate(self.recipients):
            one = dict([self._text(0x3001, name), self._text(0x39FE, address)])
            tree[f"__recip_version1.0_#{number:08X}"] = _complete(one, 8, {0x0C150003: 1})
        tree |= {f"__attach_version1.0_#{n:08X}": part for n, part in enumerate(self._attached())}
        numbers = {0x3FFD0003: self.code_page} if self.code_page else {}
        ticks = {0x0E060040: int((self.arrived - _EPOCH).total_seconds() * 10_000_000)} if self.arrived else {}
        return _complete(tree, head, numbers | ticks) | self.more

    def _attached(self) -> list[Tree]:
        files = [
            _complete(dict([self._text(0x3707, name), self._text(0x370E, kind)]) | {"__substg1.0_37010102": raw}, 8, {})
            for name, kind, raw in self.attachments
        ]
        inner = [
            _complete(
                dict([self._text(0x3001, one.subject)]) | {"__substg1.0_3701000D": one.tree(24)}, 8, {0x37050003: 5}
            )
            for one in self.embedded
        ]
        return [*files, *inner]

    def _text(self, key: int, text: str) -> tuple[str, bytes]:
        if self.is_old:
            return f"__substg1.0_{key:04X}001E", text.encode(f"cp{self.code_page or 1252}", "replace")
        return f"__substg1.0_{key:04X}001F", text.encode("utf-16-le")


def _complete(tree: Tree, head: int, numbers: dict[int, int]) -> Tree:
    """Return a storage with its list of properties: the numbers themselves, and how long the others are."""
    lengths = {
        int(name[12:], 16): len(raw) + 2 * name.endswith("1F") for name, raw in tree.items() if name[:3] == "__s"
    }
    rows = (struct.pack("<IIQ", tag, 6, value) for tag, value in sorted((numbers | lengths).items()))
    return tree | {"__properties_version1.0": bytes(head) + b"".join(rows)}
