"""Where a vault should not be."""

from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from app.services import whereabouts
from app.services.whereabouts import Whereabouts

MOUNTS = """/dev/vda / ext4 rw 0 0
//server/share /mnt/firman cifs rw 0 0
server:/export /mnt/stor\\040disk nfs4 rw 0 0
/dev/vdb /mnt/firman/lokal ext4 rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "is_away"),
    [
        ("/srv/eva/Firman.ombud", False),
        ("/mnt/firman/Firman.ombud", True),
        ("/mnt/firman/lokal/Firman.ombud", False),
        ("/mnt/firmans/Firman.ombud", False),
        ("/mnt/stor disk/a/Firman.ombud", True),
    ],
)
def test_the_nearest_mount_says_whether_it_is_on_a_network(path: str, is_away: bool) -> None:
    assert whereabouts.is_on_network(PurePosixPath(path), MOUNTS) is is_away


def test_a_share_of_windows_is_a_network() -> None:
    assert whereabouts.is_on_network(PureWindowsPath(r"\\server\share\Firman.ombud"), "")
    assert not whereabouts.is_on_network(PureWindowsPath(r"C:\Firman.ombud"), "")


@pytest.mark.parametrize(
    ("path", "is_synced"),
    [
        ("/srv/eva/Dropbox/Firman.ombud", True),
        ("/srv/eva/OneDrive - Firman AB/Firman.ombud", True),
        ("/srv/eva/Library/Mobile Documents/com~apple~CloudDocs/F.ombud", True),
        ("/srv/eva/nextcloud/F.ombud", True),
        ("/srv/eva/Boxar/F.ombud", False),
        ("/srv/eva/Dokument/OneDriver/F.ombud", False),
    ],
)
def test_a_synced_folder_is_known_by_its_name(path: str, is_synced: bool) -> None:
    assert whereabouts.is_synced(PurePosixPath(path)) is is_synced


def test_the_folder_itself_is_asked(tmp_path: Path) -> None:
    assert whereabouts.of(tmp_path) is Whereabouts.HERE
    synced = tmp_path / "Dropbox" / "F.ombud"
    assert whereabouts.of(synced) is Whereabouts.SYNCED


@pytest.mark.parametrize("found", [Whereabouts.NETWORK, Whereabouts.SYNCED])
def test_both_are_told_with_what_to_do(found: Whereabouts) -> None:
    title, text = whereabouts.words(found)
    assert title.startswith("Valvet ligger")
    assert "Stäng valvet, flytta mappen" in text
