"""The fields and the guess at a column header."""

from dataclasses import replace

import pytest

from app.domain.fields import Category
from app.reference import fields
from app.reference.reader import ResourceError

EXPECTED = """name first_name last_name personnummer customer_no email phone mobile street co_address postcode city country
    apartment_no property_designation channel_choice relation_start relation_end product invoice_no invoice_date amount
    financial_year_end payment_history credit_rating complaint correspondence survey reference_comment age gender username
    password technical ip segment newsletter_consent dispute protected"""


def test_the_fields_of_the_policy_are_all_there() -> None:
    assert set(EXPECTED.split()) <= set(fields.by_code())


def test_every_category_has_a_field() -> None:
    assert {field.category for field in fields.fields()} == set(Category)


def test_codes_are_used_once() -> None:
    assert len(fields.by_code()) == len(fields.fields())


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("E-postadress", "email"),
        ("e-mail address", "email"),
        ("PERS.NR", "personnummer"),
        (" Kund-ID ", "customer_no"),
        ("Förnamn", "first_name"),
        ("fornamn", "first_name"),
        ("Surname", "last_name"),
        ("Postnr", "postcode"),
        ("Lgh", "apartment_no"),
        ("fiscal year end", "financial_year_end"),
        ("relation_end", "relation_end"),
        ("Lösenord", "password"),
    ],
)
def test_a_header_is_recognised_in_both_languages(header: str, code: str) -> None:
    guessed = fields.guess(header)
    assert guessed is not None
    assert guessed.code == code


@pytest.mark.parametrize(
    ("requirement", "headers"),
    [
        ("R8", "Namn;Adress;Lägenhetsnummer;Fastighetsbeteckning;Telefonnummer;E-postadress;Val av kommunikationskanal"),
        ("R8", "Name;Address;Apartment number;Property designation;Phone number;Email address;Preferred channel"),
        ("R9", "Köpt produkt;Kreditvärdering;Betalningshistorik;Kundnummer;Lösenord"),
        ("R9", "Product;Credit rating;Payment history;Customer number;Password"),
        ("R10", "Korrespondens;Klagomål;Kundundersökning;Återkoppling;Serviceärende"),
        ("R11", "Ålder;Kön;Födelsedatum"),
        ("R12", "Användarnamn;Lösenord;Teknisk data"),
        ("R18", "Samtycke;Samtycke till;Samtyckestextens version;Samtyckesdatum;Bevis för samtycke;Samtycke återkallat"),
        ("R18", "Consent;Consent purpose;Consent text version;Consent date;Proof of consent;Withdrawal date"),
        ("R23", "Myndighet;Utlämnandedatum;Utlämnade uppgifter;Lagstöd;Beslutsnummer;Yppandeförbud"),
        ("R23", "Authority;Disclosure date;Disclosed data;Disclosure basis;Decision number;Secret disclosure"),
        ("R24", "Personnummer;SPAR-kontroll;Kreditinstitut;Kreditprövning"),
        ("R24", "SSN;SPAR check;Credit bureau;Credit check date"),
        ("R52", "Kanalval;Spärr e-post;Spärr sms;Spärr brev;Spärrdatum"),
        ("R52", "Contact channel;Email opt-out;SMS opt-out;Postal opt-out;Opt-out date"),
        ("R54", "Segment;Preferenser;Profileringsändamål;Nej till profilering"),
        ("R54", "Customer segment;Lifestyle;Profiling purpose;Profiling opt-out"),
        ("R76", "Referenskommentar;Publicerad på;Referensdatum"),
        ("R76", "Testimonial;Reference place;Reference date"),
    ],
)  # fmt: skip
def test_what_the_policy_names_is_guessed_each_as_itself(requirement: str, headers: str) -> None:
    guessed = [fields.guess(header) for header in headers.split(";")]
    codes = [field.code for field in guessed if field is not None]
    assert len(set(codes)) == len(headers.split(";")), "every header has a field, and no two the same"
    assert set(codes) & set(fields._file().requirements[requirement])


@pytest.mark.parametrize("header", ["", "   ", "kolumn 7", "namnsdag", "e-postmottagare hos oss"])
def test_an_unknown_header_is_not_guessed(header: str) -> None:
    assert fields.guess(header) is None


def test_only_the_password_is_withheld() -> None:
    assert [field.code for field in fields.fields() if field.withheld] == ["password"]


def test_bookkeeping_covers_accounting_data_and_no_contact_data() -> None:
    kept = {field.code for field in fields.fields() if field.bookkeeping}
    assert {"invoice_no", "invoice_date", "amount", "financial_year_end", "payment_history"} == kept


def test_the_person_can_be_looked_up_by_direct_and_indirect_identifiers() -> None:
    kinds = {field.identifier for field in fields.fields() if field.identifier}
    assert kinds == {"pnr", "customer_no", "email", "phone", "invoice_no", "login", "ip", "ad_id"}


def test_a_header_that_would_mean_two_fields_is_refused() -> None:
    first, second, *_rest = fields.fields()
    clash = (first, replace(second, headers=(*second.headers, first.headers[0].upper())))
    with pytest.raises(ResourceError, match="means both"):
        fields.headers(clash)
