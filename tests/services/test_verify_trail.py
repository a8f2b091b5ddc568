"""The verifier that runs without the program: what it is given, what it tells, and that it needs nothing else."""

import json
import runpy
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from app.security import verify_trail
from app.services import audit, verification
from app.services.vaults import Vault
from tests.services.test_checkpoints import act, events, rechain, sign, tamper

SCRIPT = Path(verify_trail.__file__)


def exported(vault: Vault, path: Path) -> Path:
    with vault.store.read() as session:
        verification.export(session, vault, path)
    return path


def alone(*arguments: str | Path) -> tuple[int, dict[str, object]]:
    """Run the verifier as a stranger would: a copy of the one file, in isolated mode, away from the program."""
    done = subprocess.run(
        [sys.executable, "-I", *map(str, arguments)], capture_output=True, check=False, cwd=Path(arguments[0]).parent
    )
    return done.returncode, json.loads(done.stdout)


def test_the_export_is_verified_without_the_program(vault: Vault, tmp_path: Path) -> None:
    script = shutil.copyfile(SCRIPT, tmp_path / "verify_trail.py")
    kept = tmp_path / "kept.txt"
    kept.write_text(sign(vault), encoding="utf-8")
    act(vault, 3)
    path = exported(vault, tmp_path / "trail.txt")
    with vault.store.read() as session:
        short = audit.head(session)
    code, found = alone(script, path, "--checkpoint", kept, "--checkpoint", short, "--key", vault.signer.verifier_key)
    proof = verification.verify(vault)
    assert (code, found["events"], found["fault"], found["head"]) == (0, proof.events, None, proof.head)
    assert str(found["since"]).startswith("2026-11-22T09:00:00")

    tamper(vault, "UPDATE audit_entry SET user = 'x' WHERE seq = 2")
    code, found = alone(script, exported(vault, path))
    assert (code, found["fault"], found["first_bad"]) == (8, "chain", 2)
    rechain(vault)
    code, found = alone(script, exported(vault, path), "--checkpoint", kept)
    assert (code, found["fault"], found["first_bad"]) == (8, "rewritten", 1)


def test_the_stand_alone_verifier_tells_each_kind_of_change(vault: Vault, tmp_path: Path) -> None:
    act(vault, 3)
    sign(vault)
    raw = exported(vault, tmp_path / "trail.txt").read_bytes()
    total, path = events(vault), tmp_path / "bent.txt"
    lines = raw.split(b"\n")

    def told(data: bytes, *given: str, key: str = "") -> tuple[str | None, int | None]:
        path.write_bytes(data)
        found = verify_trail.verify(path, given, key)
        return found.fault, found.first_bad

    def with_rows(rows: list[bytes]) -> bytes:
        return b"\n".join([*lines[:3], b"%d" % len(rows), b"", *rows, *lines[5 + total :]])

    rows = lines[5 : 5 + total]
    assert told(raw) == (None, None)
    assert told(with_rows([*rows[:2], rows[2].replace(b'"user":"', b'"user":"x'), *rows[3:]])) == ("chain", 3)
    assert told(with_rows([*rows[:2], rows[3], rows[2], *rows[4:]])) == ("chain", 3)
    assert told(with_rows([*rows[:1], *rows[2:]])) == ("chain", 2)
    assert told(with_rows([rows[0][:65] + b"{}", *rows[1:]])) == ("chain", 1)
    assert told(with_rows([rows[0][:65] + b'{"seq":"x"}', *rows[1:]])) == ("chain", 1)
    assert told(with_rows(rows[:-1])) == ("missing", total)
    assert told(with_rows([])) == ("missing", 1)
    assert told(raw, "#2 0000-0000-0000")[0] == "rewritten"
    other = verify_key_of_another()
    assert told(raw, key=f"{vault.signer.origin}+{other}")[0] == "signature"
    mine = vault.signer.verifier_key.split("+", 2)
    assert told(raw, key="+".join((*mine[:2], other.split("+")[1])))[0] == "signature"
    assert told(raw, key="+".join((*mine[:2], "AA==")))[0] == "signature"


def crafted(path: Path, *records: bytes) -> Path:
    """Write an export whose links fit, whatever its rows say."""
    lines, previous = [], bytes(32)
    for record in records:
        previous = sha256(previous + record).digest()
        lines.append(previous.hex().encode() + b" " + record)
    path.write_bytes(b"\n".join([b"ombudet-trail 1", b"x", b"x", b"%d" % len(records), b"", *lines, b"", b""]))
    return path


def test_a_row_that_gives_itself_another_number_is_told_though_its_link_fits(tmp_path: Path) -> None:
    path = tmp_path / "trail.txt"
    for record in (b'{"seq":2}', b"{}", b"[]", b"x", b'{"seq":"1"}'):
        found = verify_trail.verify(crafted(path, record))
        assert (found.fault, found.first_bad) == ("chain", 1)
    assert verify_trail.verify(crafted(path)).events == 0


def test_the_script_answers_by_its_exit_code(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(sign(vault), encoding="utf-8")
    path = exported(vault, tmp_path / "trail.txt")
    monkeypatch.setattr(
        sys, "argv", ["verify_trail.py", str(path), "--checkpoint", str(kept), "--checkpoint", "#2 0000-0000-0000"]
    )
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(SCRIPT), run_name="__main__")
    assert ended.value.code == 8
    assert json.loads(capsys.readouterr().out)["fault"] == "rewritten"
    assert verify_trail.main([str(path), "--checkpoint", str(tmp_path / "saknas.txt")]) == 7


def verify_key_of_another() -> str:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from app.security.audit_seed import Signer

    return Signer("ombudet/x", Ed25519PrivateKey.from_private_bytes(bytes(32))).verifier_key.partition("+")[2]


@pytest.mark.parametrize(
    "bend",
    [
        lambda raw: b"",
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw.replace(b"trail 1", b"trail 2"),
        lambda raw: raw.replace(b"\n\n", b"\nx\n", 1),
        lambda raw: raw.replace("\N{EM DASH}".encode(), b"-"),
        lambda raw: b"\xff" + raw,
    ],
)
def test_what_is_no_export_is_said(
    vault: Vault, tmp_path: Path, bend: object, capsys: pytest.CaptureFixture[str]
) -> None:
    path = exported(vault, tmp_path / "trail.txt")
    assert verify_trail.main([str(path)]) == 0
    path.write_bytes(bend(path.read_bytes()))  # type: ignore[operator]
    assert verify_trail.main([str(path)]) == 7
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"fault": "unreadable"}


def test_the_verifier_needs_nothing_of_the_program() -> None:
    import ast

    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    names = {
        (node.module or "").split(".")[0] if isinstance(node, ast.ImportFrom) else node.names[0].name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert names - {"cryptography"} <= set(sys.stdlib_module_names)


def test_a_row_that_nobody_wrote_so_is_exported_as_nothing(vault: Vault, tmp_path: Path) -> None:
    tamper(vault, "UPDATE audit_entry SET at = 'x', hash = 'y' WHERE seq = 2")
    found = verify_trail.verify(exported(vault, tmp_path / "trail.txt"))
    assert (found.fault, found.first_bad) == ("chain", 2)
    assert verification.verify(vault).first_bad == 2
