"""Why the law answers as it does, as nested ``details`` that open without a script."""

from __future__ import annotations

from collections.abc import Iterable

from lexloci.model.citation import Citation
from lexloci.model.determination import Conflict, Determination, FactRead, Finding, SourceAge
from lexloci.model.fact import NoValue
from lexloci.report.finding_order import own_findings, without
from lexloci.report.outcome_style import badge_html
from lexloci.report.plain import escape, name_html
from lexloci.report.why_words import (
    clock_words,
    contested_words,
    duty_words,
    missing_words,
    other_layer_words,
    settled_words,
    source_words,
    value_words,
    vouched_words,
)


def why_html(determination: Determination) -> str:
    """Why the law answers as it does: what would settle it, duties, legs with the rules asked, sources."""
    settled = settled_words(determination)
    return (
        f'<div class="why"><p class="answer">{badge_html(determination.outcome)} '
        f"{f'<strong>{escape(settled)}</strong> ' if settled else ''}"
        f'<span class="clocks">{escape(clock_words(determination))}; id {escape(determination.id)}</span></p>'
        f"{_parts(determination, None)}{_tree(determination)}"
        f"{_sources(determination.sources)}</div>"
    )


def citation_html(citation: Citation) -> str:
    """A citation, with a link to the source read where that is an http or https address."""
    text = escape(citation.text or citation.url)
    if citation.url.startswith(("https://", "http://")):
        return f'<a href="{escape(citation.url)}" rel="noopener noreferrer">{text}</a>'
    return text


def _tree(determination: Determination) -> str:
    own = own_findings(determination)
    findings = "".join(_finding(finding) for finding in own)
    return "".join(_leg(leg, determination) for leg in determination.legs) + findings


def _leg(leg: Determination, root: Determination) -> str:
    settled = settled_words(leg)
    return (
        f'<details class="leg"><summary>{badge_html(leg.outcome, short=True)} {name_html(leg.subject)}'
        f"{f' <em>{escape(settled)}</em>' if settled else ''}</summary>"
        f'<div class="inside">{_parts(leg, root)}{_tree(leg) or "<p>No rule was met.</p>"}'
        f"{_sources(without(leg.sources, root.sources))}</div></details>"
    )


def _parts(answer: Determination, shown: Determination | None) -> str:
    """The parts of an answer beside its findings, without those that its root shows already."""
    missing = without(answer.missing, shown.missing if shown else ())
    contested = without(answer.contested, shown.contested if shown else ())
    duties = without(answer.duties, shown.duties if shown else ())
    conflicts = without(answer.conflicts, shown.conflicts if shown else ())
    vouched = without(answer.vouched, shown.vouched if shown else ())
    levers = without(answer.levers, shown.levers if shown else ())
    other = (
        [answer.other_layer] if answer.other_layer and (not shown or answer.other_layer != shown.other_layer) else []
    )
    return "".join(
        (
            _part("What would settle it", "missing", (escape(missing_words(thing)) for thing in missing)),
            _part("Contested points", "contested", (escape(contested_words(point)) for point in contested)),
            _part("Duties", "duties", (escape(duty_words(duty)) for duty in duties)),
            _part("Conflict of laws", "conflicts", (_conflict(conflict) for conflict in conflicts)),
            _part("Vouched for", "vouched", (escape(vouched_words(thing)) for thing in vouched)),
            _part("What would change the answer", "levers", (escape(lever) for lever in levers)),
            _part("The other layer of the law", "other-layer", (escape(other_layer_words(layer)) for layer in other)),
        )
    )


def _part(title: str, name: str, items: Iterable[str]) -> str:
    listed = "".join(f"<li>{item}</li>" for item in items)
    return f'<div class="part {name}"><h4>{title}</h4><ul>{listed}</ul></div>' if listed else ""


def _conflict(conflict: Conflict) -> str:
    citations = " against ".join(citation_html(citation) for citation in conflict.citations)
    return f"{escape(conflict.text)} ({citations}; {escape(' against '.join(conflict.rules))})"


def _finding(finding: Finding) -> str:
    about = [
        f"rule {escape(finding.rule)}",
        escape(finding.authority),
        f"on {finding.on}",
        escape(finding.verification.value),
    ]
    if finding.party:
        about.append(f"party {name_html(finding.party)}")
    quoted = f"<blockquote>{escape(finding.text)}</blockquote>" if finding.text else ""
    history = f'<p class="history">{escape(finding.history)}</p>' if finding.history else ""
    return (
        f'<details class="finding"><summary>{badge_html(finding.outcome, short=True)} '
        f'<span class="status">{escape(finding.status.value)}</span> {escape(finding.title)} '
        f'<cite>{escape(finding.citation.text)}</cite></summary><div class="inside">'
        f'<p>{escape(finding.reason)}</p>{quoted}<p class="about">{citation_html(finding.citation)} · '
        f"{' · '.join(about)}</p>{history}{_facts(finding.facts)}</div></details>"
    )


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


def _sources(sources: Iterable[SourceAge]) -> str:
    return _part("Lists and tables used", "ages", (escape(source_words(source)) for source in sources))
