"""A customer register as an office would hand it over: invented people, the same ones every time.

Identity numbers have serials 980 to 999, which nobody is given; phone numbers are those kept for fiction.
"""

import csv
import datetime as dt
import random
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import openpyxl

HEADERS = (
    "Kundnr",
    "Namn",
    "Personnummer",
    "E-post",
    "Mobil",
    "Gatuadress",
    "Postnr",
    "Postort",
    "Kund sedan",
    "Kund till",
    "Fakturanr",
    "Fakturadatum",
    "Belopp",
)
_FIRST = """Anna Eva Maria Karin Åsa Östen Märta Sixten Lena Sara Emma Ingrid Marie Malin Jenny Birgitta Linda Elin Sofia
Johanna Ida Julia Katarina Gunilla Linnéa Frida Agnes Lisa Lars Mikael Anders Johan Erik Per Karl Peter Thomas
Fredrik Hans Bengt Bo Magnus Göran Björn Leif Emil Amina Fatima Yusuf Noor Leila Omar Torbjörn Ingegerd"""
FIRST = tuple(_FIRST.split())
START = ("Lind", "Berg", "Söder", "Norr", "Ek", "Alm", "Björk", "Gran", "Hed", "Sjö", "Sand", "Ström", "Ny", "Zetter")
END = ("berg", "ström", "gren", "qvist", "lund", "dahl", "man", "strand", "holm", "stedt", "ling", "roth", "skog", "öd")
LAST = (
    "Andersson",
    "Johansson",
    "Karlsson",
    "Nilsson",
    "Öberg",
    *(first + last for first, last in product(START, END)),
)
STREETS = ("Storgatan", "Kyrkogatan", "Ängsvägen", "Björkstigen", "Kvarngränd", "Hamntorget", "Åkerbacken")
TOWNS = ("Uppsala", "Växjö", "Örebro", "Malmö", "Umeå", "Gävle", "Borås", "Östersund", "Kalmar", "Åkersberga")
BORN = dt.date(1930, 1, 1)
JOINED = dt.date(2012, 1, 1)


def people(count: int, *, first: int = 1) -> Iterator[list[str]]:
    """Return the rows of customers number `first` and on; one in two hundred has a wrong identity number."""
    chance = random.Random(first)  # noqa: S311 - the same people every time
    for number in range(first, first + count):
        yield _person(number, chance)


def _person(number: int, chance: random.Random) -> list[str]:
    first, last = chance.choice(FIRST), chance.choice(LAST)
    joined = JOINED + dt.timedelta(days=chance.randrange(4000))
    invoiced = joined + dt.timedelta(days=chance.randrange(700))
    has_left = number % 3 == 0
    return [
        f"K-{number:07d}",
        f"{first} {last}",
        _identity_number(number) if number % 10 else "",
        f"{first}.{last}.{number}@example.com".lower().translate(str.maketrans("åäöé", "aaoe")),
        f"070-174 06 {5 + chance.randrange(95):02d}",
        f"{chance.choice(STREETS)} {chance.randrange(1, 140)}",
        f"{chance.randrange(100, 985)} {chance.randrange(10, 99)}",
        chance.choice(TOWNS),
        joined.isoformat(),
        (joined + dt.timedelta(days=1000)).isoformat() if has_left else "",
        str(400_000 + number),
        invoiced.isoformat(),
        f"{chance.randrange(90, 20_000)},{chance.randrange(100):02d}",
    ]


def _identity_number(number: int) -> str:
    born = BORN + dt.timedelta(days=(number // 20 * 7919) % 27_000)
    short = f"{born:%y%m%d}{980 + number % 20}"
    total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(short))
    return f"{born:%Y%m%d}-{short[6:]}{(-total + (number % 200 == 1)) % 10}"


def csv_file(path: Path, count: int, *, first: int = 1) -> Path:
    """Write customers as a Swedish system exports them: semicolons, cp1252."""
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADERS)
        writer.writerows(people(count, first=first))
    return path


def workbook(path: Path, count: int, *, first: int = 1) -> Path:
    """Write the same customers as a workbook, with real dates and sums."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Kunder")
    sheet.append(HEADERS)
    for row in people(count, first=first):
        days = [dt.date.fromisoformat(row[place]) if row[place] else None for place in (8, 9, 11)]
        sheet.append([*row[:8], days[0], days[1], row[10], days[2], float(row[12].replace(",", "."))])
    book.save(path)
    return path
