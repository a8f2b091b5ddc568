"""Invented people for the demo vault.  Numbers come from the ranges kept for tests and fiction; addresses are made up."""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass

FIRST = [
    "Åsa",
    "Örjan",
    "Märta",
    "Jan-Erik",
    "Samira",
    "Karl",
    "Lovisa",
    "Ylva",
    "Bo",
    "Cia",
    "Eskil",
    "Tuva",
    "Sixten",
    "Astrid",
    "Göran",
    "Leila",
    "Pär",
    "Ingegerd",
    "Noor",
    "Östen",
    "Signe",
    "Albin",
    "Fatima",
    "Hjalmar",
    "Ebba",
    "Yusuf",
    "Linnéa",
    "Torbjörn",
    "Amina",
    "Viveka",
]
LAST = [
    "Öberg",
    "Äng",
    "Lindqvist",
    "Nyström",
    "Haddad",
    "Ek",
    "Sjöström",
    "Ros",
    "Alm",
    "Åkerblom",
    "Björnhage",
    "Zetterlund",
    "Källström",
    "Wikdal",
    "Ängsvik",
    "Fagermo",
    "Håkanstad",
    "Dahlros",
    "Måneskär",
    "Tallbacka",
    "Rönnfeldt",
    "Strandmyr",
    "Bergåsa",
    "Hedvind",
    "Sundkvarn",
    "Örnvik",
    "Grankotte",
    "Löfsjö",
    "Kvistmark",
    "Wernersvik",
]
STREETS = [
    "Ängsgatan",
    "Björkstigen",
    "Kvarngränd",
    "Lindallén",
    "Skolbacken",
    "Hamntorget",
    "Rönnvägen",
    "Åkerstigen",
    "Sjögatan",
    "Tallgränd",
]
TOWNS = (
    ("752 31", "Uppsala"),
    ("411 05", "Göteborg"),
    ("211 22", "Malmö"),
    ("582 24", "Linköping"),
    ("831 31", "Östersund"),
    ("903 26", "Umeå"),
)
PRODUCTS = ["Webbhotell Start", "Webbhotell Plus", "Domännamn", "Felsökning", "Supportavtal", "Hemsida Bas"]
PHONES = [f"070-174 06 {number:02d}" for number in range(5, 100)] + [
    f"08-465 004 {number:02d}" for number in range(100)
]
HEADERS = (
    "Kundnr", "Namn", "Personnummer", "E-post", "Telefon", "Gatuadress", "Postnummer", "Ort", "Kund sedan", "Kund till",
    "Produkt", "Fakturanr", "Fakturadatum", "Belopp", "Skyddad", "Tvist",
)  # fmt: skip
SERVICE_HEADERS = ("Kundnr", "Namn", "E-post", "Klagomål", "Användarnamn")


@dataclass(frozen=True)
class Person:
    """An invented customer."""

    number: str
    name: str
    identity: str
    email: str
    phone: str
    street: str
    postcode: str
    town: str
    start_on: dt.date
    end_on: dt.date | None
    product: str
    invoice: str
    invoice_on: dt.date
    amount: str
    is_protected: bool
    has_dispute: bool

    def row(self) -> tuple[str, ...]:
        """Return the person as a row of a customer register."""
        end = self.end_on.isoformat() if self.end_on else ""
        marks = ("ja" if self.is_protected else "", "ja" if self.has_dispute else "")
        return (
            self.number, self.name, self.identity, self.email, self.phone, self.street, self.postcode, self.town,
            self.start_on.isoformat(), end, self.product, self.invoice, self.invoice_on.isoformat(), self.amount, *marks,
        )  # fmt: skip


def people(count: int, *, today: dt.date, seed: int = 2018) -> Iterator[Person]:
    """Return so many invented people, the same ones for the same day and seed."""
    draw = random.Random(seed)  # noqa: S311 - invented people, not secrets
    for index in range(count):
        first, last = FIRST[index % len(FIRST)], LAST[(index * 7 + index // len(FIRST)) % len(LAST)]
        start_on = dt.date(draw.randint(2014, 2020), draw.randint(1, 12), draw.randint(1, 28))
        end_on = _end(index, start_on, today, draw)
        town = TOWNS[index % len(TOWNS)]
        yield Person(
            number=f"K{10400 + index}",
            name=f"{first} {last}",
            identity=kept_number(draw),
            email=_email(first, last, index),
            phone=PHONES[index] if index < len(PHONES) else "",
            street=f"{STREETS[index % len(STREETS)]} {draw.randint(1, 60)}",
            postcode=town[0],
            town=town[1],
            start_on=start_on,
            end_on=end_on,
            product=PRODUCTS[index % len(PRODUCTS)],
            invoice=f"{20400 + index}",
            invoice_on=(end_on or today) - dt.timedelta(days=draw.randint(20, 200)),
            amount=f"{draw.randint(2, 60) * 100 - 50},50",
            is_protected=index in (17, 93),
            has_dispute=index in (9, 61),
        )


def _end(index: int, start_on: dt.date, today: dt.date, draw: random.Random) -> dt.date | None:
    """Return when the relation ended: some long ago enough to be erased, some lately, most not yet."""
    if index in (7, 8, 9) or index % 14 == 5:
        return max(start_on, today - dt.timedelta(days=61 * 31 + draw.randint(0, 300)))
    if index % 6 == 4:
        return max(start_on, today - dt.timedelta(days=draw.randint(60, 1500)))
    return None


def kept_number(draw: random.Random) -> str:
    """Return a personal identity number out of the serials 980-999, which are kept for tests."""
    born = dt.date(draw.randint(1940, 2003), draw.randint(1, 12), draw.randint(1, 28))
    digits = f"{born:%y%m%d}{draw.randint(980, 999)}"
    total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(digits))
    return f"{born:%Y%m%d}-{digits[6:]}{-total % 10}"


def _email(first: str, last: str, index: int) -> str:
    plain = f"{first}.{last}".lower().translate(str.maketrans("åäöé", "aaoe"))
    return f"{plain}{index}@exempel.se"
