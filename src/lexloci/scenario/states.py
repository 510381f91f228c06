"""In which state are the law, the lists and the records on a day? Two days in one state have one answer.

Each function gives the days on which a part of the state changes, or the state itself, as known by a day.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Mapping
from datetime import date
from typing import Any

from lexloci.catalogue import table
from lexloci.law.calendar_days import days_too_old
from lexloci.law.names_read import dated_names
from lexloci.law.rule import Rule, Rulebook, Timeline
from lexloci.law.standing import standing_at, turn_at
from lexloci.model.act import ActKind
from lexloci.model.determination import SourceAge
from lexloci.model.portfolio import Basis, Portfolio
from lexloci.parties.facts import listing_days
from lexloci.parties.lists import lists

_CHIPS_TABLE = "chips"


def standings(
    rulebook: Rulebook, kinds: frozenset[ActKind], on: date, known_at: date, *, words_matter: bool = True
) -> Hashable:
    """The turn of each rule for some kinds of acts, and the version of each dated name, on a day as known by a day."""
    kept: dict[Hashable, Hashable] = rulebook.kept.setdefault("scenario.standings", {})
    days = law_dates(rulebook)
    key = (kinds, bisect_right(days, on), bisect_right(days, known_at), words_matter)
    found = kept.get(key)
    if found is None:
        rules, names = _asked_about(rulebook, kinds)
        say = turn_at if words_matter else standing_at
        turns = tuple((rule.id, *(say(rule, on, known_at, layer) for layer in Basis)) for rule in rules)
        versions = [(name, line.at(on, known_at)) for name, line in names.items()]
        since = tuple((name, version.since if version else None) for name, version in versions)
        found = kept[key] = (turns, since)
    return found


def _asked_about(rulebook: Rulebook, kinds: frozenset[ActKind]) -> tuple[tuple[Rule, ...], Mapping[str, Timeline[Any]]]:
    """The rules for some kinds of acts, and the dated names that they read."""
    kept: dict[frozenset[ActKind], Any] = rulebook.kept.setdefault("scenario.rules", {})
    if kinds not in kept:
        rules = tuple(rule for rule in rulebook.rules if not kinds.isdisjoint(rule.acts))
        kept[kinds] = rules, {name: line for rule in rules for name, line in dated_names(rulebook, rule).items()}
    found: tuple[tuple[Rule, ...], Mapping[str, Timeline[Any]]] = kept[kinds]
    return found


def law_dates(rulebook: Rulebook) -> tuple[date, ...]:
    """Every day on which a turn or a version of the rulebook begins or is published, in order."""
    found: tuple[date, ...] | None = rulebook.kept.get("scenario.dates")
    if found is None:
        days = {day for rule in rulebook.rules for turn in rule.turns for day in (turn.on, turn.published)}
        for timelines in (rulebook.definitions, rulebook.parameters, rulebook.sets):
            days |= {
                day
                for line in timelines.values()
                for version in line.versions
                for day in (version.since, version.published)
            }
        found = rulebook.kept["scenario.dates"] = tuple(sorted(days))
    return found


def listing_dates(portfolio: Portfolio) -> tuple[date, ...]:
    """Every day on which what lists or shares say of a party may change, and the days of the lists, in order."""
    days = {day for party in portfolio.parties for day in listing_days(party) | party.stake_days}
    return tuple(sorted(days | {which.dated for which in lists()}))


def record_dates(portfolio: Portfolio) -> tuple[date, ...]:
    """Every day on which something on record begins or ends to count, in order."""
    days: set[date | None] = set()
    days |= {day for reading in portfolio.readings for day in (reading.on, reading.until)}
    days |= {day for attestation in portfolio.attestations for day in (attestation.on, attestation.until)}
    days |= {day for held in portfolio.authorisations for day in (held.granted, held.until)}
    days |= {record.on for party in portfolio.parties for record in party.not_subject_to}
    return tuple(sorted(day for day in days if day is not None))


def too_old_days(rulebook: Rulebook) -> tuple[date, ...]:
    """The first day on which each list, the table of chips and each rulebook is past its limit of age, in order."""
    chips = table(_CHIPS_TABLE)
    sources = [which.age_at(which.dated) for which in lists()]
    sources.append(SourceAge.at(chips.dated, chips.title, chips.dated, chips.limit_days))
    sources.append(SourceAge.at(rulebook.reviewed, rulebook.version, rulebook.reviewed, rulebook.limit_days))
    sources += [SourceAge.at(one.reviewed, one.name, one.reviewed, one.limit_days) for one in rulebook.sources]
    return tuple(sorted(set(days_too_old(sources))))
