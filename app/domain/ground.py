"""What a value must have behind it: a purpose, a legal basis and an end.  Source: Art. 5.1 b and e, 6.1 and 30.1 GDPR."""

from collections.abc import Sequence

from app.domain.retention import RuleKind

PURPOSE, BASIS, RETENTION = "purpose", "basis", "retention"


def missing(*, purposes: Sequence[str], legal_basis: str, rule_kind: str | None) -> tuple[str, ...]:
    """Return what an activity lacks of purpose, basis and retention; empty when its data have their ground.

    Args:
        purposes: Its purposes; blank ones do not count.
        legal_basis: The code of its basis.
        rule_kind: What its retention rule counts from; a rule without a time is none.
    """
    found = []
    if not any(purpose.strip() for purpose in purposes):
        found.append(PURPOSE)
    if not legal_basis.strip():
        found.append(BASIS)
    if rule_kind in (None, "", RuleKind.NONE.value):
        found.append(RETENTION)
    return tuple(found)
