from pathlib import Path

import pytest

from app.domain.errors import UserError
from app.importers.kinds import kind_of, kinds, mail_format, table_kinds
from tests.importers.mails import PLAIN
from tests.importers.outlook import Outlook


def test_every_known_ending_has_a_reader_whatever_its_case() -> None:
    assert {kind_of(Path(f"Fil{ending.upper()}")) for ending in kinds()} == {"mail", "mailbox", "table"}
    assert {kind_of(Path(f"fil{ending}")) for ending in table_kinds()} == {"table"}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.msg", "mail"),
        ("a.mbox", "mailbox"),
        ("Inkorg.mbox/mbox", "mailbox"),
        ("a.tsv", "table"),
        ("a.vcf", "table"),
        ("a.json", "table"),
    ],
)
def test_mails_of_outlook_mailboxes_cards_and_lists_have_readers(name: str, kind: str) -> None:
    assert kind_of(Path(name)) == kind


@pytest.mark.parametrize("name", ["a.pst", "a.mbx", "a.pdf", "a", ".csv", "a.csv.exe"])
def test_other_files_are_refused_with_what_to_do(name: str) -> None:
    with pytest.raises(UserError) as told:
        kind_of(Path(name))
    assert ".eml" in told.value.do
    assert told.value.stands


def test_a_mail_is_kept_under_the_ending_of_its_own_form() -> None:
    assert mail_format(PLAIN) == (".eml", "message/rfc822")
    assert mail_format(Outlook().file()) == (".msg", "application/vnd.ms-outlook")
