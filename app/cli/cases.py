"""Commands about requests, and what is due."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli import exports, mails, records
from app.cli.call import Call, day, usage
from app.cli.output import Answer
from app.domain.channels import Channel
from app.domain.request_facts import Decision
from app.domain.rights import Right
from app.domain.status import DeliveryMethod, IdentityMethod, Outcome, Question
from app.i18n import _
from app.importers import mail
from app.importers.kinds import MAILBOX
from app.services import intake, letters, requests
from app.services.requests import Intake
from db.models import Request
from db.queries import due, inbox

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def add(commands: Any) -> None:
    """Add the commands to the parser."""
    request = commands.add_parser("request", help=_("begäranden")).add_subparsers(dest="act_name", required=True)
    one = request.add_parser("register", help=_("registrera en begäran"))
    one.add_argument("--mail", type=Path, metavar="FILE")
    one.add_argument("--right", action="append", choices=[right.value for right in Right])
    one.add_argument("--received", type=day)
    one.add_argument("--channel", choices=[channel.value for channel in Channel], default="email")
    one.add_argument("--subject", type=int)
    one.add_argument("--requester", default="", help=_("den som begär"))
    one.add_argument("--language", choices=["sv", "en"], default="sv")
    one.set_defaults(act=_register)
    one = request.add_parser("list", help=_("visa begäranden"))
    one.add_argument("--open", action="store_true")
    one.add_argument("--overdue", action="store_true")
    one.set_defaults(act=_list)
    _add_acts(request)
    one = commands.add_parser("due", help=_("vad som snart ska vara klart"))
    one.add_argument("--days", type=int, default=30)
    one.set_defaults(act=_due)


def _add_acts(request: Any) -> None:
    one = _act(request, "identity", _("identiteten är kontrollerad"), _identity)
    one.add_argument("--method", required=True, choices=[method.value for method in IdentityMethod])
    one.add_argument("--note", default="")
    one = _act(request, "lookup", _("registren är genomsökta"), _lookup)
    one.add_argument("--subject", type=int)
    one.add_argument("--terms", action="append", required=True)
    one = _act(request, "extend", _("förläng fristen"), _extend)
    one.add_argument("--reason", required=True)
    one = _act(request, "pause", _("pausa fristen"), _pause)
    one.add_argument("--reason", required=True)
    one.add_argument("--asked", type=day)
    one.add_argument("--question", choices=[question.value for question in Question], default="identity")
    one = _act(request, "resume", _("låt fristen löpa igen"), _resume)
    one.add_argument("--answered", type=day)
    one = _act(request, "decide", _("besluta om en rättighet"), _decide)
    one.add_argument("--right", required=True, choices=[right.value for right in Right])
    one.add_argument("--outcome", required=True, choices=[outcome.value for outcome in Outcome])
    one.add_argument("--ground", default="")
    one.add_argument("--reason", default="")
    one = _act(request, "answer", _("skriv svarsbrevet"), _answer)
    one.add_argument("--kind", help=_("vilket brev; annars det som besluten leder till"))
    one.add_argument("--set", action="append", metavar="FIELD=TEXT", help=_("fyll i ett fält som saknas"))
    one.add_argument("--out", type=Path, metavar="DIR")
    one = _act(request, "sent", _("svaret är skickat"), _sent)
    one.add_argument("--method", required=True, choices=[method.value for method in DeliveryMethod])
    one.add_argument("--on", type=day)
    one = _act(request, "mail", _("lägg ett brev i begäran"), _add_mail)
    one.add_argument("--file", required=True, type=Path, metavar="FILE")
    one = _act(request, "close", _("avsluta"), _close)
    one.add_argument("--reason", default="", help=_("varför, om en källa som frågats inte har svarat"))


def _act(request: Any, name: str, text: str, act: Any) -> Any:
    one = request.add_parser(name, help=text)
    one.add_argument("id")
    one.set_defaults(act=act)
    return one


def _register(call: Call) -> Answer:
    if call.mail and call.mail.suffix.casefold() in MAILBOX:
        raise usage(_("Filen har flera brev."), _("Skriv import FIL för att se dem, eller import FIL --register."))
    with call.vault() as vault:
        original = mail.raw_of(call.mail) if call.mail else None
        draft = mail.read_mail(original, now=call.now()) if original is not None else None
        with vault.store.write(call.now()) as session:
            if draft is not None and original is not None:
                facts = intake.from_mail(session, draft, original, today=call.today).intake
                facts = _overridden(call, facts)
            else:
                facts = _by_hand(call)
            request = requests.register(session, facts, today=call.today)
            data = {
                "request_id": request.id,
                "number": request.number,
                "rights": list(facts.rights),
                "due": request.due_on,
                "goal": request.goal_on,
                "received": request.received_on,
                "subject_id": request.subject_id,
            }
    return Answer(data)


def _by_hand(call: Call) -> Intake:
    if not call.right or call.received is None:
        raise usage(_("Rättighet och mottagningsdag behövs."), _("Skriv --right och --received, eller --mail FIL."))
    return Intake(
        rights=[Right(code) for code in call.right],
        received_on=call.received,
        channel=Channel(call.channel),
        requester_name=call.requester,
        subject_id=call.subject,
        language=call.language,
    )


def _overridden(call: Call, facts: Intake) -> Intake:
    """Return the mail's request with what the command line says instead."""
    return Intake(
        rights=[Right(code) for code in call.right] if call.right else facts.rights,
        received_on=call.received or facts.received_on,
        channel=facts.channel,
        requester_name=call.requester or facts.requester_name,
        requester_email=facts.requester_email,
        message=facts.message,
        language=call.language,
        subject_id=call.subject or facts.subject_id,
        original=facts.original,
        message_id=facts.message_id,
    )


def _add_mail(call: Call) -> Answer:
    raw = mail.raw_of(call.file)

    def act(session: "Session", key: int) -> None:
        further = intake.as_further_mail(mails.proposal_of(call, session, raw).intake)
        requests.add_mail(session, key, further, today=call.today)

    return _changed(call, act)


def _list(call: Call) -> Answer:
    with call.read() as session:
        view: inbox.View = "overdue" if call.overdue else "open" if call.open else "all"
        ids = inbox.ids(session, inbox.Filter(view=view), today=call.today)
        return Answer([records.request_row(row) for row in inbox.rows(session, ids)])


def _changed(call: Call, act: Any) -> Answer:
    """Do one act on the request and return the request after it."""
    with call.write() as session:
        request_id = records.request_id(session, call.id)
        act(session, request_id)
        return Answer(records.request(session, session.get_one(Request, request_id)))


def _identity(call: Call) -> Answer:
    method = IdentityMethod(call.method)
    return _changed(
        call, lambda s, key: requests.check_identity(s, key, method=method, note=call.note, today=call.today)
    )


def _lookup(call: Call) -> Answer:
    from app.services import lookup

    return _changed(call, lambda s, key: lookup.record(s, key, subject_id=call.subject, terms=call.terms))


def _extend(call: Call) -> Answer:
    return _changed(call, lambda s, key: requests.extend(s, key, reason=call.reason, today=call.today))


def _pause(call: Call) -> Answer:
    question, asked = Question(call.question), call.asked or call.today
    return _changed(call, lambda s, key: requests.pause(s, key, question=question, reason=call.reason, asked_on=asked))


def _resume(call: Call) -> Answer:
    return _changed(call, lambda s, key: requests.resume(s, key, answered_on=call.answered or call.today))


def _decide(call: Call) -> Answer:
    decision = Decision(right=Right(call.right), outcome=Outcome(call.outcome), ground=call.ground, reason=call.reason)
    return _changed(call, lambda s, key: requests.decide(s, key, decision, today=call.today))


def _sent(call: Call) -> Answer:
    method, sent_on = DeliveryMethod(call.method), call.on or call.today
    return _changed(call, lambda s, key: requests.mark_sent(s, key, method=method, sent_on=sent_on, today=call.today))


def _close(call: Call) -> Answer:
    return _changed(call, lambda s, key: requests.close(s, key, today=call.today, reason=call.reason))


def _answer(call: Call) -> Answer:
    """Write the letters that the decisions lead to, or the one asked for."""
    with call.write() as session:
        key = records.request_id(session, call.id)
        kinds = (call.kind,) if call.kind else letters.proposed_kinds(session, key)
        drafts = [letters.draft(session, key, kind, today=call.today, values=_values(call)) for kind in kinds]
        made = [letters.make(session, key, draft, today=call.today) for draft in drafts]
        state = records.request(session, session.get_one(Request, key))
        stored = exports.contents(session, made)
    written = (
        exports.write(stored, call.out)
        if call.out
        else [{"path": name, "sha256": None, "pages": None} for name, _raw in stored]
    )
    return Answer(state | {"letters": written})


def _values(call: Call) -> dict[str, str]:
    """Return merge fields that the caller fills in, given as `name=text`."""
    pairs = [given.partition("=") for given in call.set or []]
    return {name: text for name, equals, text in pairs if equals}


def _due(call: Call) -> Answer:
    with call.read() as session:
        return Answer(due.everything(session, today=call.today, until=call.today + dt.timedelta(days=call.days)))
