"""Why the law answers as it does, as a tree for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lexloci.model.determination import Conflict, Determination, Finding
from lexloci.report.finding_order import own_findings, without
from lexloci.report.near_misses import NOTE, TITLE, at_most, near_miss_lines
from lexloci.report.outcome_style import style_of
from lexloci.report.plain import plain
from lexloci.report.why_words import answer_parts, clock_words, settled_words, source_words, value_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.text import Text
    from rich.tree import Tree

    from lexloci.model.outcome import Outcome


def why_text(determination: Determination) -> Tree:
    """Why the law answers as it does: a rich tree of what would settle it, duties, legs, rules and facts."""
    from rich.tree import Tree

    root = Tree(_headline(determination), highlight=False)
    root.add(_text(f"{clock_words(determination)}; id {determination.id}", "dim"))
    _add_answer(root, determination, None)
    return root


def outcome_text(outcome: Outcome, *, short: bool = False) -> Text:
    """An outcome for the terminal: glyph and word, in bold where it does not permit."""
    from rich.text import Text

    style = style_of(outcome)
    word = style.short if short else style.word
    return Text(f"{style.glyph} {word}", style="" if outcome.is_placeable else "bold")


def _headline(answer: Determination) -> Text:
    line = outcome_text(answer.outcome)
    line.append(f"  {plain(answer.subject)}", style="bold")
    settled = settled_words(answer)
    if settled:
        line.append(f"  ({settled})")
    return line


def _add_answer(node: Tree, answer: Determination, shown: Determination | None) -> None:
    _add_parts(node, answer, shown)
    for leg in answer.legs:
        _add_answer(node.add(_headline(leg)), leg, answer)
    own = own_findings(answer)
    for finding in own:
        _add_finding(node, finding)
    if shown is not None and not own and not answer.legs:
        node.add(_text("no rule was met", "dim"))
    _add_part(node, f"{TITLE} ({NOTE})", at_most(near_miss_lines(answer.near_misses)))
    sources = without(answer.sources, shown.sources if shown else ())
    _add_part(node, "lists and tables used", (source_words(source) for source in sources))


def _add_parts(node: Tree, answer: Determination, shown: Determination | None) -> None:
    for _, title, items in answer_parts(answer, shown):
        _add_part(node, title, (_conflict(item) if isinstance(item, Conflict) else item for item in items))


def _conflict(conflict: Conflict) -> str:
    return f"{conflict.text} ({' against '.join(citation.text for citation in conflict.citations)})"


def _add_part(node: Tree, title: str, items: Iterable[str]) -> None:
    listed = list(items)
    if listed:
        part = node.add(_text(title, "underline"))
        for item in listed:
            part.add(_text(item))


def _add_finding(node: Tree, finding: Finding) -> None:
    line = outcome_text(finding.outcome, short=True)
    line.append(f"  [{finding.status.value}] {plain(finding.title)}, {plain(finding.citation.text)}")
    branch = node.add(line)
    branch.add(_text(finding.reason))
    if finding.text:
        branch.add(_text(f"text, quoted or in close paraphrase: {finding.text}", "italic"))
    about = f"{finding.rule}, {finding.authority}, on {finding.on}, {finding.verification.value}"
    branch.add(_text(f"{about}, party {finding.party}" if finding.party else about, "dim"))
    if finding.citation.url:
        branch.add(_text(finding.citation.url, "dim"))
    if finding.history:
        branch.add(_text(finding.history, "dim"))
    for fact in finding.facts:
        branch.add(_text(f"{fact.name} = {value_words(fact.value)}  ({fact.origin or 'no origin'})"))


def _text(words: str, style: str = "") -> Text:
    from rich.text import Text

    return Text(plain(words), style=style)


def why_plain(determination: Determination, columns: int = 160) -> str:
    """The tree of ``why_text`` as plain text, ``columns`` wide."""
    import io

    from rich.console import Console

    paper = io.StringIO()
    Console(file=paper, width=columns, color_system=None).print(why_text(determination))
    return paper.getvalue()
