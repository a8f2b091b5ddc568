"""What a field of a person's record is.  The fields themselves are data (resources/fields.json)."""

from dataclasses import dataclass
from enum import StrEnum

from app.i18n import _, mark


class Category(StrEnum):
    """A category of personal data, as the policy and the extract divide them."""

    CUSTOMER = "customer"
    PURCHASE = "purchase"
    SERVICE = "service"
    DEMOGRAPHIC = "demographic"
    LOGIN = "login"
    WEB_STATISTICS = "web_statistics"
    AD_DATA = "ad_data"


class FieldKind(StrEnum):
    """How the value of a field is read and compared."""

    TEXT = "text"
    NAME = "name"
    DATE = "date"
    MONEY = "money"
    PNR = "pnr"
    EMAIL = "email"
    PHONE = "phone"
    POSTCODE = "postcode"
    CHOICE = "choice"


@dataclass(frozen=True)
class Field:
    """One field of a record.

    Attributes:
        code: The key of the field, in data and in the command line.
        category: The category that the extract shows it under.
        label_sv: The field's name in Swedish.
        label_en: The field's name in English.
        kind: How the value is read.
        headers: Column headers that mean this field, in files from other systems.
        identifier: The kind of identifier the value is, if a person can be looked up by it.
        withheld: The value itself never leaves the vault; the extract only says that it exists.
        bookkeeping: The value is part of the accounting records.
    """

    code: str
    category: Category
    label_sv: str
    label_en: str
    kind: FieldKind
    headers: tuple[str, ...] = ()
    identifier: str | None = None
    withheld: bool = False
    bookkeeping: bool = False


_LABELS = {
    Category.CUSTOMER: mark("Kundinformation"),
    Category.PURCHASE: mark("Köpinformation"),
    Category.SERVICE: mark("Serviceinformation"),
    Category.DEMOGRAPHIC: mark("Demografisk information"),
    Category.LOGIN: mark("Inloggningsinformation"),
    Category.WEB_STATISTICS: mark("Webbstatistik"),
    Category.AD_DATA: mark("Annonsdata"),
}


def label(category: Category) -> str:
    """Return the category's name as the user reads it."""
    return _(_LABELS[category])
