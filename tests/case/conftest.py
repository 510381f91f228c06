"""A portfolio with one of everything, and the lines that a check prints for a broken copy of it."""

import pytest

from lexloci.case import check

FULL = """\
lexloci: 1
name: everything once
as_of: 2026-08-03
basis: enforcement
horizon_until: 2027-01-01
known_at: 2026-08-01
sources: {press: "a newspaper, 2025-11-27"}
parties:
  - {id: cloud, name: Johor Cloud, headquarters: MY, ultimate_parent: holding, owners: [{owner: holding, percent: 60}, {owner: lab, percent: 40}]}
  - {id: holding, name: Holding, headquarters: SG, ultimate_parent: holding, aliases: [控股], identifiers: {lei: 5493001KJTIIGC8Y1R12}}
  - id: lab
    name: 实验室
    headquarters: CN
    not_subject_to: [{authority: us_bis, reason: no US nexus, adviser: a lawyer, on: 2026-01-05}]
    sources: {headquarters: press, "*": "assumption: example"}
sites:
  - {id: johor, name: Johor, country: MY, operator: cloud, owner: holding, power_mw: 20}
  - {id: ulanqab, name: Ulanqab, country: CN, operator: lab}
chips:
  - {id: domestic-1, name: Domestic 1, designer: Somebody, bf16_tflops: 300, memory_gb: 64}
pools:
  - {id: johor-h100, site: johor, chip: h100-sxm, chips: 64, holder: cloud, tenure: leased, leased_since: 2025-03-01, users: [lab], supplier: holding, held_since: 2025-02-01, available_until: 2028-01-01}
  - {id: home, site: ulanqab, chip: domestic-1, chips: 128, holder: lab, tenure: owned}
links:
  - {between: [johor, ulanqab], gbps: 10}
  - {between: [johor, south-east Asia], round_trip_ms: 12}
datasets:
  - {id: web, name: web text, handler: lab, category: public, origin: CN}
  - {id: chats, name: chats, handler: lab, category: personal, origin: CN, located_at: ulanqab, persons: 500000, separate_consent: not obtained}
models:
  - {id: big, name: Big, parameters: 2e11, active_parameters: 2e10}
workloads:
  - {id: pre, name: pre-train, party: lab, kind: pre-train, model: big, datasets: [web], tokens: 1e12, deadline: 2026-12-01}
  - {id: home-copy, name: copy, party: lab, kind: copy, model: big, to_site: ulanqab, after: [pre]}
  - id: serve
    name: serve
    party: lab
    kind: serve
    model: big
    after: [pre]
    days: 30
    demand: {region: south-east Asia, countries: [SG, MY], output_tokens_per_s: 20000}
readings:
  - {point: us_ear.rental_transfer, option: not_a_transfer, adopted_by: counsel, on: 2026-02-01, adviser: a firm, parties: [lab], until: 2027-02-01}
attestations:
  - {fact: tenant.red_flags_resolved, value: true, about: [lab, johor-h100], by: officer, on: 2026-03-01, evidence: file 7, until: 2027-03-01}
authorisations:
  - {id: no. 7, kind: security_assessment, authority: CAC, holder: lab, covers: [chats, johor], granted: 2026-04-01, until: 2029-04-01, chips: 64}
"""


@pytest.fixture
def full() -> str:
    """The text of a right portfolio with one of everything."""
    return FULL


@pytest.fixture
def lines_of(full):
    """What a check prints when texts of the full portfolio are replaced by others."""

    def lines(*changes: tuple[str, str]) -> list[str]:
        text = full
        for old, new in changes:
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the portfolio"
            text = text.replace(old, new)
        return [str(mistake) for mistake in check("p.yaml", text=text)]

    return lines
