"""Reads a scenario file, or tells every mistake in it at once, by line and field, with the mend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from lexloci.case.entry import Entry, EntryReader, built
from lexloci.case.input_file import file_label, read_text
from lexloci.case.wording import FieldPath, nearest, shown
from lexloci.case.yaml_source import scan
from lexloci.law.rule import Rulebook
from lexloci.model.errors import InputError
from lexloci.model.portfolio import Portfolio
from lexloci.plan.records import LISTINGS
from lexloci.scenario.event import EventKind, Scenario

Note = tuple[FieldPath, str, str]
FORMAT_KEY = "lexloci_scenario"
FORMAT_VERSION = 1


def read_scenario(
    path: str | Path, portfolio: Portfolio, rulebook: Rulebook, bills: Sequence[str], *, text: str | None = None
) -> Scenario:
    """The scenario in a YAML or JSON file for a portfolio and a rulebook; InputError with every mistake at once.

    ``bills`` are the ids of the bills and drafts that the rulebook can suppose.
    """
    file = file_label(path)
    source, mistakes = scan(read_text(path) if text is None else text, file)
    if not isinstance(source.data, dict):
        raise InputError([*mistakes, source.mistake((), "is no scenario", f"begin with `{FORMAT_KEY}: 1`")])
    reader = EntryReader(source)
    version: Any = source.data.get(FORMAT_KEY)
    if type(version) is not int or version != FORMAT_VERSION:
        mend = f"write `{FORMAT_KEY}: {FORMAT_VERSION}` on the first line"
        reader.note((FORMAT_KEY,), "is no version of the format that is read here", mend)
    entry = reader.read({key: value for key, value in source.data.items() if key != FORMAT_KEY}, Scenario, ())
    for note in (*_events(entry, portfolio, rulebook, bills), *_correlations(entry), *_offers(entry, portfolio)):
        reader.note(*note)
    if mistakes or reader.mistakes:
        raise InputError([*mistakes, *reader.mistakes])
    return built(entry, Scenario)


def _events(entry: Entry, portfolio: Portfolio, rulebook: Rulebook, bills: Sequence[str]) -> Iterator[Note]:
    seen: set[str] = set()
    known = _known(portfolio, rulebook, bills)
    for event in entry.entries("events"):
        name, kind, thing = event["id"], event["kind"], event["thing"]
        if name in seen:
            yield (*event.path, "id"), f"{shown(name)} is the id of an event before it", "give each its own"
        for given in event.entries("given"):
            if given["event"] is not None and given["event"] not in seen:
                yield (*given.path, "event"), f"{shown(given['event'])} is no event before it", "put that one first"
        seen.add(name)
        yield from _days(event, portfolio)
        if kind is None or thing is None:
            continue
        things, noun = known[kind]
        if thing not in things:
            near = nearest(thing, things)
            mend = f"did you mean {near}?" if near else f"name {noun}"
            yield (*event.path, "thing"), f"{shown(thing)} is no {noun.partition(' ')[2]}", mend
        yield from _further(event, kind)


def _known(
    portfolio: Portfolio, rulebook: Rulebook, bills: Sequence[str]
) -> dict[EventKind, tuple[Sequence[str], str]]:
    """For each kind of event, what it may happen to, and what that is called."""
    rules = [rule.id for rule in rulebook.rules]
    return {
        EventKind.BILL_PASSES: (bills, "a bill of the rulebook"),
        EventKind.RULE_BEGINS: (rules, "a rule of the rulebook"),
        EventKind.RULE_ENDS: (rules, "a rule of the rulebook"),
        EventKind.RULE_STAYED: (rules, "a rule of the rulebook"),
        EventKind.PARTY_LISTED: ([*portfolio.party_by_id], "a party of the portfolio"),
        EventKind.LICENCE_LOST: ([one.id for one in portfolio.authorisations], "an authorisation of the portfolio"),
        EventKind.READING_FALLS: ([one.point for one in portfolio.readings], "a contested point that was read"),
        EventKind.SITE_LOST: ([*portfolio.site_by_id], "a site of the portfolio"),
        EventKind.POOL_LATE: ([*portfolio.pool_by_id], "a pool of the portfolio"),
        EventKind.PRICE_MOVES: ([*portfolio.pool_by_id], "a pool of the portfolio"),
    }


def _further(event: Entry, kind: EventKind) -> Iterator[Note]:
    """The fields that a kind needs beside the thing."""
    needed = {
        EventKind.SITE_LOST: ("days", "state for how many days"),
        EventKind.POOL_LATE: ("days", "state by how many days"),
        EventKind.PRICE_MOVES: ("factor", "state what the price is multiplied with"),
        EventKind.PARTY_LISTED: ("list", f"state one of: {', '.join(LISTINGS)}"),
    }
    field, mend = needed.get(kind, ("", ""))
    if field and event[field] is None and field not in event.stated:
        yield (*event.path, field), f"is missing: an event of the kind {kind.value} needs it", mend
    if kind is EventKind.PARTY_LISTED and event["list"] is not None and event["list"] not in LISTINGS:
        yield (*event.path, "list"), f"{shown(event['list'])} is no list", mend


def _days(event: Entry, portfolio: Portfolio) -> Iterator[Note]:
    """The days of an event lie within the plan."""
    days = event["on"]
    if days is not None and not days:
        yield (*event.path, "on"), "names no day", "write one day or several: [2026-03-01]"
    for place, day in enumerate(days or ()):
        if day is not None and not portfolio.as_of < day < portfolio.horizon_until:
            message = f"{day} lies outside the days of the plan, after {portfolio.as_of} and before "
            mend = "name a day between, or move as_of or horizon_until of the portfolio"
            yield (*event.path, "on", place), f"{message}{portfolio.horizon_until}", mend


def _correlations(entry: Entry) -> Iterator[Note]:
    names = {event["id"] for event in entry.entries("events")}
    pairs: set[frozenset[str]] = set()
    for one in entry.entries("correlations"):
        ends = one["between"]
        if ends is None or None in ends:
            continue
        for place, name in enumerate(ends):
            if name not in names:
                near = nearest(name, [known for known in names if known])
                yield (
                    (*one.path, "between", place),
                    f"{shown(name)} is no event",
                    f"did you mean {near}?" if near else "",
                )
        if len(set(ends)) != 2 or frozenset(ends) in pairs:
            yield (*one.path, "between"), "names one event twice, or a pair that stands before", "name two events, once"
        pairs.add(frozenset(ends))


def _offers(entry: Entry, portfolio: Portfolio) -> Iterator[Note]:
    seen: set[str] = set()
    for offer in entry.entries("offers"):
        if offer["id"] in (*seen, "none", "wait"):
            yield (
                (*offer.path, "id"),
                f"{shown(offer['id'])} is taken",
                "give each its own; none and wait are words here",
            )
        seen.add(offer["id"])
        for place, name in enumerate(offer["pools"] or ()):
            if name is not None and name not in portfolio.pool_by_id:
                near = nearest(name, portfolio.pool_by_id)
                mend = f"did you mean {near}?" if near else "add it under `pools` of the portfolio"
                yield (*offer.path, "pools", place), f"{shown(name)} is no pool of the portfolio", mend
        if offer["usd_later"] is not None and entry["decide_by"] is None:
            yield (*offer.path, "usd_later"), "needs a last day to sign", "state decide_by"
    day = entry["decide_by"]
    if day is not None and not portfolio.as_of < day < portfolio.horizon_until:
        yield ("decide_by",), f"{day} lies outside the days of the plan", "name a day between as_of and horizon_until"
