"""Compound files (MS-CFB) for the tests: the shell of .msg and of old workbooks, written as the specification says."""

import struct
from typing import Any

_SECTOR, _MINI, _CUTOFF, _ENTRY = 512, 64, 4096, 128
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_STORAGE, _STREAM, _ROOT = 1, 2, 5

Tree = dict[str, Any]


def packed(tree: Tree) -> bytes:
    """Return a file whose streams are the bytes in a tree, and whose storages are its inner trees."""
    return _File(tree).written()


class _File:
    def __init__(self, tree: Tree) -> None:
        self.entries: list[list[Any]] = []
        self.mini, self.sectors = bytearray(), bytearray()
        self.mini_table: list[int] = []
        self.table: list[int] = []
        self._add("Root Entry", _ROOT, tree)

    def _add(self, name: str, kind: int, held: Any) -> int:
        number = len(self.entries)
        self.entries.append([name, kind, _FREE, _FREE, _FREE, _END, 0])
        if kind == _STREAM:
            self.entries[number][5:] = self._stored(held), len(held)
            return number
        children = [
            self._add(inner, _STREAM if isinstance(value, bytes) else _STORAGE, value)
            for inner, value in sorted(held.items(), key=lambda pair: (len(pair[0]), pair[0].upper()))
        ]
        self.entries[number][4] = self._tree(children)
        return number

    def _tree(self, children: list[int]) -> int:
        """Hang the children up as a balanced tree, which readers search by name."""
        if not children:
            return _FREE
        middle = len(children) // 2
        top = self.entries[children[middle]]
        top[2], top[3] = self._tree(children[:middle]), self._tree(children[middle + 1 :])
        return children[middle]

    def _stored(self, raw: bytes) -> int:
        if not raw:
            return _END
        if len(raw) < _CUTOFF:
            return _chained(raw, _MINI, self.mini, self.mini_table)
        return _chained(raw, _SECTOR, self.sectors, self.table)

    def written(self) -> bytes:
        mini_start = _chained(bytes(self.mini), _SECTOR, self.sectors, self.table) if self.mini else _END
        self.entries[0][5:] = mini_start, len(self.mini)
        directory = b"".join(map(_entry, self.entries))
        directory_start = _chained(directory, _SECTOR, self.sectors, self.table)
        mini_table = struct.pack(f"<{len(self.mini_table)}I", *self.mini_table)
        mini_table_start = _chained(mini_table, _SECTOR, self.sectors, self.table, b"\xff") if mini_table else _END
        fats = 1
        while (len(self.table) + fats) * 4 > fats * _SECTOR:
            fats += 1
        assert fats <= 109, "larger files need more tables than the tests do"
        places = list(range(len(self.table), len(self.table) + fats))
        table = [*self.table, *[_FAT] * fats]
        table += [_FREE] * (fats * _SECTOR // 4 - len(table))
        head = struct.pack("<8s16sHHHHH6sIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"",
            0, fats, directory_start, 0, _CUTOFF, mini_table_start, -(-len(mini_table) // _SECTOR), _END, 0)  # fmt: skip
        head += struct.pack("<109I", *places, *[_FREE] * (109 - fats))
        return head + bytes(self.sectors) + struct.pack(f"<{len(table)}I", *table)


def _chained(raw: bytes, size: int, into: bytearray, table: list[int], fill: bytes = b"\0") -> int:
    """Store bytes in sectors that point at each other, and return the first."""
    start, count = len(table), -(-len(raw) // size)
    into += raw.ljust(count * size, fill)
    table += [*range(start + 1, start + count), _END]
    return start


def _entry(entry: list[Any]) -> bytes:
    name, kind, left, right, child, start, size = entry
    coded = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16sI8s8sIQ", coded, len(coded) + 2, kind, 1, left, right, child, b"", 0, b"", b"", start, size
    )
