"""The command that judges ownership: own."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from lexloci.cli.show import print_json, show
from lexloci.cli.whole_file import whole_file
from lexloci.model.errors import LexlociError
from lexloci.parties.ownership.cascade import Judgement, judge
from lexloci.parties.ownership.graph import PartyId, Register, graph_of, oversubscribed
from lexloci.parties.ownership.parents import ascend
from lexloci.parties.ownership.proof import proof_of
from lexloci.parties.ownership.registers.read import read_register
from lexloci.parties.ownership.rules import RULES
from lexloci.report.ownership_table import ownership_json, ownership_table, ownership_tree, title
from lexloci.report.plain import plain
from lexloci.report.svg_ownership import ownership_svg

MOST_WARNED = 5


def own_file(
    file: str,
    rule: str,
    as_of: date | None,
    listed: tuple[Sequence[str], Sequence[str]],
    party: str | None,
    svg: Path | None,
    as_json: bool,
) -> bool:
    """Print who is caught; whether the party that was asked about is clear, where one was.

    ``listed`` are further seeds and possible seeds. Raises LexlociError.
    """
    if svg is not None and party is None:
        raise LexlociError("--svg draws the owners of one party; name it with --party ID")
    began = time.perf_counter()
    register = read_register(file)
    if register.is_dated and as_of is None:
        raise LexlociError(f"{file}: holdings begin or end on days; say which day is judged with --as-of YYYY-MM-DD")
    _add_seeds(register, listed, file)
    graph = graph_of(register, as_of)
    register.warnings += [
        f"the shares in {one} make {total:.10g} %: the register errs"
        for one, total in oversubscribed(graph)[:MOST_WARNED]
    ]
    read = time.perf_counter()
    judgement = judge(
        graph, register.seeds, RULES[rule], as_of, possible_seeds=register.possible_seeds, notes=register.notes
    )
    judged = time.perf_counter()
    asked = _known(judgement, party, file) if party is not None else None
    _tell(register, judgement, read - began, judged - read)
    _print(judgement, register, as_of, asked, as_json)
    if svg is not None and asked is not None:
        with whole_file(svg) as paper:
            paper.write(ownership_svg(judgement, register, asked))
    return asked is None or proof_of(judgement, asked).answer == "clear"


def _add_seeds(register: Register, listed: tuple[Sequence[str], Sequence[str]], file: str) -> None:
    """Seeds of the command stand beside those of the file; one that the file does not know is a mistake of writing."""
    for names, seeds in zip(listed, (register.seeds, register.possible_seeds), strict=True):
        for name in names:
            seed = _id_of(register.index, name)
            if seed is None:
                raise LexlociError(f"{file}: {name} holds nothing and is held by nobody in it; check the id")
            seeds.append(seed)
    strangers = [one for one in (*register.seeds, *register.possible_seeds) if one not in register.index]
    words = f"is listed, holds nothing and is held by nobody in {file}: check the id"
    register.warnings += [f"{one} {words}" for one in strangers[:MOST_WARNED]]
    for seed in strangers:
        register.party(seed)
    if not register.seeds and not register.possible_seeds and not register.says_nobody_is_listed:
        raise LexlociError(f'{file}: names nobody who is listed; add "seeds" to it, or --seed ID')


def _known(judgement: Judgement, party: str, file: str) -> PartyId:
    known = _id_of(judgement.graph.index, party)
    if known is None:
        raise LexlociError(f"{file}: {party} holds nothing and is held by nobody in it; check the id")
    return known


def _id_of(index: Mapping[PartyId, int], name: str) -> PartyId | None:
    """The id that is written so on the command line: that text, else that number; None where there is neither."""
    if name in index:
        return name
    number = int(name) if re.fullmatch(r"-?[0-9]{1,1000}", name) else None
    return number if number in index else None


def _tell(register: Register, judgement: Judgement, read_s: float, judged_s: float) -> None:
    for warning in register.warnings:
        sys.stderr.write(f"{plain(warning)}\n")
    graph = judgement.graph
    sys.stderr.write(
        f"{len(graph.ids):,} parties, {len(graph.owner):,} holdings; "
        f"read in {read_s:.2f} s, judged in {judged_s:.4f} s\n"
    )


def _print(judgement: Judgement, register: Register, as_of: date | None, party: PartyId | None, as_json: bool) -> None:
    if as_json:
        print_json(ownership_json(judgement, register, as_of, party))
    elif party is None:
        show(ownership_table(judgement, register, as_of))
    else:
        sys.stdout.write(f"{title(judgement, as_of)}\n")
        show(ownership_tree(judgement, register, party))
        way = ascend(judgement.graph, party)
        end = f"; open: {way.open_point}" if way.open_point else ""
        homes = (register.notes[one].headquarters if one in register.notes else None for one in (party, way.path[-1]))
        here, above = (home or "not stated" for home in homes)
        sys.stdout.write(plain(f"ultimate parent: {' > '.join(map(str, way.path))}{end}") + "\n")
        sys.stdout.write(
            plain(f"headquarters: {here}; of the ultimate parent: {above if way.is_certain else 'open'}") + "\n"
        )
