"""Noise never makes a match likelier than the exact name, and what is not known of a party never clears it."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lexloci.parties.compare import scored
from lexloci.parties.engine import Index
from lexloci.parties.folding import readings
from lexloci.parties.lists import listed_parties
from lexloci.parties.scorer import probability
from lexloci.parties.screening import NOT_SCREENED, candidates
from name_perturbations import EXTRA, SAME, dropped_word

PARTIES = listed_parties()
NAMED = [(place, name) for place, party in enumerate(PARTIES) for name in party.names if readings(name)]
LISTED = frozenset(" ".join(readings(name)[:1]) for _, name in NAMED)
ORGANISATIONS = [party for party in PARTIES if party.kind not in NOT_SCREENED]
NOISE = ("typo", "two typos", "extra words", "dropped word", "spacing")


def chance(index: Index, name: str, place: int) -> float:
    """The probability that a name is the party's at a place.

    Names of one party are each sure by themselves, one at 0.9999996 and one at 0.9999997: no noise, and within 1e-5.
    """
    found = scored(index, [name])
    mine = np.flatnonzero(found.parties == place)
    return float(probability(found.logits[mine[:1]])[0]) if len(mine) else 0.0


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(NAMED), st.lists(st.sampled_from(NOISE), min_size=1, max_size=3), st.integers(0, 2**32))
def test_noise_never_raises_the_probability_of_an_exact_name(
    index: Index, named: tuple[int, str], kinds: list[str], seed: int
) -> None:
    place, name = named
    noisy, rng = name, random.Random(seed)
    for kind in kinds:
        noisy = SAME[kind](noisy, rng) or noisy
    assume(noisy != name and readings(noisy))
    assume(readings(noisy)[0] not in LISTED)  # what is a listed name itself is no noise
    assert chance(index, noisy, place) <= chance(index, name, place) + 1e-5


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(NAMED), st.sampled_from(EXTRA), st.integers(0, 2**32))
def test_the_exact_name_is_the_likeliest_of_its_spellings(
    index: Index, named: tuple[int, str], word: str, seed: int
) -> None:
    place, name = named
    spellings = [f"{name} {word}", f"{word} {name}", dropped_word(name, random.Random(seed)) or f"{word} {word} {name}"]
    exact = chance(index, name, place)
    for spelling in spellings:
        if readings(spelling)[0] not in LISTED:
            assert chance(index, spelling, place) <= exact + 1e-5


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(ORGANISATIONS),
    st.sampled_from(["exact", *NOISE]),
    st.sampled_from(["CN", "US", "SG", "RU", "MY", "HK"]),
    st.data(),
)
def test_an_unknown_country_is_never_milder_than_a_known_one(
    party: object, kind: str, country: str, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(party.names))  # type: ignore[attr-defined]
    if kind != "exact":
        name = SAME[kind](name, random.Random(data.draw(st.integers(0, 2**32)))) or name
    unknown = candidates(name, country=None, limit=None)
    known = candidates(name, country=country, limit=None)
    assert {id(one.entry) for one in unknown} == {id(one.entry) for one in known}
    assert {id(one.entry) for one in unknown if one.is_confirmed} >= {
        id(one.entry) for one in known if one.is_confirmed
    }
