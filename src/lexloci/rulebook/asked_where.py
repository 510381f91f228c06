"""Of which acts is a body of law asked, as a condition: the table of ``facts.bodies_asked`` the other way round."""

from __future__ import annotations

from lexloci.law.expression import And, Expression, Member, Or
from lexloci.model.act import ActKind
from lexloci.rulebook.placing import EU_MEMBERS

ALWAYS = And(())


def asked_when(kind: ActKind, body: str) -> Expression:
    """The condition under which an act of this kind asks a body of law, its places being stated."""
    names: tuple[str, ...]
    match kind:
        case ActKind.DATA_EXPORT | ActKind.DATA_IMPORT:
            names, follows_items = ("departure.country",), False
        case ActKind.OFFERING | ActKind.PLACING:
            names, follows_items = ("offering.country",), False
        case ActKind.BUILD | ActKind.IMPORT:
            names, follows_items = ("site.country",), False
        case ActKind.REMOTE_ACCESS | ActKind.SERVICE:
            names, follows_items = ("site.country", "tenant.headquarters"), True
        case _:
            names, follows_items = ("departure.country", "site.country"), True
    if follows_items and body == "us":
        return ALWAYS
    countries = tuple(sorted(EU_MEMBERS)) if body == "eu" else (body.upper(),)
    return Or(tuple(Member(name, countries) for name in names))
