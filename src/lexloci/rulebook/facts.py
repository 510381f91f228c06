"""Turns things into the facts that rules read: a chip's figures, a row of acts, a decided case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from lexloci.catalogue import chip as catalogue_chip
from lexloci.model.act import Act, ActKind, Role
from lexloci.model.chip import Chip
from lexloci.model.errors import CatalogueError
from lexloci.model.fact import ABSENT, UNKNOWN, Fact, Plain, Value
from lexloci.rulebook.addressees import addressee_facts
from lexloci.rulebook.placing import body_of

_ROLES = {role.value: role for role in Role}
_SUPPLY = (Role.EXPORTER, Role.PURCHASER, Role.CONSIGNEE, Role.END_USER)
ROLES_OF: Mapping[ActKind, tuple[Role, ...]] = {
    ActKind.EXPORT: _SUPPLY,
    ActKind.REEXPORT: _SUPPLY,
    ActKind.TRANSFER: _SUPPLY,
    ActKind.REMOTE_ACCESS: (Role.TENANT, Role.PROVIDER, Role.OPERATOR),
    ActKind.USE: (Role.USER, Role.HOLDER, Role.OPERATOR),
    ActKind.SERVICE: (Role.PROVIDER, Role.TENANT),
    ActKind.SUPPORT: (Role.PERSON,),
    ActKind.DATA_EXPORT: (Role.HANDLER, Role.RECIPIENT),
    ActKind.WEIGHTS_TRANSFER: (Role.EXPORTER, Role.RECIPIENT),
    ActKind.OFFERING: (Role.PROVIDER,),
    ActKind.PROCUREMENT: (Role.PROVIDER, Role.BUYER),
}
"""The roles that an act of a kind always has: in the open world one that is not named is unknown, never absent."""
_WITHOUT_DEPARTURE = (ActKind.REMOTE_ACCESS, ActKind.USE, ActKind.OFFERING, ActKind.SERVICE, ActKind.BUILD)


def chip_facts(chip: Chip, *, own: bool = False) -> dict[str, Fact]:
    """The facts of a chip, each with the table or line that says so; a blank cell is unknown.

    Figures on a low level of verification never decide: they become unknown. A chip that the portfolio
    itself describes (``own``) has the highest of its stated and derived performance, and an unknown one
    where a precision may be left out; that it is not subject to the EAR is not taken from its row where
    its designer is American: its technology is.
    """
    weak = chip.verification.startswith("low")
    unsourced = f"portfolio: chips: {chip.id}" if own else "catalogue"

    def fact(value: Value | None, field: str, *, decides: bool = True) -> Fact:
        origin = f"{chip.name}: {chip.sources.get(field) or chip.sources.get('*') or unsourced}"
        if value is None:
            return Fact(UNKNOWN, f"{chip.name}: not stated")
        return Fact(UNKNOWN, f"{origin} (low verification)") if weak and decides else Fact(value, origin)

    performance = _own_performance(chip) if own else chip.total_processing_performance
    density = performance / chip.die_area_mm2 if performance is not None and chip.die_area_mm2 else None
    subject = fact(chip.subject_to_ear, "subject_to_ear", decides=chip.subject_to_ear is False)
    if own and chip.subject_to_ear is False and chip.designer_headquarters in ("US", None):
        subject = Fact(
            UNKNOWN, f"{chip.name}: stated as not subject to the EAR, designed in the United States or nowhere"
        )
    facts = {
        "item.class": Fact("accelerator", chip.name),
        "item.subject_to_ear": subject,
        "chip.name": Fact(chip.name, unsourced),
        "chip.designer_headquarters": fact(chip.designer_headquarters, "designer_headquarters", decides=False),
        "chip.total_processing_performance": fact(performance, "bf16_tflops"),
        "chip.performance_density": fact(density, "die_area_mm2"),
        "chip.memory_gb_per_s": fact(chip.memory_gb_per_s, "memory_gb_per_s"),
        "chip.interconnect_gb_per_s": fact(chip.interconnect_gb_per_s, "interconnect_gb_per_s"),
        "chip.for_data_centres": fact(
            chip.for_data_centres, "for_data_centres", decides=chip.for_data_centres is False
        ),
        "chip.subject_to_ear": subject,
    }
    return _beside_catalogue(chip, facts) if own else facts


def _beside_catalogue(chip: Chip, facts: dict[str, Fact]) -> dict[str, Fact]:
    """The facts of the user's own row of a chip of the catalogue: what it puts lower, or denies, is unknown."""
    try:
        known = chip_facts(catalogue_chip(chip.id))
    except CatalogueError:
        return facts
    return {name: _unless_milder(fact, known[name]) for name, fact in facts.items()}


def _unless_milder(own: Fact, known: Fact) -> Fact:
    numbers = isinstance(own.value, int | float) and isinstance(known.value, int | float)
    differs = own.value < known.value if numbers else own.value != known.value  # type: ignore[operator]
    if own.value is UNKNOWN or known.value is UNKNOWN or own.origin == known.origin or not differs:
        return own
    return Fact(UNKNOWN, f"contradicted: {own.origin} says {own.value}, {known.origin} says {known.value}")


def _own_performance(chip: Chip) -> float | None:
    """TPP of a chip of the user's own: no lower than any of its figures, and unknown where one may be missing.

    The law takes the highest value over the precisions (Notes to ECCN 3A090): without a stated TPP a chip
    whose 8-bit figure is left out may have more than its 16-bit figure says.
    """
    derived = replace(chip, stated_total_processing_performance=None).total_processing_performance
    stated = chip.stated_total_processing_performance
    if stated is None and (chip.bf16_tflops is None or chip.fp8_tflops is None):
        return None
    return max((figure for figure in (stated, derived) if figure is not None), default=None)


def bodies_asked(kind: ActKind, row: Mapping[str, Plain]) -> tuple[str, ...]:
    """The bodies of law that must speak about a bare act: of its places, and us where items follow it.

    The same table as for the acts of a placement (``rulebook.acts``); a place that is not stated asks nobody,
    and the rules that need it say so.
    """
    site, departure = row.get("site.country"), row.get("departure.country")
    tenant, public = row.get("tenant.headquarters"), row.get("offering.country")
    places: tuple[Plain | None, ...]
    match kind:
        case ActKind.DATA_EXPORT | ActKind.DATA_IMPORT:
            places = (departure or row.get("dataset.origin"),)
        case ActKind.OFFERING | ActKind.PLACING:
            places = (public or site,)
        case ActKind.REMOTE_ACCESS | ActKind.SERVICE:
            places = ("US", site, tenant)
        case ActKind.BUILD | ActKind.IMPORT:
            places = (site,)
        case _:
            places = ("US", departure, site)
    return tuple(dict.fromkeys(body for body in (body_of(str(place)) for place in places if place) if body))


def act_from_row(
    act_id: str,
    kind: ActKind,
    on: date,
    row: Mapping[str, Plain],
    *,
    asked: tuple[str, ...],
    closed: bool,
    origin: str,
) -> Act:
    """The act that a row states: ``chip`` stands for the figures of a chip of the catalogue, other keys are facts."""
    facts: dict[str, Fact] = {}
    if "chip" in row:
        facts |= chip_facts(catalogue_chip(str(row["chip"])))
    facts |= {name: Fact(value, origin) for name, value in row.items() if name != "chip"}
    facts |= _derived(kind, row, origin)
    roles = {name.partition(".")[0] for name in facts} & _ROLES.keys()
    if kind in _WITHOUT_DEPARTURE:
        facts.setdefault("departure.country", Fact(ABSENT, "nothing is moved by this kind of act"))
    if not closed:
        facts |= {
            f"{role.value}.name": Fact(UNKNOWN, f"{origin}: not stated")
            for role in ROLES_OF.get(kind, ())
            if f"{role.value}.name" not in facts
        }
    parties = {_ROLES[role]: str(row.get(f"{role}.name", role)) for role in sorted(roles)}
    return Act(act_id, kind, f"{kind.value} {act_id}", on, facts, asked, parties, closed=closed)


def _derived(kind: ActKind, row: Mapping[str, Plain], origin: str) -> dict[str, Fact]:
    """What follows from the names and places of a row; unknown where the row contradicts itself."""
    stated_use = row.get("workload.military_or_weapons_use") is True
    facts = {"workload.known_weapons_use": Fact(stated_use, origin)}
    if "exporter.name" in row:
        named = addressee_facts([str(row["exporter.name"])], origin)
        facts |= {name: fact for name, fact in named.items() if name not in row}
    elsewhere = kind is not ActKind.EXPORT or row.get("departure.country", "US") != "US"
    if row.get("supply.exported_from_united_states") is True and elsewhere:
        where = f"{origin}: contradicted by the kind of the act, or by the country of departure"
        facts["supply.exported_from_united_states"] = Fact(UNKNOWN, where)
    return facts
