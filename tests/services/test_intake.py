"""From a mail to a prefilled request, through the real reader."""

import datetime as dt

import pytest

from app.domain.channels import Channel
from app.domain.rights import Right
from app.importers.mail import read_mail
from app.services import intake
from app.services.intake import Proposal
from db.store import Store
from tests.factories import CUSTOMER, NOW, TODAY, make_subject

MAIL = """Received: from mx.example.com by brev.example.se; Tue, 10 Nov 2026 23:30:00 +0000
From: =?utf-8?q?=C3=85sa_=C3=96berg?= <asa@example.com>
To: kontakt@example.se
Subject: Registerutdrag
Date: Mon, 9 Nov 2026 10:00:00 +0100
Message-ID: <1@example.com>
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

{text}
"""


def proposal(store: Store, text: str, mail: str = MAIL) -> Proposal:
    raw = mail.replace("{text}", text).encode()
    draft = read_mail(raw, now=NOW)
    with store.read() as session:
        return intake.from_mail(session, draft, raw, today=TODAY)


def test_the_day_is_the_arrival_in_stockholm_and_not_the_day_it_was_written(store: Store) -> None:
    found = proposal(store, "Jag vill ha ett registerutdrag.")

    assert found.intake.received_on == dt.date(2026, 11, 11)
    assert found.intake.channel is Channel.EMAIL
    assert (found.intake.requester_name, found.intake.requester_email) == ("Åsa Öberg", "asa@example.com")


def test_one_letter_may_ask_for_several_rights(store: Store) -> None:
    found = proposal(store, "Jag vill ha ett registerutdrag och sedan ska ni radera mina uppgifter.")

    assert {Right.ACCESS, Right.ERASURE} <= set(found.intake.rights)


def test_a_letter_that_asks_for_nothing_known_is_a_question(store: Store) -> None:
    mail = MAIL.replace("Subject: Registerutdrag", "Subject: Hej")

    assert proposal(store, "Vad gör ni?", mail).intake.rights == [Right.INFORMATION]


def test_the_sender_is_matched_to_a_person_in_the_register(store: Store) -> None:
    with store.write(NOW) as session:
        person = make_subject(session, values=CUSTOMER)
    found = proposal(store, "Registerutdrag, tack.")

    assert found.sender is not None
    assert found.sender.why
    assert found.intake.subject_id == person.id


@pytest.mark.parametrize("names", [[], ["Åsa Öberg", "Åsa Öberg"]])
def test_nobody_is_chosen_when_nobody_or_several_fit(store: Store, names: list[str]) -> None:
    with store.write(NOW) as session:
        for name in names:
            make_subject(session, name)

    assert proposal(store, "Registerutdrag, tack.").intake.subject_id is None


def test_the_original_is_kept_byte_for_byte(store: Store) -> None:
    found = proposal(store, "Registerutdrag, tack.")

    assert found.intake.original == MAIL.replace("{text}", "Registerutdrag, tack.").encode()
