"""Facts that do not go together find no way between two rules: what contradicts itself is never the milder answer."""

from __future__ import annotations

from datetime import date

import pytest

from lexloci.law.decide import decide
from lexloci.model.act import Act, ActKind, Question, Role
from lexloci.model.fact import Fact
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis
from lexloci.rulebook.book import bundled_rulebook

DAY = date(2026, 5, 1)
SOMEBODY = {Role.CONSIGNEE: "somebody"}
H200 = {
    "item.class": "accelerator",
    "item.subject_to_ear": True,
    "chip.subject_to_ear": True,
    "chip.designer_headquarters": "US",
    "chip.total_processing_performance": 15_832.0,
    "chip.performance_density": 19.45,
    "chip.memory_gb_per_s": 4800.0,
    "chip.for_data_centres": True,
    "site.country": "CN",
}


def asked(kind: ActKind, parties: dict[Role, str], **facts: object) -> Outcome:
    stated = {name.replace("__", "."): value for name, value in facts.items()}
    values = {name: Fact(value) for name, value in {**H200, **stated}.items()}
    act = Act("act", kind, "supply", DAY, values, ("us",), parties, closed=True)
    return decide(bundled_rulebook(), act, Question(DAY, DAY, Basis.ENFORCEMENT)).outcome


@pytest.mark.parametrize("kind", [ActKind.EXPORT, ActKind.REEXPORT, ActKind.TRANSFER])
def test_a_chip_below_the_limits_of_2026_needs_a_licence_whatever_the_supply_is_called(kind):
    lane = {"supply__exported_from_united_states": True, "supply__meets_h200_conditions": True}
    assert asked(kind, SOMEBODY, **lane) is Outcome.LICENCE_CASE_BY_CASE
    assert asked(kind, SOMEBODY, supply__exported_from_united_states=False) is Outcome.LICENCE_PRESUMED_DENIED


@pytest.mark.parametrize("parties", [SOMEBODY, {}])
@pytest.mark.parametrize("kind", [ActKind.EXPORT, ActKind.REEXPORT, ActKind.TRANSFER])
def test_no_exception_for_chips_carries_a_memory_stack(kind, parties):
    """An MI210's figures, which License Exceptions NAC and ACA carry, on a stack that they do not."""
    chip = {"chip__total_processing_performance": 2896.0, "chip__performance_density": 4.0}
    stack = {"item__class": "memory stack", "item__memory_bandwidth_density": 3.0}
    assert not asked(kind, parties, **chip, **stack).is_placeable
