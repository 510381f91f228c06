"""Random columns for the properties of the engines that decide tables of acts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import numpy as np
from law_random import DOMAIN
from law_rulebooks import DAYS, ROLES
from law_support import held

from lexloci.law.coding import Relation
from lexloci.law.columns import OUTCOMES, Coded
from lexloci.law.on_record import NOTHING_ON_RECORD
from lexloci.law.program import program_of
from lexloci.law.rule import FactType
from lexloci.model.fact import ABSENT, UNKNOWN
from lexloci.model.portfolio import Basis
from lexloci.rulebook.book import bundled_rulebook

ODD = ("odd", 3, True, 2.5, date(2030, 1, 1))
RECORDS = (NOTHING_ON_RECORD, held("aa_licence"))
TYPES = {bool: "bool", str: "text"}
VALUES = {**DOMAIN, "site.country": ("BB", "DD"), "reading.aa.point": ("wide", "narrow")}
for _role in ROLES:
    VALUES |= {f"{_role}.listed": (False, True), f"{_role}.headquarters": ("BB", "CC", "DD")}
VOCABULARY = {
    name: FactType(name, TYPES.get(type(values[0]), "number"), "?")
    for name, values in VALUES.items()
    if not name.startswith("reading.")
}


def in_vocabulary(rulebook):
    """A random rulebook with the vocabulary that columns are checked against."""
    return replace(rulebook, vocabulary=VOCABULARY)


def random_column(random: Random, name: str, rows: int):
    """A column of a fact in any of the forms: truth values, numbers of some type, codes of any type, or one value."""
    values = VALUES[name]
    generator = np.random.default_rng(random.getrandbits(32))
    odd = () if name.startswith("reading.") else ODD
    every = (*values, *values, UNKNOWN, ABSENT, *(odd if random.random() < 0.3 else ()))
    if random.random() < 0.15:
        return random.choice(every)
    if isinstance(values[0], bool) and random.random() < 0.5:
        return generator.random(rows) < 0.5
    if VOCABULARY.get(name, FactType(name, "text", "?")).type == "number" and random.random() < 0.7:
        numbers = generator.choice(np.array([-1, 5, 6, 7, 8, 100]), rows)
        if random.random() < 0.3:
            return numbers.astype(random.choice([np.int8, np.int64, np.int32]))
        floats = numbers + generator.choice(np.array([0, 0, 0.5, np.nan]), rows)
        return floats.astype(random.choice([np.float64, np.float64, np.float32]))
    codes = generator.integers(0, len(every), rows)
    return Coded(codes.astype(random.choice([np.uint8, np.uint8, np.int8, np.uint16, np.int64])), every)


def random_columns(random: Random, rows: int):
    """Columns of most facts; a fact of a party is given where its role takes part."""
    given = {name: random_column(random, name, rows) for name in VALUES if random.random() < 0.8}
    roles = [role for role in ROLES if random.random() < 0.5]
    columns = {name: column for name, column in given.items() if name.partition(".")[0] not in {*ROLES} - {*roles}}
    return columns, frozenset(roles)


def random_question(random: Random):
    """What is asked of a table: the clocks, the layer, the bodies, whether it is closed, what is on record."""
    return {
        "known_at": random.choice(DAYS),
        "basis": random.choice(list(Basis)),
        "asked": random.choice([("aa",), ("aa", "bb"), (), ("cc",)]),
        "closed": random.random() < 0.5,
        "on_record": random.choice(RECORDS),
    }


def random_days(random: Random, rows: int):
    """One day for all rows, or a day for each."""
    if random.random() < 0.4:
        return random.choice(DAYS)
    return np.array(random.choices(DAYS, k=rows), "datetime64[D]")


def said(answer, row: int):
    """The outcome, the certain and the possible one of a row."""
    return tuple(OUTCOMES[int(one[row])] for one in (answer.outcome, answer.certain, answer.possible))


def explained(found):
    """The same of an explanation."""
    return found.outcome, found.here.certain, found.here.possible


def rules_that_hold(found):
    """The rules whose conditions hold on the layer of an explanation, signals and notes too."""
    return {one.rule.id for one in found.here.weighed if one.asked.verdict.truth}


def _real_column(random, rulebook, name, values, rows):
    generator = np.random.default_rng(random.getrandbits(32))
    kind = rulebook.vocabulary[name].type if name in rulebook.vocabulary else "text"
    if kind == "bool" and random.random() < 0.5:
        return generator.random(rows) < 0.3
    if kind == "bool":
        return Coded(generator.choice(4, rows, p=[0.5, 0.2, 0.2, 0.1]), (False, True, UNKNOWN, ABSENT))
    if kind == "number":
        numbers = np.array([*(float(value) for value in values), 0.0, 1.0])
        found = generator.choice(np.concatenate((numbers, numbers + 1)), rows)
        return np.where(generator.random(rows) < 0.2, np.nan, found)
    domain = (
        rulebook.vocabulary[name].domain if name in rulebook.vocabulary else tuple(rulebook.points[name[8:]].options)
    )
    known = tuple(dict.fromkeys((*values, *(domain or ("CN", "MY", "US", "ZZ")))))
    return Coded(generator.integers(0, len(known) + 2, rows).astype(np.uint8), (*known, UNKNOWN, ABSENT))


def real_columns(random, kind, rows, share):
    """Columns of a share of the facts that the rules for a kind of act read, with the values that they name."""
    rulebook = bundled_rulebook()
    program = program_of(rulebook, kind, rulebook.reviewed)
    named: dict[str, list[object]] = {name: [] for name in program.names}
    for slot in program.slots:
        if not isinstance(slot, Relation):
            named[slot.name] = [*slot.texts, *slot.cuts]
    chosen = [name for name in named if random.random() < share]
    return {name: _real_column(random, rulebook, name, named[name], rows) for name in chosen}
