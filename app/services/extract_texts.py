"""The parts of an extract that every person gets: rights, complaint, what is not handed over, words.  Belongs to `extracts`."""

import datetime as dt

from app.documents.content import Titled
from app.domain.names import sort_key
from app.domain.rights import Right, article, label
from app.i18n import _, language, mark, ngettext
from app.reference.authority import authority
from app.reference.glossary import glossary
from app.reference.profiles import Profile

RIGHTS = {
    Right.RECTIFICATION: mark("Är något fel eller ofullständigt rättar vi det."),
    Right.ERASURE: mark("Du kan få uppgifter raderade när vi inte längre behöver dem eller saknar grund för dem."),
    Right.RESTRICTION: mark("Du kan begära att vi bara lagrar uppgifterna medan en fråga utreds."),
    Right.PORTABILITY: mark("Du kan få ut det du själv har lämnat i en fil, och ta den med dig till någon annan."),
    Right.OBJECTION: mark("Du kan invända när vi stöder oss på en intresseavvägning. Då väger vi om."),
    Right.MARKETING: mark("Du kan när som helst säga nej till reklam, i en kanal eller i alla. Då slutar vi."),
    Right.CONSENT: mark("Ett samtycke kan du ta tillbaka när du vill. Det som redan är gjort påverkas inte."),
    Right.AUTOMATED: mark("Du har rätt att få en människa att pröva ett beslut som en maskin fattat ensam."),
    Right.COMPENSATION: mark("Har du lidit skada för att vi brutit mot reglerna kan du begära ersättning."),
}


def rights() -> tuple[Titled, ...]:
    """Return the rights with their articles.  Source: Art. 15.1 e GDPR."""
    return tuple(Titled(f"{label(right)} ({article(right)})", _(text)) for right, text in RIGHTS.items())


def complaint(today: dt.date, controller: str) -> tuple[str, ...]:
    """Return where to complain and that a court can try the matter.  Source: Art. 15.1 f, 77 and 79 GDPR."""
    office = authority(today)
    return (
        _("Tycker du att vi gör fel? Klaga hos {authority}. Adress: {address}. Webb: {web}.").format(
            authority=office.printed(language()), address=office.address, web=office.web
        ),
        _("Du kan också gå till domstol. Då väcker du talan mot {controller} vid en tingsrätt.").format(
            controller=controller or _("oss")
        ),
    )


def withheld(profile: Profile, *, has_password: bool, masked: int) -> tuple[Titled, ...]:
    """Return what is not handed over and why.  Source: Art. 15.4 GDPR; dataskyddslagen (2018:218) 5 kap. 1 and 2 §§."""
    found = []
    if has_password:
        found.append(
            Titled(_("Lösenord"), _("Ett lösenord finns i skyddad form. Det lämnas aldrig ut, inte ens till dig."))
        )
    if masked:
        text = ngettext(
            "{count} uppgift är dold därför att den kan röra någon annan än dig.",
            "{count} uppgifter är dolda därför att de kan röra någon annan än dig.",
            masked,
        ).format(count=masked)
        found.append(Titled(_("Uppgifter om andra"), " ".join((text, _("Det följer av artikel 15.4.")))))
    found.append(
        Titled(
            _("Sekretess och utkast"),
            _(
                "Uppgifter som vi enligt lag måste hålla hemliga ingår inte. Det gör inte heller utkast och minnesanteckningar (dataskyddslagen 5 kap. 1 och 2 §§)."
            ),
        )
    )
    found += [
        Titled(entry.shown(language()), entry.words(language()))
        for entry in profile.standard_texts
        if entry.code == "third_party_services"
    ]
    return tuple(found)


def automated(profile: Profile, activities: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Return whether machines alone decide about people: names of activities, each with its logic.

    Source: Art. 15.1 h and 22 GDPR; the policy's promise R45.
    """
    if activities:
        decided = _("{activity}: en maskin fattar beslutet. Du kan begära att en människa prövar det.")
        return tuple(f"{decided.format(activity=name)} {logic}".strip() for name, logic in activities)
    for entry in profile.standard_texts:
        if entry.code == "no_automated":
            return (entry.words(language()),)
    return (_("Vi fattar inga beslut om dig helt automatiskt."),)


def words() -> tuple[Titled, ...]:
    """Return the glossary in the order of the alphabet."""
    terms = (term.shown(language()) for term in glossary())
    return tuple(Titled(word, text) for word, text in sorted(terms, key=lambda term: sort_key(term[0])))
