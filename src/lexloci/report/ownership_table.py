"""Who is caught by a rule on ownership: a table, the tree of one party, JSON (docs/how-to/find-who-owns.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lexloci.parties.ownership.cascade import CAUGHT, CLEAR, REVIEW, Judgement
from lexloci.parties.ownership.graph import PartyId, Register
from lexloci.parties.ownership.proof import Proof, Support, governing, needed, proof_of, share_text, sum_text
from lexloci.report.plain import plain

if TYPE_CHECKING:
    from rich.table import Table
    from rich.tree import Tree

MOST_ROWS: Final = 200
MOST_LEVELS: Final = 12


def ownership_json(
    judgement: Judgement, register: Register, as_of: date | None, party: PartyId | None
) -> dict[str, Any]:
    """The parties by answer, the rule, and the proofs: of one party and all it leans on, or of all that have one.

    A party that is clear because nobody listed can hold a share of it has no proof, for there is nothing to show.
    """
    has_proof = judgement.answer != CLEAR
    has_proof[judgement.possible.held_parties()] = True
    places = np.flatnonzero(has_proof)
    ids = [judgement.graph.ids[place] for place in places.tolist()]
    proofs = needed(judgement, party) if party is not None else (proof_of(judgement, one) for one in ids)
    return {
        "caught": judgement.parties(CAUGHT),
        "clear": judgement.parties(CLEAR),
        "review": judgement.parties(REVIEW),
        "seeds": _ids(judgement, judgement.seeds),
        "possible_seeds": _ids(judgement, judgement.possible_seeds),
        "as_of": as_of.isoformat() if as_of else None,
        "rule": _rule_json(judgement),
        "proofs": {str(proof.party): _proof_json(judgement, proof, register) for proof in proofs},
        "warnings": list(register.warnings),
    }


def _ids(judgement: Judgement, places: np.ndarray[Any, Any]) -> list[PartyId]:
    return [judgement.graph.ids[place] for place in places.tolist()]


def _rule_json(judgement: Judgement) -> dict[str, Any]:
    rule, turn = judgement.rule, judgement.turn
    return {
        "id": rule.id,
        "title": rule.title,
        "asks": turn.asks,
        "standing": turn.standing.value,
        "since": turn.on.isoformat(),
        "citation": turn.citation,
        "level": turn.level,
    }


def _proof_json(judgement: Judgement, proof: Proof, register: Register) -> dict[str, Any]:
    found: dict[str, Any] = {
        "answer": proof.answer,
        "by_shares": proof.by_shares,
        "listed": proof.is_listed,
        "held_percent": [proof.least_percent, proof.most_percent],
        "unstated_percent": proof.unstated_percent,
        "holdings": [_support_json(support, register) for support in proof.supports],
    }
    if proof.by_shares == "review":
        found["settled_by"] = {
            "shares": [[support.owner, proof.party] for support in proof.open_shares],
            "owners": list(proof.open_owners),
        }
    if judgement.rule.owner_terms_govern and proof.by_shares == "caught":
        owner, policy = governing(judgement, proof.party, register.notes)
        found["governed_by"] = {"owner": owner, "licence_policy": policy}
    if proof.note:
        found["note"] = proof.note
    return found


def _support_json(support: Support, register: Register) -> dict[str, Any]:
    found: dict[str, Any] = {
        "owner": support.owner,
        "share_percent": [support.least_percent, support.most_percent],
        "owner_is": support.owner_is,
    }
    if support.is_control:
        found["control"] = True
    if support.place in register.source:
        found["source"] = register.source[support.place]
    return found


def ownership_table(judgement: Judgement, register: Register, as_of: date | None) -> Table:
    """The listed, caught and open parties with their sums; the clear ones are counted."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=Text(title(judgement, as_of)), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, highlight=False
    )
    for column in ("party", "answer", "held by the listed and caught"):
        table.add_column(column, overflow="fold")
    table.add_column("by", overflow="fold", ratio=1)
    shown = [*judgement.parties(CAUGHT), *judgement.parties(REVIEW)]
    for party in shown[:MOST_ROWS]:
        proof = proof_of(judgement, party)
        sums = "" if proof.is_listed else sum_text(proof)
        by = "listed" if proof.is_listed else proof.note or " + ".join(_names(proof.supports, register.notes))
        table.add_row(*(Text(plain(text)) for text in (_name(party, register.notes), proof.answer, sums, by)))
    rest = len(shown) - MOST_ROWS
    more = f"{rest} more: --json lists them; " if rest > 0 else ""
    table.caption = Text(
        f"{more}clear: {len(judgement.parties(CLEAR))}; shares that nobody states count as held by nobody listed"
    )
    table.caption_justify = "left"
    return table


def title(judgement: Judgement, as_of: date | None) -> str:
    """The rule that was asked, the day, and how it stands on it."""
    turn = judgement.turn
    day = f"as of {as_of}: {turn.standing.value}" if as_of else "no day given: as last in force"
    return f"{judgement.rule.title} ({turn.asks}), {day}; {turn.citation}"


def _name(party: PartyId, notes: Mapping[PartyId, Any]) -> str:
    note = notes.get(party)
    return f"{party} ({note.name})" if note is not None and note.name and note.name != party else str(party)


def _names(supports: Iterable[Support], notes: Mapping[PartyId, Any]) -> list[str]:
    return [f"{_name(one.owner, notes)} {share_text(one)}" for one in supports]


def ownership_tree(judgement: Judgement, register: Register, party: PartyId) -> Tree:
    """The proof of one party, each owner beneath what it holds; an owner that stood before is not told twice."""
    from rich.text import Text
    from rich.tree import Tree

    told: set[PartyId] = set()

    def branch(current: PartyId, words: str, level: int) -> Tree:
        proof = proof_of(judgement, current)
        tree = Tree(Text(plain(f"{words}{_name(current, register.notes)}: {_answer(proof)}")))
        if current in told or level > MOST_LEVELS:
            if proof.supports:
                tree.add(Text("as above" if current in told else "more: --json"))
            return tree
        told.add(current)
        for support in proof.supports:
            tree.add(branch(support.owner, f"{share_text(support)} held by ", level + 1))
        return tree

    return branch(party, "", 0)


def _answer(proof: Proof) -> str:
    if proof.is_listed:
        return "listed"
    words = f"{proof.answer}, {sum_text(proof)}" if proof.supports else f"{proof.answer}, nobody listed holds a share"
    unstated = f", {proof.unstated_percent:.10g} % held by nobody stated" if proof.unstated_percent else ""
    settle = [f"share of {one.owner}" for one in proof.open_shares] + [f"answer for {one}" for one in proof.open_owners]
    asked = f"; would settle it: {', '.join(settle)}" if settle else ""
    note = f"; {proof.note}" if proof.note else ""
    return f"{words}{unstated}{asked}{note}"
