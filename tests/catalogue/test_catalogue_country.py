"""Countries and special regions: complete, in the right place, with sourced grids and prices."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexloci.catalogue import closest_country, countries, country, province_carbon
from lexloci.catalogue.country import TARIFF, WHOLESALE
from lexloci.catalogue.table import read_rows
from lexloci.model.errors import CatalogueError

# ISO 3166-1 alpha-2, officially assigned; the territories of Unicode CLDR 47 without its reserved and private codes.
ISO_3166_1 = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT
BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH
ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT
HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS
LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI
NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG
SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG
UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""

# gCO2e/kWh as the codecarbon project had them for 2022 or 2023 (global_energy_mix.json at commit b05965e).
EARLIER_CARBON = {
    "CN": 582, "HK": 699, "SG": 471, "MY": 606, "ID": 676, "TH": 550, "VN": 475, "PH": 611, "JP": 485, "KR": 431,
    "IN": 713, "TW": 642, "AE": 561, "SA": 707, "QA": 603, "KZ": 821, "AU": 549, "FR": 56, "DE": 381, "NL": 268,
    "IE": 291, "NO": 30, "SE": 41, "GB": 238, "US": 369, "BR": 98,
}  # fmt: skip

SPELLINGS = {
    "Malaysa": "MY", "Maylasia": "MY", "Singapor": "SG", "Hongkong": "HK", "Macau": "MO", "UAE": "AE", "U.A.E.": "AE",
    "Emirates": "AE", "USA": "US", "UK": "GB", "PRC": "CN", "Mainland China": "CN", "KSA": "SA", "Viet Nam": "VN",
    "Vietnm": "VN", "South Korea": "KR", "Korea (South)": "KR", "Burma": "MM", "Turkiye": "TR", "MYS": "MY",
    "my": "MY", " Indonesia ": "ID", "united  states": "US",
}  # fmt: skip


def test_every_code_of_iso_3166_1_is_there_and_no_other():
    assert set(countries()) == set(ISO_3166_1.split())
    assert len(countries()) == 249


def test_hong_kong_macao_and_taiwan_stand_apart_from_china():
    assert {countries()[code].name for code in ("CN", "HK", "MO", "TW")} == {"China", "Hong Kong", "Macao", "Taiwan"}


def test_no_two_countries_answer_to_the_same_name():
    names = Counter(
        name.casefold() for each in countries().values() for name in {each.code, each.code3, each.name, *each.aliases}
    )
    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize("found", countries().values(), ids=countries())
class TestEveryCountry:
    def test_has_a_name_a_code_of_three_letters_and_a_source(self, found):
        assert found.name == " ".join(found.name.split())
        assert len(found.code3) == 3
        assert found.code3.isupper()
        assert found.sources["*"]

    def test_lies_on_the_earth_or_nowhere(self, found):
        assert (found.latitude is None) == (found.longitude is None)
        if found.latitude is not None and found.longitude is not None:
            assert -90 <= found.latitude <= 90
            assert -180 <= found.longitude <= 180

    def test_has_a_carbon_intensity_with_year_and_source_or_none_at_all(self, found):
        assert (found.carbon_g_per_kwh is None) == (found.carbon_year is None)
        assert (found.carbon_g_per_kwh is not None) == ("carbon_g_per_kwh" in found.sources)
        assert found.carbon_g_per_kwh is None or 0 <= found.carbon_g_per_kwh < 1400

    def test_has_a_price_with_kind_year_and_source_or_none_at_all(self, found):
        known = found.electricity_usd_per_kwh is not None
        assert known == (found.electricity_kind in {TARIFF, WHOLESALE})
        assert known == (found.electricity_year is not None)
        assert known == ("electricity_usd_per_kwh" in found.sources)
        assert not known or 0.01 < found.electricity_usd_per_kwh < 0.5


def test_only_uninhabited_islands_lack_coordinates():
    assert {each.code for each in countries().values() if each.latitude is None} == {"BV", "HM"}


@pytest.mark.parametrize(
    ("code", "latitude", "longitude"),
    [("MY", 3.14, 101.69), ("SG", 1.29, 103.85), ("HK", 22.28, 114.17), ("AE", 24.45, 54.38), ("CN", 39.91, 116.40),
     ("US", 38.90, -77.04), ("BR", -15.79, -47.88), ("VN", 21.03, 105.85)],
)  # fmt: skip
def test_a_capital_lies_where_it_lies(code, latitude, longitude):
    assert country(code).latitude == pytest.approx(latitude, abs=0.1)
    assert country(code).longitude == pytest.approx(longitude, abs=0.1)


@pytest.mark.parametrize(("code", "earlier"), EARLIER_CARBON.items())
def test_carbon_intensities_are_near_those_of_another_collection(code, earlier):
    found = country(code)
    assert found.carbon_g_per_kwh == pytest.approx(earlier, rel=0.3, abs=15)
    assert found.carbon_year is not None
    assert found.carbon_year >= 2024


def test_the_prices_of_the_markets_of_the_example_are_tariffs():
    assert {code: country(code).electricity_usd_per_kwh for code in ("SG", "MY", "TH", "PH")} == {
        "SG": 0.192,
        "MY": 0.106,
        "TH": 0.11,
        "PH": 0.136,
    }
    assert {country(code).electricity_kind for code in ("SG", "MY", "TH", "PH", "US")} == {TARIFF}


def test_a_wholesale_price_says_that_it_is_one_and_of_which_zone():
    found = country("JP")
    assert found.electricity_kind == WHOLESALE
    assert "JP-TK" in found.sources["electricity_usd_per_kwh"]


@pytest.mark.parametrize("code", ["CN", "ID", "HK", "AE"])
def test_a_price_without_a_source_is_unknown(code):
    assert country(code).electricity_usd_per_kwh is None


@pytest.mark.parametrize(("text", "code"), SPELLINGS.items())
def test_a_misspelt_country_is_recognised(text, code):
    found = closest_country(text)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("text", ["", "zz", "EU", "XX", "zzzz", "Atlantis", "12"])
def test_what_is_no_country_is_not_guessed(text):
    assert closest_country(text) is None


@given(st.sampled_from(sorted(countries())), st.booleans())
def test_each_code_and_each_name_leads_to_its_country(code, by_name):
    found = closest_country(country(code).name if by_name else code.lower())
    assert found is country(code)


@given(st.text(max_size=30))
def test_any_text_gives_a_country_or_nothing(text):
    found = closest_country(text)
    assert found is None or found.code in countries()


def test_an_unknown_code_is_refused_with_the_mend():
    with pytest.raises(CatalogueError, match='"Malaysa" is no ISO 3166-1 alpha-2 code; did you mean MY'):
        country("Malaysa")
    with pytest.raises(CatalogueError, match="write a code such as MY"):
        country("zz")


def test_a_code_in_small_letters_is_no_code():
    with pytest.raises(CatalogueError, match="did you mean SG"):
        country("sg")


@pytest.mark.parametrize(
    ("name", "carbon"),
    [("Beijing", 555.4), ("Inner Mongolia", 647.9), ("Guizhou Province", 568.3), ("guizhou", 568.3), ("CN-GZ", 568.3),
     ("Xinjiang Uygur Autonomous Region", 602.1), ("Hebei", 651.6)],
)  # fmt: skip
def test_a_province_is_as_the_ministry_published_it(name, carbon):
    # MEE Announcement 2025 No. 47, Table 3
    assert province_carbon(name) == carbon


@pytest.mark.parametrize("name", ["Tibet", "Hong Kong", "Taiwan", "Guizho", ""])
def test_a_province_that_was_not_published_is_unknown(name):
    assert province_carbon(name) is None


def test_thirty_provinces_are_published_for_2023():
    rows = read_rows("chinese_provinces")
    assert len(rows) == 30
    assert {row["year"] for row in rows} == {"2023"}
    assert all(50 < float(row["carbon_g_per_kwh"]) < 1000 for row in rows)
