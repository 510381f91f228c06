"""The owners of one party as a picture: the party beneath, owners above it, each line with its share."""

from __future__ import annotations

from typing import Final

from lexloci.model.errors import LexlociError
from lexloci.model.outcome import Outcome
from lexloci.parties.ownership.cascade import Judgement
from lexloci.parties.ownership.graph import PartyId, Register
from lexloci.parties.ownership.proof import Proof, needed, share_text, sum_text
from lexloci.report.outcome_style import ACCENT, FAINT_INK, INK, PAPER, style_of
from lexloci.report.plain import escape, shortened

_BOX_PX: Final = (190.0, 52.0)
_GAP_PX: Final = (26.0, 74.0)
_MARGIN_PX: Final = 24.0
_TOP_PX: Final = 58.0
_MOST_BOXES: Final = 120
_LOOK: Final = {"clear": Outcome.PERMITTED, "review": Outcome.HUMAN_REVIEW, "caught": Outcome.PROHIBITED}


def ownership_svg(judgement: Judgement, register: Register, party: PartyId) -> str:
    """The tree of owners that count for one party, as an SVG document; LexlociError where it has too many boxes."""
    proofs = {proof.party: proof for proof in needed(judgement, party)}
    if len(proofs) > _MOST_BOXES:
        raise LexlociError(f"{party}: {len(proofs)} owners make no picture; take --json, or a party nearer to them")
    places, width, height = _layout(proofs, party)
    lines = "".join(_line(places, proof) for proof in proofs.values())
    boxes = "".join(_box(places[proof.party], proof, register) for proof in proofs.values())
    words = f"{judgement.rule.title}: {judgement.turn.asks} ({judgement.turn.standing.value})"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="img" aria-labelledby="own-title" font-family="system-ui, sans-serif">'
        f'<title id="own-title">Owners of {escape(str(party))}</title>'
        f'<rect width="{width:g}" height="{height:g}" fill="{PAPER}"/>'
        f'<text x="{_MARGIN_PX:g}" y="24" font-size="15" font-weight="600" fill="{INK}">Owners of '
        f"{escape(shortened(str(party), 15, 400))}</text>"
        f'<text x="{_MARGIN_PX:g}" y="42" font-size="12" fill="{FAINT_INK}">{escape(words)}</text>'
        f"{lines}{boxes}</svg>"
    )


def _layout(proofs: dict[PartyId, Proof], party: PartyId) -> tuple[dict[PartyId, tuple[float, float]], float, float]:
    """The middle of each box, rows by the number of holdings between it and the party; width and height."""
    level = {party: 0}
    front = [party]
    while front:
        current = front.pop(0)
        for support in proofs[current].supports:
            if support.owner not in level:
                level[support.owner] = level[current] + 1
                front.append(support.owner)
    rows: dict[int, list[PartyId]] = {}
    for one, row in level.items():
        rows.setdefault(row, []).append(one)
    step_x, step_y = _BOX_PX[0] + _GAP_PX[0], _BOX_PX[1] + _GAP_PX[1]
    widest, deepest = max(map(len, rows.values())), max(rows)
    width = max(widest * step_x - _GAP_PX[0] + 2 * _MARGIN_PX, 560.0)
    height = _TOP_PX + (deepest + 1) * step_y - _GAP_PX[1] + _MARGIN_PX
    places = {
        one: (
            width / 2 + (place - (len(row) - 1) / 2) * step_x,
            _TOP_PX + (deepest - number) * step_y + _BOX_PX[1] / 2,
        )
        for number, row in rows.items()
        for place, one in enumerate(row)
    }
    return places, width, height


def _line(places: dict[PartyId, tuple[float, float]], proof: Proof) -> str:
    drawn = []
    below_x, below_y = places[proof.party]
    for support in proof.supports:
        above_x, above_y = places[support.owner]
        dash = ' stroke-dasharray="5 4"' if support.is_open else ""
        start = above_y + (_BOX_PX[1] / 2 if above_y < below_y else 0)
        drawn.append(
            f'<line x1="{above_x:.1f}" y1="{start:.1f}" x2="{below_x:.1f}" y2="{below_y - _BOX_PX[1] / 2:.1f}" '
            f'stroke="{ACCENT}" stroke-width="1.4"{dash}/>'
            f'<text x="{above_x * 0.6 + below_x * 0.4:.1f}" y="{start * 0.6 + (below_y - _BOX_PX[1] / 2) * 0.4:.1f}" '
            f'font-size="11" text-anchor="middle" fill="{INK}" stroke="{PAPER}" stroke-width="4" paint-order="stroke">'
            f"{escape(share_text(support))}</text>"
        )
    return "".join(drawn)


def _box(place: tuple[float, float], proof: Proof, register: Register) -> str:
    style = style_of(_LOOK[proof.answer])
    note = register.notes.get(proof.party)
    name = shortened(note.name if note and note.name else str(proof.party), 13, _BOX_PX[0] - 14)
    answer = "listed" if proof.is_listed else f"{proof.answer}, {sum_text(proof)}"
    left, top = place[0] - _BOX_PX[0] / 2, place[1] - _BOX_PX[1] / 2
    return (
        f'<g><rect x="{left:.1f}" y="{top:.1f}" width="{_BOX_PX[0]:g}" height="{_BOX_PX[1]:g}" rx="6" '
        f'fill="{style.tint}" stroke="{style.colour}" stroke-width="{2.4 if proof.is_listed else 1.2}"/>'
        f'<text x="{place[0]:.1f}" y="{place[1] - 4:.1f}" font-size="13" font-weight="600" text-anchor="middle" '
        f'fill="{INK}">{escape(name)}</text>'
        f'<text x="{place[0]:.1f}" y="{place[1] + 15:.1f}" font-size="11" text-anchor="middle" '
        f'fill="{style.colour}">{escape(answer)}</text></g>'
    )
