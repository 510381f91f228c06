"""Which sources of the rulebook must be read again, until when does each decide, and who read it last?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lexloci.law.rule import Rulebook, RulebookSource
from lexloci.model.citation import Verification
from lexloci.rulebook.instrument import Instrument

_AUDITED = ("rules", "parameters", "sets", "points")
_CONFIRMED = (Verification.PRIMARY, Verification.QUOTED)


@dataclass(frozen=True, slots=True)
class AuditedSource:
    """A source that grows old: an instrument, a list of parties, a table of the catalogue, an added rulebook.

    ``until`` is the last day on which it decides. ``holds`` names the rules, parameters, sets and contested points that
    rest on it, ``to_confirm`` those of them whose text, or a quotation of it, nobody saw. ``level`` is None where the
    source is no text of law.
    """

    kind: str
    id: str
    title: str
    by: str
    on: date
    where: str
    level: Verification | None
    until: date
    holds: tuple[str, ...] = ()
    to_confirm: tuple[str, ...] = ()

    def is_past(self, known_at: date) -> bool:
        """Whether it is too old to decide for those who know what was known on a day."""
        return known_at > self.until

    @property
    def is_to_be_confirmed(self) -> bool:
        """Whether it is a text of law that nobody saw, nor a quotation of it, or something of it is no better."""
        return bool(self.to_confirm) or not (self.level is None or self.level in _CONFIRMED)


def last_day(on: date, limit_days: int) -> date:
    """The last day on which a source of a day decides; the last of all days where the sum has none."""
    return on + timedelta(days=limit_days) if (date.max - on).days > limit_days else date.max


def audited_law(rulebook: Rulebook, instruments: Sequence[Instrument]) -> tuple[AuditedSource, ...]:
    """Every instrument, and every added rulebook that does not say from which instruments it was written."""
    files = {one.file for one in instruments}
    unaccounted = (
        source for source in rulebook.sources if not any(file.startswith(f"{source.name}/") for file in files)
    )
    return (
        *(_of_instrument(one, rulebook) for one in instruments),
        *(_of_rulebook(source, rulebook) for source in unaccounted),
    )


def in_order(sources: Iterable[AuditedSource]) -> tuple[AuditedSource, ...]:
    """The sources, the one that stops deciding first at the head."""
    return tuple(sorted(sources, key=lambda one: (one.until, one.kind, one.id)))


def _of_instrument(one: Instrument, rulebook: Rulebook) -> AuditedSource:
    limits = {source.name: source.limit_days for source in rulebook.sources}
    limit_days = limits.get(one.file.partition("/")[0], rulebook.limit_days)
    holds = tuple((kind, name) for kind, name in one.held() if kind in _AUDITED)
    to_confirm = (
        name
        for kind, name in holds
        if (rulebook.rule(name).verification if kind == "rules" else one.read.level) not in _CONFIRMED
    )
    return AuditedSource(
        kind="instrument",
        id=one.id,
        title=one.title,
        by=one.read.by,
        on=one.read.on,
        where=one.read.where,
        level=one.read.level,
        until=last_day(one.read.on, limit_days),
        holds=tuple(name for _, name in holds),
        to_confirm=tuple(to_confirm),
    )


def _of_rulebook(source: RulebookSource, rulebook: Rulebook) -> AuditedSource:
    return AuditedSource(
        kind="rulebook",
        id=source.name,
        title=f"rulebook of another package, version {source.version}",
        by="",
        on=source.reviewed,
        where="it has no instruments.yaml, which would say who read what, and where",
        level=None,
        until=last_day(source.reviewed, source.limit_days),
        holds=tuple(rule.id for rule in rulebook.rules if rule.file.startswith(f"{source.name}/")),
    )
