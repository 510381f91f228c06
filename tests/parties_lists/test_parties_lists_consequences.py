"""What a list entails stands beside it, sourced and dated, and is of the row's own footnotes."""

from __future__ import annotations

from datetime import date

import pytest

from lexloci.model.citation import Verification
from lexloci.parties.consequences import consequences_for, consequences_of
from lexloci.parties.importers.countries import code_of, codes_of
from lexloci.parties.lists import ListedParty, lists


def test_every_list_entails_something_with_provision_and_source() -> None:
    for which in lists():
        found = consequences_of(which.code)
        assert found, which.code
        assert all(one.acts and one.text and one.citation and one.source.startswith("https://") for one in found)


def test_1260h_bars_contracts_from_its_days_on_and_controls_no_export() -> None:
    direct, indirect = date(2026, 6, 30), date(2027, 6, 30)
    assert not any(one.is_export_control for one in consequences_of("1260H"))
    assert consequences_of("1260H", date(2026, 6, 29)) == ()
    assert {one.since for one in consequences_of("1260H", direct)} == {direct}
    assert {one.since for one in consequences_of("1260H", indirect)} == {direct, indirect}


@pytest.mark.parametrize(
    ("words", "footnotes"),
    [
        ("For all items subject to the EAR. (See §§ 734.9(e)1 and 744.11 of the EAR)", {"1"}),
        ("For all items subject to the EAR (see §§ 734.9(e)(2), 744.11 of the EAR)4", {"4"}),
        ("For all items subject to the EAR", set()),
        ("For all items. See §734.9(e)", {"1", "3", "4", "5"}),  # it does not say which
    ],
)
def test_a_row_of_the_entity_list_entails_its_own_footnotes(words: str, footnotes: set[str]) -> None:
    row = ListedParty("EL", ("X",), licence_requirement=words)
    found = consequences_for(row)
    assert {one.text[9] for one in found if one.text.startswith("Footnote ")} == footnotes
    assert any(one.verification is Verification.PRIMARY for one in found)
    assert consequences_for(ListedParty("ZZ", ("X",))) == ()


def test_countries_are_read_as_the_lists_spell_them_and_never_guessed() -> None:
    spelled = ["Korea, North", "Iran", "Islamic Republic of Iran", "Burma", "Hong Kong", "cn", "The Netherlands"]
    assert codes_of(spelled) == ("KP", "IR", "MM", "HK", "CN", "NL")
    assert code_of("Democratic People’s Republic of Korea") == "KP"
    assert code_of("Chna") is None
    assert code_of("") is None
