"""Why the law answers as it does, as nested ``details`` that open without a script."""

from __future__ import annotations

from collections.abc import Iterable

from lexloci.model.citation import Citation
from lexloci.model.determination import Conflict, Determination, FactRead, Finding, NearMiss, SourceAge
from lexloci.model.fact import NoValue
from lexloci.report.finding_order import own_findings, without
from lexloci.report.near_misses import NOTE, TITLE, near_miss_lines
from lexloci.report.outcome_style import badge_html
from lexloci.report.plain import escape, name_html
from lexloci.report.told import Told, digest
from lexloci.report.why_words import answer_parts, clock_words, settled_words, source_words, value_words


def why_html(determination: Determination, told: Told | None = None) -> str:
    """Why the law answers as it does: what would settle it, duties, legs with the rules asked, sources.

    With ``told``, what the page has told already is linked: the words of a rule, and the same leg of another answer.
    """
    settled = settled_words(determination)
    return (
        f'<div class="why"><p class="answer">{badge_html(determination.outcome)} '
        f"{f'<strong>{escape(settled)}</strong> ' if settled else ''}"
        f'<span class="clocks">{escape(clock_words(determination))}; id {escape(determination.id)}</span></p>'
        f"{_parts(determination, None)}{_tree(determination, told)}{_near_misses(determination.near_misses)}"
        f"{_sources(determination.sources)}</div>"
    )


def citation_html(citation: Citation) -> str:
    """A citation, with a link to the source read where that is an http or https address."""
    text = escape(citation.text or citation.url)
    if citation.url.startswith(("https://", "http://")):
        return f'<a href="{escape(citation.url)}" rel="noopener noreferrer">{text}</a>'
    return text


def _tree(determination: Determination, told: Told | None) -> str:
    findings = "".join(_finding(finding, told) for finding in own_findings(determination))
    return "".join(_leg(leg, determination, told) for leg in determination.legs) + findings


def _leg(leg: Determination, root: Determination, told: Told | None) -> str:
    settled = settled_words(leg)
    head = (
        f"{badge_html(leg.outcome, short=True)} {name_html(leg.subject)}"
        f"{f' <em>{escape(settled)}</em>' if settled else ''}"
    )
    inside = (
        f'<div class="inside">{_parts(leg, root)}{_tree(leg, told) or "<p>No rule was met.</p>"}'
        f"{_near_misses(leg.near_misses)}{_sources(without(leg.sources, root.sources))}</div>"
    )
    anchor = f"leg-{digest(head + inside)}"
    if told is not None and not told.is_new_leg(anchor):
        return f'<p class="leg">{head} <a href="#{anchor}">the same answer as above</a></p>'
    name = f' id="{anchor}"' if told is not None else ""
    return f'<details class="leg"{name}><summary>{head}</summary>{inside}</details>'


def _parts(answer: Determination, shown: Determination | None) -> str:
    """The parts of an answer beside its findings, without those that its root shows already."""
    return "".join(
        _part(
            title.capitalize(),
            name,
            (_conflict(item) if isinstance(item, Conflict) else escape(item) for item in items),
        )
        for name, title, items in answer_parts(answer, shown)
    )


def _part(title: str, name: str, items: Iterable[str]) -> str:
    listed = "".join(f"<li>{item}</li>" for item in items)
    return f'<div class="part {name}"><h4>{title}</h4><ul>{listed}</ul></div>' if listed else ""


def _conflict(conflict: Conflict) -> str:
    citations = " against ".join(citation_html(citation) for citation in conflict.citations)
    return f"{escape(conflict.text)} ({citations}; {escape(' against '.join(conflict.rules))})"


def _finding(finding: Finding, told: Told | None) -> str:
    about = [f"on {finding.on}", escape(finding.verification.value)]
    if finding.party:
        about.append(f"party {name_html(finding.party)}")
    if told is None:
        rule = f"rule {escape(finding.rule)} · {escape(finding.authority)}"
        words, history = quoted_html(finding.text), history_html(finding.history)
        source = f"{citation_html(finding.citation)} · {rule}"
    else:
        source = f'<a href="#{told.rule(finding)}">rule {escape(finding.rule)}: its words and source</a>'
        words = history = ""
    return (
        f'<details class="finding"><summary>{badge_html(finding.outcome, short=True)} '
        f'<span class="status">{escape(finding.status.value)}</span> {escape(finding.title)} '
        f'<cite>{escape(finding.citation.text)}</cite></summary><div class="inside">'
        f'<p>{escape(finding.reason)}</p>{words}<p class="about">{source} · '
        f"{' · '.join(about)}</p>{history}{_facts(finding.facts)}</div></details>"
    )


def quoted_html(text: str) -> str:
    """What the law says, marked as quotation or close paraphrase; empty where nothing was seen."""
    if not text:
        return ""
    return f'<p class="about">Text, quoted or in close paraphrase:</p><blockquote>{escape(text)}</blockquote>'


def history_html(history: str) -> str:
    """Since when a rule counts, on whose word; empty where it is not said."""
    return f'<p class="history">{escape(history)}</p>' if history else ""


def _facts(facts: Iterable[FactRead]) -> str:
    rows = "".join(
        f'<tr{" class=unknown" if isinstance(fact.value, NoValue) else ""}><th scope="row">{escape(fact.name)}</th>'
        f"<td>{name_html(value_words(fact.value))}</td><td>{escape(fact.origin)}</td></tr>"
        for fact in facts
    )
    if not rows:
        return ""
    head = "".join(f'<th scope="col">{words}</th>' for words in ("fact read", "value", "who says so"))
    return f'<div class="scroll"><table class="facts"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _near_misses(near_misses: Iterable[NearMiss]) -> str:
    lines = near_miss_lines(near_misses)
    if not lines:
        return ""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return (
        f'<details class="near"><summary>{TITLE.capitalize()} ({len(lines)})</summary>'
        f'<div class="inside"><p class="about">{NOTE.capitalize()}.</p><ul>{items}</ul></div></details>'
    )


def _sources(sources: Iterable[SourceAge]) -> str:
    return _part("Lists and tables used", "ages", (escape(source_words(source)) for source in sources))
