"""One working day by the command line: from the first start to the restored backup."""

import json
from pathlib import Path

from tests.cli.conftest import Run

HEADERS = "Kundnr;Namn;Personnummer;E-post;Adress;Postnr;Ort;Kund sedan;Kund till;Fakturanr;Fakturadatum;Belopp\r\n"
ASA = "K1;Åsa Öberg;640823-3234;asa@example.com;Storgatan 1;752 31;Uppsala;2016-04-01;;20418;2026-02-03;1 234,50\r\n"
BO = "K2;Bo Älm;;bo@example.com;Sjögatan 2;411 05;Göteborg;2012-01-01;2019-03-31;;;\r\n"
CIA = "K3;Cia Ek;640823-3235;cia@example.com;;;;;;;;\r\n"
MAIL = """Received: from mx.example.com by brev.example.se; Tue, 10 Nov 2026 08:30:00 +0000
From: =?utf-8?q?=C3=85sa_=C3=96berg?= <asa@example.com>
Subject: Registerutdrag
Content-Type: text/plain; charset=utf-8

Jag vill ha ett registerutdrag med allt ni har om mig.
"""
INCIDENT = {
    "title": "Brev till fel mottagare",
    "aware_at": "2026-11-20T15:10+01:00",
    "description": "Två kuvert förväxlades.",
}


def test_the_whole_day(on_vault: Run, run: Run, tmp_path: Path) -> None:
    number = answer_a_request(on_vault, tmp_path)
    notify_an_incident(on_vault, tmp_path / "ut")
    review_and_restore(on_vault, run, tmp_path, number)


def answer_a_request(on_vault: Run, tmp_path: Path) -> str:
    """Import, register, look up, extract, answer and close; return the number."""
    table, mail, out = tmp_path / "kunder.csv", tmp_path / "brev.eml", tmp_path / "ut"
    table.write_bytes((HEADERS + ASA + BO + CIA).encode("cp1252"))
    mail.write_text(MAIL, encoding="utf-8")

    [imported] = on_vault("import", table, "--source", "Kundregister").data
    assert (imported["kind"], imported["imported"], imported["rejected"]) == ("table", 2, 1)
    assert "640823-3235" in Path(imported["rejected_file"]).read_text(encoding="utf-8-sig")
    assert on_vault("sources").data[0]["people"] == 2

    request = on_vault("request", "register", "--mail", mail).data
    assert (request["received"], request["due"], request["rights"]) == ("2026-11-10", "2026-12-10", ["access"])
    number, subject = request["number"], request["subject_id"]

    [hit] = on_vault("search", "oberg asa").data["hits"]
    assert (hit["subject_id"], hit["sources"]) == (subject, ["Kundregister"])
    assert on_vault("show", "subject", str(subject)).data["name"] == "Åsa Öberg"

    on_vault("request", "identity", number, "--method", "bankid")
    assert on_vault("request", "lookup", number, "--subject", str(subject), "--terms", "Åsa Öberg").code == 0
    extract = on_vault("extract", "--request", number, "--out", out).data
    assert [Path(file["path"]).suffix for file in extract["files"]] == [".pdf", ".xlsx"]
    assert extract["sections"] == 13
    assert Path(extract["files"][0]["path"]).read_bytes().startswith(b"%PDF-")
    on_vault("request", "decide", number, "--right", "access", "--outcome", "granted")
    [letter] = on_vault("request", "answer", number, "--out", out).data["letters"]
    assert letter["pages"] == 1
    on_vault("request", "sent", number, "--method", "letter")
    closed = on_vault("request", "close", number).data
    assert (closed["status"], closed["next_step"], closed["is_late"]) == ("closed", None, False)

    return str(number)


def notify_an_incident(on_vault: Run, out: Path) -> None:
    """Log, assess, decide and make the notification."""
    incident = on_vault("incident", "new", stdin=json.dumps(INCIDENT)).data
    assert incident["target"] == "2026-11-23T14:10:00+00:00"
    key = incident["number"]
    scores = ("--dpc", "2", "--ei", "1", "--confidentiality", "0.25")
    assert on_vault("incident", "assess", key, *scores).data["verdict"] == "risk"
    on_vault("incident", "decide", key, "--risk", "risk")
    [notification] = on_vault("incident", "notify", key, "--out", out).data["files"]
    assert Path(notification["path"]).name == f"anmalan_{key}_v1.pdf"


def review_and_restore(on_vault: Run, run: Run, tmp_path: Path, number: str) -> None:
    """Erase what is due, prove the trail, back up, and find everything in another folder."""
    review = on_vault("retention", "propose").data
    assert {line["subject_id"] for line in review["proposals"]} == {2}
    assert "60 månader" in review["proposals"][0]["reason"]
    decided = on_vault("retention", "decide", "--token", review["token"]).data
    assert decided["erased"] > 0
    assert on_vault("search", "bo@example.com").data["hits"] == []

    proof = on_vault("verify").data
    assert (proof["database"], proof["audit"]["first_bad"]) == ("ok", None)
    (tmp_path / "kopior").mkdir()
    backup = on_vault("backup", "--to", tmp_path / "kopior").data
    assert backup["verified"] is True
    secret = "fem ord som ingen gissar\n"
    tried = run("--passphrase-stdin", "restore", backup["path"], "--to", tmp_path, "--trial", stdin=secret).data
    assert (tried["verified"], tried["counts"]["request"]) == (True, 1)
    assert on_vault("migrate").data == {"format": "0012", "migrated_from": None}
    again = tmp_path / "Igen.ombud"
    restored = run("--passphrase-stdin", "restore", backup["path"], "--to", again, stdin="fem ord som ingen gissar\n")
    assert restored.code == 0
    assert (restored.data["reapplied_erasures"], restored.data["has_keys"]) == (0, True)
    check = run("--vault", again, "--passphrase-stdin", "request", "list", stdin="fem ord som ingen gissar\n")
    assert [row["number"] for row in check.data] == [number]


def test_a_trial_import_says_what_would_come_in_and_keeps_nothing(on_vault: Run, tmp_path: Path) -> None:
    table = tmp_path / "kunder.csv"
    table.write_bytes((HEADERS + ASA + CIA).encode("cp1252"))

    [trial] = on_vault("import", table, "--dry-run").data
    assert (trial["imported"], trial["rejected"], trial["rejected_file"]) == (1, 1, None)
    assert on_vault("search", "Öberg").data["hits"] == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Prov.ombud", "kunder.csv"]


def test_a_mapping_of_ones_own_is_followed(on_vault: Run, tmp_path: Path) -> None:
    table, mapping = tmp_path / "x.csv", tmp_path / "m.json"
    table.write_text("A;B\nK9;Åsa Öberg\n", encoding="utf-8")
    mapping.write_text('{"A": "customer_no", "B": "name"}', encoding="utf-8")

    assert on_vault("import", table, "--mapping", mapping).data[0]["imported"] == 1
    assert on_vault("search", "K9").data["hits"][0]["name"] == "Åsa Öberg"
    mapping.write_text("inget", encoding="utf-8")
    assert on_vault("import", table, "--mapping", mapping).code == 2


def test_an_imported_mail_becomes_a_request(on_vault: Run, tmp_path: Path) -> None:
    mail = tmp_path / "brev.eml"
    mail.write_text(MAIL, encoding="utf-8")

    [row] = on_vault("import", mail).data
    assert row["kind"] == "mail"
    assert row["requests"][0]["number"] == "B-2026-001"


def test_holds_stop_the_review_until_they_are_lifted(on_vault: Run, tmp_path: Path) -> None:
    table = tmp_path / "kunder.csv"
    table.write_bytes((HEADERS + BO).encode("cp1252"))
    on_vault("import", table)

    hold = on_vault(
        "retention", "holds", "set", "--subject", "1", "--reason", "Tvist om faktura", "--review", "2027-01-15"
    ).data
    assert on_vault("retention", "propose").data["proposals"] == []
    assert on_vault("retention", "holds", "list").data[0]["hold_id"] == hold["hold_id"]
    on_vault("retention", "holds", "lift", str(hold["hold_id"]))
    assert on_vault("retention", "propose").data["proposals"] != []


def test_one_person_is_erased_and_the_receipt_is_named(on_vault: Run, tmp_path: Path) -> None:
    table = tmp_path / "kunder.csv"
    table.write_bytes((HEADERS + ASA).encode("cp1252"))
    on_vault("import", table)

    done = on_vault("erase", "--subject", "1", "--ground", "G2", "--reason", "Uppgifterna behövs inte längre").data
    assert done["erased"] > 0
    assert any("bokföring" in kept["why"] for kept in done["kept"])
    assert on_vault("search", "asa@example.com").data["hits"] == []


def test_late_extended_and_paused_requests_behave(on_vault: Run) -> None:
    facts = ("--right", "erasure", "--received", "2026-10-30", "--requester", "Åsa Öberg", "--channel", "letter")
    number = on_vault("request", "register", *facts).data["number"]

    assert on_vault("request", "extend", number, "--reason", "Många system").data["due"] == "2027-02-01"
    assert on_vault("request", "extend", number, "--reason", "Igen").code == 11
    paused = on_vault("request", "pause", number, "--reason", "Oklart vem", "--asked", "2026-11-20").data
    assert (paused["status"], paused["paused_since"]) == ("identity_asked", "2026-11-20")
    assert on_vault("request", "resume", number, "--answered", "2026-11-22").data["due"] == "2027-02-01"
    assert [row["number"] for row in on_vault("request", "list", "--open").data] == [number]
    assert on_vault("request", "list", "--overdue").data == []
    assert on_vault("--today", "2027-03-01", "request", "list", "--overdue").data[0]["number"] == number
    assert on_vault("due", "--days", "90").data["requests"][0]["rights"] == ["erasure"]


def test_an_incident_is_notified_late_only_with_a_reason(on_vault: Run) -> None:
    old = INCIDENT | {"aware_at": "2026-11-10T08:00+01:00"}
    key = on_vault("incident", "new", stdin=json.dumps(old)).data["number"]
    on_vault("incident", "assess", key, "--dpc", "2", "--ei", "1")
    on_vault("incident", "decide", key, "--risk", "risk")

    assert on_vault("incident", "notified", key, "--at", "2026-11-22T09:30+01:00").code == 11
    said = ("--at", "2026-11-22T09:30+01:00", "--reference", "IMY-1", "--late-reason", "Utredningen tog tid.")
    assert on_vault("incident", "notified", key, *said).data["late_reason"]
    assert on_vault("incident", "list").data[0]["authority_reference"] == "IMY-1"
