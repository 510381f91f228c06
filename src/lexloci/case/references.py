"""Checks of names: every id is its own, and every reference names something that exists."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from lexloci.case import known
from lexloci.case.entry import Entry, noun
from lexloci.case.fields import fields_of
from lexloci.case.wording import FieldPath, nearest, shown

Note = tuple[FieldPath, str, str]

NAMED = ("parties", "sites", "pools", "datasets", "models", "workloads")


@dataclass(frozen=True, slots=True)
class Reference:
    """A field that names other things: where it stands, and the sections in which the name is looked up."""

    section: str
    field: str
    targets: tuple[str, ...]
    inner: str = ""


REFERENCES = (
    Reference("parties", "ultimate_parent", ("parties",)),
    Reference("parties", "owner", ("parties",), inner="owners"),
    Reference("sites", "operator", ("parties",)),
    Reference("sites", "owner", ("parties",)),
    Reference("pools", "site", ("sites",)),
    Reference("pools", "holder", ("parties",)),
    Reference("pools", "users", ("parties",)),
    Reference("pools", "supplier", ("parties",)),
    Reference("datasets", "handler", ("parties",)),
    Reference("datasets", "located_at", ("sites",)),
    Reference("models", "located_at", ("sites",)),
    Reference("workloads", "party", ("parties",)),
    Reference("workloads", "model", ("models",)),
    Reference("workloads", "datasets", ("datasets",)),
    Reference("workloads", "to_site", ("sites",)),
    Reference("workloads", "after", ("workloads",)),
    Reference("readings", "parties", ("parties",)),
    Reference("attestations", "about", NAMED),
    Reference("authorisations", "holder", ("parties",)),
    Reference("authorisations", "covers", NAMED),
)


def ids_of(portfolio: Entry, *sections: str) -> dict[str, Entry]:
    """The things of some sections by id; the first of an id that stands twice."""
    things: dict[str, Entry] = {}
    for section in sections:
        for entry in portfolio.entries(section):
            if entry["id"] is not None:
                things.setdefault(entry["id"], entry)
    return things


def check_ids_are_words(portfolio: Entry) -> Iterator[Note]:
    """An id is one word, so that it can be written in a command, a file name and an address."""
    for section in (*NAMED, "chips"):
        for entry in portfolio.entries(section):
            name = entry["id"]
            if name is not None and (not name.isprintable() or any(sign.isspace() or sign in "/\\" for sign in name)):
                mend = (
                    'write it as one word, such as "'
                    + "-".join(name.replace("/", " ").replace("\\", " ").split())
                    + '"'
                )
                yield (*entry.path, "id"), f"{shown(name)} holds a space, a slash or a sign that does not show", mend


def check_ids_are_unique(portfolio: Entry) -> Iterator[Note]:
    """No two things of the file share an id; chips and authorisations have ids of their own."""
    for sections in (NAMED, ("chips",), ("authorisations",)):
        first: dict[str, Entry] = {}
        for section in sections:
            for entry in portfolio.entries(section):
                name = entry["id"]
                if name is None:
                    continue
                if name in first:
                    other = first[name]
                    message = (
                        f"{shown(name)} is already the id of a {noun(other.thing)}, {other.path[0]}[{other.path[1]}]"
                    )
                    yield (*entry.path, "id"), message, "give each its own"
                first.setdefault(name, entry)


def check_references_exist(portfolio: Entry) -> Iterator[Note]:
    """Every id that is named belongs to something in the file, and no list names it twice."""
    for reference in REFERENCES:
        targets = ids_of(portfolio, *reference.targets)
        for entry in portfolio.entries(reference.section):
            for holder in entry.entries(reference.inner) if reference.inner else [entry]:
                yield from _check_named(holder, reference, targets)


def _check_named(holder: Entry, reference: Reference, targets: Collection[str]) -> Iterator[Note]:
    value = holder[reference.field]
    path = (*holder.path, reference.field)
    if not isinstance(value, (list, tuple)):
        if value is not None and value not in targets:
            yield _unknown(path, value, reference.targets, targets)
        return
    seen = set()
    for index, name in enumerate(value):
        if name is None:
            continue
        if name in seen:
            yield (*path, index), f"{shown(name)} stands twice in the list", "delete one of them"
        elif name not in targets:
            yield _unknown((*path, index), name, reference.targets, targets)
        seen.add(name)


def _unknown(path: FieldPath, name: str, sections: tuple[str, ...], targets: Collection[str]) -> Note:
    where = f"`{sections[0]}`" if len(sections) == 1 else "the file"
    return path, f"{shown(name)} is no id in {where}", _mend(name, targets, sections)


def _mend(name: str, targets: Collection[str], sections: tuple[str, ...]) -> str:
    near = nearest(name, targets)
    if near:
        return f"did you mean {near}?"
    return f"add it under `{sections[0]}`" if len(sections) == 1 else "name a thing of the file by its id"


def check_chips_are_known(portfolio: Entry) -> Iterator[Note]:
    """The chip of every pool is in the catalogue or under `chips`."""
    own = ids_of(portfolio, "chips")
    for pool in portfolio.entries("pools"):
        chip = pool["chip"]
        if chip is None or chip in own or chip in known.chip_ids():
            continue
        near = nearest(chip, [*own, *known.chip_ids()])
        mend = f"did you mean {near}?" if near else "describe it under `chips`"
        yield (*pool.path, "chip"), f"{shown(chip)} is no chip of the catalogue or of `chips`", mend


def check_link_ends(portfolio: Entry) -> Iterator[Note]:
    """A link joins two sites, or a site and a region of users, and stands once."""
    sites = ids_of(portfolio, "sites")
    regions = {demand["region"] for job in portfolio.entries("workloads") for demand in job.entries("demand")}
    first: dict[frozenset[str], FieldPath] = {}
    for link in portfolio.entries("links"):
        ends = link["between"]
        path = (*link.path, "between")
        if ends is None or len(ends) != 2 or None in ends:
            continue
        unknown = [place for place in (0, 1) if ends[place] not in sites and ends[place] not in regions]
        for place in unknown:
            near = nearest(ends[place], [*sites, *(region for region in regions if region)])
            mend = f"did you mean {near}?" if near else "add it under `sites`"
            yield (*path, place), f"{shown(ends[place])} is no site and no region of a demand", mend
        if unknown:
            continue
        if ends[0] == ends[1] or not (ends[0] in sites or ends[1] in sites):
            yield path, "joins no site to another place", "name two sites, or a site and a region"
        pair = frozenset(ends)
        if pair in first:
            yield path, f"stands already at {first[pair][0]}[{first[pair][1]}]", "delete one of them"
        first.setdefault(pair, link.path)


def check_regions_are_no_sites(portfolio: Entry) -> Iterator[Note]:
    """The name of a region of users is not the id of a site: a link could not tell them apart."""
    sites = ids_of(portfolio, "sites")
    for job in portfolio.entries("workloads"):
        for demand in job.entries("demand"):
            if demand["region"] in sites:
                yield (
                    (*demand.path, "region"),
                    f"{shown(demand['region'])} is the id of a site",
                    "name the region otherwise",
                )


def check_source_keys(portfolio: Entry) -> Iterator[Note]:
    """The keys of `sources` of a thing are its fields, or `*`."""
    for section, spec in fields_of(portfolio.thing).items():
        if spec.kind.item is None:
            continue
        for entry in portfolio.entries(section):
            stated: dict[str, Any] = entry.values.get("sources") or {}
            for key in stated:
                if key != "*" and key.split(".")[0] not in fields_of(entry.thing):
                    near = nearest(key, fields_of(entry.thing))
                    mend = f"did you mean {near}?" if near else "name a field, or * for all"
                    yield (*entry.path, "sources", key), f"is no field of a {noun(entry.thing)}", mend
