"""What the register of processing says besides Art. 30.1, the texts people are shown, and approved deviations.

A vault that was started from the policy gets what its profile has said since: sources, texts, transfers, interests.
"""

import datetime as dt
import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0001"

NEW_TEXTS = (
    "joint_controllers", "interest", "balancing", "compatibility_note", "logic", "selling_reason", "dpia", "dpia_note", "owner",
)  # fmt: skip
NEW_LISTS = ("sources", "notices", "transfers_to")
ACTIVITIES = {
    "customer_admin": {"sources": ["agreement", "email", "contact_form", "login", "public_source"], "notices": ["policy", "general"]},
    "quotes": {"sources": ["contact_form", "email"], "notices": ["policy", "form"]},
    "orders_billing": {"sources": ["order_form", "billing", "agreement"], "notices": ["policy", "form"]},
    "credit_check": {"sources": ["spar", "credit_bureau"], "notices": ["policy"]},
    "service_cases": {"sources": ["email", "contact_form"], "notices": ["policy", "form"]},
    "newsletter_marketing": {"sources": ["agreement", "partner", "purchased", "unsubscribe"], "notices": ["policy", "marketing"], "interest": "Att hålla kunder underrättade om nyheter. Att nå dig med erbjudanden som passar dig. Att sälja det vi erbjuder."},
    "profiling": {"sources": ["agreement", "public_source"], "notices": ["policy", "marketing"], "logic": "Kunder delas in efter köp, ålder, kön och offentliga register. Segmentet avgör vilka erbjudanden som visas.", "interest": "Att ge rätt kund rätt erbjudande. Att nå dig med erbjudanden som passar dig."},
    "statistics_testing": {"sources": ["website", "login"], "notices": ["policy"], "transfers_to": [{"country": "US", "safeguard": ""}], "interest": "Att förstå hur tjänsterna används."},
    "development": {"sources": ["email", "website"], "notices": ["policy"], "interest": "Att göra tjänsterna bättre."},
    "advertising": {"sources": ["website", "social_network"], "notices": ["policy", "marketing"], "transfers_to": [{"country": "US", "safeguard": ""}], "logic": "Besök och läsning avgör annonssegmentet. Annonsörer köper visning mot ett segment, direkt eller i realtid."},
    "web_cookies": {"sources": ["website", "ip_location"], "notices": ["policy"], "transfers_to": [{"country": "US", "safeguard": ""}]},
    "reference_comments": {"sources": ["comment_form", "email"], "notices": ["policy", "form"]},
    "rights_requests": {"sources": ["email", "contact_form"], "notices": ["policy"]},
    "incident_handling": {"sources": ["email"], "notices": ["policy"]},
}  # fmt: skip
NOTICES = (
    {"code": "policy", "title": "Personuppgiftspolicy", "version": "2018-05-25", "valid_from": "2018-05-25", "place": "www.iTrace.se", "covers": ["controller", "contact", "purposes", "retention", "rights", "recipients", "sources"], "allows_marketing": False, "section": "Ändringar av personuppgiftspolicyn", "requirements": ["R13", "R57"]},
    {"code": "general", "title": "Information när uppgifter samlas in", "version": "2018-05-25", "valid_from": "2018-05-25", "place": "", "covers": ["controller", "contact", "rights", "retention"], "allows_marketing": False, "section": "Information när uppgifter samlas in", "requirements": ["R13"]},
    {"code": "form", "title": "Information vid formulär och i avtalsvillkor", "version": "2018-05-25", "valid_from": "2018-05-25", "place": "", "covers": ["purposes"], "allows_marketing": False, "section": "Ändamål och laglig grund för behandling", "requirements": ["R20"]},
    {"code": "marketing", "title": "Information om direktmarknadsföring", "version": "2018-05-25", "valid_from": "2018-05-25", "place": "", "covers": ["marketing"], "allows_marketing": True, "section": "Marknadsföring, nyhetsbrev och profilering", "requirements": ["R50"]},
)  # fmt: skip
NOTES = {
    "new_owner": "Skriv dagen då verksamheten lämnades över.",
    "authority": "Skriv beslutet, dagen och om sekretess gäller i förteckningen över utlämnanden.",
    "spar": "Policyn skriver namnet fel. Rätt namn är Statens personadressregister.",
    "payson": "Namnet står i policyn. Kontrollera vilket bolag som har verksamheten i dag.",
    "firmify": "Namnet står i policyn. Kontrollera vilket bolag som har verksamheten i dag.",
    "cool_company": "Namnet står i policyn. Kontrollera vilket bolag som har verksamheten i dag.",
    "bisnode": "Namnet står i policyn. Kontrollera vilket bolag som har verksamheten i dag.",
    "klarna": "Namnet står i policyn. Kontrollera vilket bolag som har verksamheten i dag.",
    "facebook": "Koncernen finns i USA. Kontrollera om uppgifter förs över dit och med vilket skydd.",
    "google": "Koncernen finns i USA. Kontrollera om uppgifter förs över dit och med vilket skydd.",
    "advertiser": "De får id och segmentkod, inte namn. De kan köpa plats direkt eller i realtid.",
    "youtube": "Koncernen finns i USA. Kontrollera om uppgifter förs över dit och med vilket skydd.",
}  # fmt: skip
ACTIVITY = sa.table(
    "activity",
    *(sa.column(name) for name in ("code", "interest", "logic", "transfers")),
    *(sa.column(name, sa.JSON) for name in NEW_LISTS),
)
RECIPIENT = sa.table("recipient", sa.column("code"), sa.column("note"))
NOTICE = sa.table(
    "notice",
    *(sa.column(name) for name in ("code", "title", "version", "place", "text", "section")),
    *(sa.column(name, sa.JSON) for name in ("covers", "settles", "requirements")),
    sa.column("valid_from", sa.Date),
    sa.column("allows_marketing", sa.Boolean),
)
WRITTEN_TO_THE_OFFICER = "Kan ske till USA genom Google och Facebook. Kontrollera avtal och skydd."
SALE_HAS_REASON = "CONSTRAINT ck_activity_sale_has_reason CHECK (NOT is_selling OR selling_reason <> '')"


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("covers", sa.JSON(), nullable=False),
        sa.Column("allows_marketing", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("settles", sa.JSON(), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("requirements", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("code", name=op.f("uq_notice_code")),
    )
    op.create_table(
        "deviation",
        sa.Column("finding", sa.String(), nullable=False),
        sa.Column("lacks", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("approved_at", sa.DateTime(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_by", sa.String(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_deviation_has_reason")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name=op.f("ck_deviation_withdrawn_by_somebody")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deviation")),
    )
    op.create_index(op.f("ix_deviation_finding"), "deviation", ["finding"], unique=False)
    op.create_index(op.f("ix_datum_activity_id_source_id"), "datum", ["activity_id", "source_id"], unique=False)
    _add_columns()
    if _profile() == "itrace":
        _fill_from_the_policy()


def _add_columns() -> None:
    op.add_column("recipient", sa.Column("agreement_on", sa.Date(), nullable=True))
    op.add_column("recipient", sa.Column("note", sa.String(), nullable=False, server_default=""))
    op.add_column("source", sa.Column("evidence", sa.String(), nullable=False, server_default=""))
    op.add_column("source", sa.Column("evidence_note", sa.String(), nullable=False, server_default=""))
    op.add_column("source", sa.Column("told_on", sa.Date(), nullable=True))
    op.add_column("activity", sa.Column("is_selling", sa.Boolean(), nullable=False, server_default=sa.text("0")))
    for name in NEW_LISTS:
        op.add_column("activity", sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
    for name in NEW_TEXTS:
        if name == "selling_reason":  # the table refuses a sale without a reason; a check comes only with its column
            op.execute(f"ALTER TABLE activity ADD COLUMN {name} VARCHAR DEFAULT '' NOT NULL {SALE_HAS_REASON}")
        else:
            op.add_column("activity", sa.Column(name, sa.String(), nullable=False, server_default=""))


def _profile() -> str:
    value = op.get_bind().exec_driver_sql("SELECT value FROM setting WHERE key = 'profile'").scalar()
    return json.loads(value).get("code", "") if value else ""


def _fill_from_the_policy() -> None:
    for code, values in ACTIVITIES.items():
        op.execute(ACTIVITY.update().where(ACTIVITY.c.code == code).values(**values))
    told = WRITTEN_TO_THE_OFFICER.partition(". ")[0] + "."  # it stood in extracts, with a chore for the officer in it
    op.execute(ACTIVITY.update().where(ACTIVITY.c.transfers == WRITTEN_TO_THE_OFFICER).values(transfers=told))
    for code, note in NOTES.items():
        op.execute(RECIPIENT.update().where(RECIPIENT.c.code == code).values(note=note))
    op.bulk_insert(
        NOTICE,
        [
            {**notice, "valid_from": dt.date.fromisoformat(str(notice["valid_from"])), "text": "", "settles": []}
            for notice in NOTICES
        ],
    )
