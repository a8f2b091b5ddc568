"""Invented content for the tests of documents.  Persons, numbers and addresses are made up or reserved for examples."""

from datetime import date

from app.documents.content import (
    Answer,
    Extract,
    ExtractCategory,
    ExtractRecipient,
    ExtractRow,
    Letter,
    Mark,
    Notification,
    Party,
    Receipt,
    ReceiptLine,
    Titled,
)

MARK = Mark("B-2026-053", date(2026, 11, 20), trail="3f9a 71c2")
CONTROLLER = Party("Exempelbolaget AB", ("Box 100", "104 20 Stockholm"), "dataskydd@example.se", "08-465 004 10")
OFFICER = Party("Maj Sandström", (), "ombud@example.se", "070-174 06 10")

CUSTOMER = ExtractCategory(
    "customer",
    "Kundinformation",
    (
        ExtractRow("Namn", "Åsa Öström", "Kundregistret", date(2021, 3, 9), "Fullgöra avtalet", "Avtal, artikel 6.1 b", ("Posttjänsten AB",), "9 mars 2031"),
        ExtractRow("Personnummer", "19121212-••••", "SPAR", date(2021, 3, 9), "Säker identifiering", "Rättslig förpliktelse, artikel 6.1 c", ("Skatteverket", "Kreditbolaget AB"), "60 månader efter att avtalet har upphört"),
        ExtractRow("E-post", "asa.ostrom@example.com", "Du själv", date(2022, 1, 17), "Utskick med erbjudanden", "Berättigat intresse, artikel 6.1 f", (), "När du säger nej"),
        ExtractRow("Kontaktperson", "E••• Ö•••", "Du själv", None, "Fullgöra avtalet", "Avtal, artikel 6.1 b", (), "9 mars 2031", is_masked=True, mask_reason="uppgiften rör en annan person"),
    ),
)  # fmt: skip
PURCHASE = ExtractCategory(
    "purchase",
    "Köpinformation",
    (
        ExtractRow("Köpdatum", "2024-02-29", "Butiken", date(2024, 2, 29), "Bokföring", "Rättslig förpliktelse, artikel 6.1 c", ("Redovisningsbyrån AB",), "2032-01-01", kind="date"),
        ExtractRow("Belopp", "1249,50", "Butiken", date(2024, 2, 29), "Bokföring", "Rättslig förpliktelse, artikel 6.1 c", ("Redovisningsbyrån AB",), "2032-01-01", kind="money"),
        ExtractRow("Postnummer", "01234", "Butiken", date(2024, 2, 29), "Leverans", "Avtal, artikel 6.1 b", (), "2032-01-01"),
    ),
)  # fmt: skip

EXTRACT = Extract(
    mark=MARK,
    controller=CONTROLLER,
    officer=OFFICER,
    subject_name="Åsa Öström",
    subject_identity="19121212-••••",
    has_data=True,
    categories=(CUSTOMER, PURCHASE, ExtractCategory("ad_data", "Annonsdata")),
    purposes=(
        Titled("Fullgöra avtalet", "Vi behöver uppgifterna för att leverera det du har köpt och för att kunna nå dig."),
        Titled("Utskick med erbjudanden", "Vi har ett berättigat intresse av att berätta om våra varor för den som redan är kund. Vi bedömer att du kan vänta dig det, och du kan säga nej när du vill."),
    ),
    recipients=(
        ExtractRecipient("Posttjänsten AB", "Personuppgiftsbiträde", "Sverige", "Skickar våra brev"),
        ExtractRecipient("Redovisningsbyrån AB", "Personuppgiftsbiträde", "Sverige", "Sköter bokföringen"),
        ExtractRecipient("Skatteverket", "Myndighet", "Sverige", "Kontroll av folkbokföringen"),
    ),
    transfers=(),
    retention=(Titled("Kundinformation", "60 månader efter att kundförhållandet har upphört."), Titled("Köpinformation", "Sju år efter utgången av det kalenderår då räkenskapsåret avslutades.")),
    sources=(Titled("Du själv", "När du blev kund och när du har hört av dig."), Titled("SPAR", "Statens personadressregister, för att hålla adressen rätt.")),
    profiling=("Vi delar in kunder efter köpta varugrupper för att välja erbjudanden.",),
    automated=(),
    rights=(
        Titled("Rättelse", "Är något fel? Säg till, så rättar vi det."),
        Titled("Radering", "Du kan begära att vi raderar uppgifter som vi inte längre behöver."),
        Titled("Invändning", "Du kan när som helst säga nej till reklam."),
    ),
    complaint=("Du kan klaga hos Integritetsskyddsmyndigheten (IMY), tidigare Datainspektionen.", "Box 8114, 104 20 Stockholm, imy.se"),
    withheld=(Titled("Kontaktpersonens namn", "Uppgiften rör en annan person (artikel 15.4)."),),
    searched=(Titled("Kundregistret", "Namn, personnummer och e-post. Träff."), Titled("E-postlistan", "E-post. Ingen träff.")),
    glossary=(Titled("Personuppgiftsbiträde", "Någon som behandlar uppgifter åt oss och bara som vi säger."), Titled("Gallring", "Att uppgifter raderas när de inte längre behövs.")),
)  # fmt: skip

LETTER = Letter(
    mark=MARK,
    sender=CONTROLLER,
    addressee_lines=("Åsa Öström", "Skogsvägen 3", "75231 Uppsala"),
    subject="Svar på din begäran om registerutdrag",
    paragraphs=(
        "Du får här de personuppgifter som vi har om dig. De står i bilagan, med källa, ändamål och den dag då de raderas.",
        "Vi har inte lämnat ut:",
        "- namnet på en kontaktperson, för att det rör någon annan",
        "- lösenord, som vi bara har i en form som inte går att läsa",
        "Är något fel, eller vill du att vi raderar något? Svara på brevet eller skriv till dataskydd@example.se.",
        "Är du inte nöjd kan du klaga hos Integritetsskyddsmyndigheten (IMY), tidigare Datainspektionen, Box 8114, 104 20 Stockholm. Du kan också väcka talan i domstol.",
    ),
    signed_by="Maj Sandström\nDataskyddsombud",
    via=None,
    enclosures=("Registerutdrag B-2026-053",),
)

NOTIFICATION = Notification(
    mark=Mark("I-2026-007", date(2026, 11, 21), trail="77b0 0d1e"),
    status_text="Utkast",
    clock_text="Upptäckt 20 november 2026 kl. 15.10. Skicka senast 23 november kl. 15.10.",
    answers=(
        Answer("1", "controller_name", "Namnet på den personuppgiftsansvarige", "Exempelbolaget AB"),
        Answer("2", "orgnr", "Organisationsnummer", "", is_missing=True),
        Answer(None, "own_reference", "Ert referensnummer", "I-2026-007"),
        Answer(None, "description", "Beskriv vad som har hänt", "Ett brev med kontoutdrag skickades till fel kund.\nMottagaren ringde och lämnade tillbaka det samma dag."),
        Answer("25", "subject_groups", "Vilka grupper tillhör de registrerade?", "Kunder"),
        Answer("28", "consequences", "Vad kan bli konsekvenserna av incidenten?", "", is_missing=True),
        Answer("30", "measures", "Hur har ni agerat efter incidenten?", "Brevet är återlämnat. Rutinen för kuvertering är ändrad."),
    ),
    severity_text="DPC 2 × EI 0,75 + CB 0,25 = 1,75: låg. Risken är osannolik men inte utesluten.",
    decision_text="Anmäls. Beslutat av Maj Sandström den 21 november 2026 kl. 09.05.",
    late_reason="",
    log=("2026-11-20 15.10 Upptäckt", "2026-11-20 16.40 Brevet tillbaka", "2026-11-21 09.05 Beslut att anmäla"),
)  # fmt: skip

RECEIPT = Receipt(
    mark=Mark("G-2026-012", date(2026, 11, 22), trail="a0c4 19ff"),
    controller_name="Exempelbolaget AB",
    decided_by="Maj Sandström, dataskyddsombud",
    decided_at_text="22 november 2026 kl. 10.00",
    reason="Begäran om radering, artikel 17.1 a",
    erased=(ReceiptLine("Kundinformation, 14 uppgifter", "Kundregistret", "Behövs inte längre"), ReceiptLine("Inloggningsinformation, 3 uppgifter", "Webbutiken", "Behövs inte längre")),
    kept=(ReceiptLine("Köpinformation, 8 uppgifter", "Butiken", "Bokföringslagen 7 kap. 2 §, till och med 31 december 2031"),),
    outside=("E-postlistan: ta bort adressen",),
)  # fmt: skip
