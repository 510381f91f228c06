"""Files of every format: the official samples, and small files of the forms of which no sample can be kept."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import openpyxl
import pytest

from lexloci.parties.importers.file import ListFile

SAMPLES = Path(__file__).with_name("samples")

ADVANCED = """<?xml version="1.0" encoding="utf-8"?>
<Sanctions xmlns="http://www.un.org/sanctions/1.0">
<DateOfIssue CalendarTypeID="1"><Year>2026</Year><Month>8</Month><Day>14</Day></DateOfIssue>
<ReferenceValueSets>
<CountryValues><CountryValue ID="11057" ISO2="CN">China</CountryValue></CountryValues>
<IDRegDocTypeValues><IDRegDocType ID="1584">Registration Number</IDRegDocType></IDRegDocTypeValues>
<ListValues><List ID="1550">SDN List</List></ListValues>
<NamePartTypeValues><NamePartType ID="1520">Last Name</NamePartType><NamePartType ID="1521">First Name</NamePartType>
<NamePartType ID="1525">Entity Name</NamePartType></NamePartTypeValues>
<PartySubTypeValues><PartySubType ID="1" PartyTypeID="4">Vessel</PartySubType>
<PartySubType ID="3" PartyTypeID="2">Unknown</PartySubType>
<PartySubType ID="4" PartyTypeID="1">Unknown</PartySubType></PartySubTypeValues>
<PartyTypeValues><PartyType ID="1">Individual</PartyType><PartyType ID="2">Entity</PartyType>
<PartyType ID="4">Transport</PartyType></PartyTypeValues>
<RelationTypeValues><RelationType ID="15002">Owned or Controlled By</RelationType></RelationTypeValues>
<SanctionsTypeValues><SanctionsType ID="1">Program</SanctionsType>
<SanctionsType ID="2">Block</SanctionsType></SanctionsTypeValues>
</ReferenceValueSets>
<Locations><Location ID="77"><LocationCountry CountryID="11057"/></Location></Locations>
<IDRegDocuments><IDRegDocument ID="5" IDRegDocTypeID="1584" IdentityID="4001" IssuedBy-CountryID="11057">
<IDRegistrationNo>91440300</IDRegistrationNo></IDRegDocument></IDRegDocuments>
<DistinctParties>
<DistinctParty FixedRef="101"><Profile ID="101" PartySubTypeID="3">
<Identity ID="4001" Primary="true"><Alias AliasTypeID="1403" Primary="true" LowQuality="false">
<DocumentedName ID="1"><DocumentedNamePart><NamePartValue NamePartGroupID="9" ScriptID="215">SHENZHEN MADE UP LTD
</NamePartValue></DocumentedNamePart></DocumentedName>
<DocumentedName ID="2"><DocumentedNamePart><NamePartValue NamePartGroupID="9" ScriptID="501">深圳虚构有限公司
</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
<Alias AliasTypeID="1400" Primary="false" LowQuality="true"><DocumentedName ID="3"><DocumentedNamePart>
<NamePartValue NamePartGroupID="9" ScriptID="215">SMU</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
<NamePartGroups><MasterNamePartGroup><NamePartGroup ID="9" NamePartTypeID="1525"/></MasterNamePartGroup>
</NamePartGroups>
</Identity>
<Feature FeatureTypeID="25"><FeatureVersion><VersionLocation LocationID="77"/></FeatureVersion></Feature>
</Profile></DistinctParty>
<DistinctParty FixedRef="102"><Profile ID="102" PartySubTypeID="4"><Identity ID="4002" Primary="true">
<Alias Primary="true" LowQuality="false"><DocumentedName ID="4">
<DocumentedNamePart><NamePartValue NamePartGroupID="21" ScriptID="215">Wei</NamePartValue></DocumentedNamePart>
<DocumentedNamePart><NamePartValue NamePartGroupID="20" ScriptID="215">SAMPLE</NamePartValue></DocumentedNamePart>
</DocumentedName></Alias><NamePartGroups><MasterNamePartGroup><NamePartGroup ID="20" NamePartTypeID="1520"/>
</MasterNamePartGroup><MasterNamePartGroup><NamePartGroup ID="21" NamePartTypeID="1521"/></MasterNamePartGroup>
</NamePartGroups></Identity></Profile></DistinctParty>
</DistinctParties>
<ProfileRelationships><ProfileRelationship ID="1" From-ProfileID="101" To-ProfileID="102" RelationTypeID="15002"
Former="false"/></ProfileRelationships>
<SanctionsEntries>
<SanctionsEntry ID="1" ProfileID="101" ListID="1550"><EntryEvent ID="1" LegalBasisID="1"><Date><Year>2025</Year>
<Month>3</Month><Day>4</Day></Date></EntryEvent>
<SanctionsMeasure ID="1" SanctionsTypeID="1"><Comment>NPWMD</Comment></SanctionsMeasure>
<SanctionsMeasure ID="2" SanctionsTypeID="2"><Comment/></SanctionsMeasure></SanctionsEntry>
<SanctionsEntry ID="2" ProfileID="102" ListID="1550"/>
</SanctionsEntries>
</Sanctions>
"""

UNITED_NATIONS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<CONSOLIDATED_LIST xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" dateGenerated="2026-02-27T00:00:09.554Z">
<INDIVIDUALS><INDIVIDUAL><DATAID>7000001</DATAID><VERSIONNUM>1</VERSIONNUM><FIRST_NAME>SAMPLE</FIRST_NAME>
<SECOND_NAME>PERSON</SECOND_NAME><UN_LIST_TYPE>DRC</UN_LIST_TYPE><REFERENCE_NUMBER>XXi.001</REFERENCE_NUMBER>
<LISTED_ON>2012-12-31</LISTED_ON><NAME_ORIGINAL_SCRIPT>شخص نموذجي</NAME_ORIGINAL_SCRIPT>
<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>S. Person</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>The Sample</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ADDRESS><COUNTRY>Rwanda</COUNTRY></INDIVIDUAL_ADDRESS>
<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>P1</NUMBER></INDIVIDUAL_DOCUMENT>
</INDIVIDUAL></INDIVIDUALS>
<ENTITIES><ENTITY><DATAID>7000002</DATAID><FIRST_NAME>SAMPLE TRADING CORPORATION</FIRST_NAME>
<UN_LIST_TYPE>DPRK</UN_LIST_TYPE><REFERENCE_NUMBER>KPe.999</REFERENCE_NUMBER><LISTED_ON>2016-03-02</LISTED_ON>
<ENTITY_ALIAS><QUALITY>a.k.a.</QUALITY><ALIAS_NAME>STC</ALIAS_NAME></ENTITY_ALIAS>
<ENTITY_ADDRESS><COUNTRY>Democratic People's Republic of Korea</COUNTRY></ENTITY_ADDRESS></ENTITY></ENTITIES>
</CONSOLIDATED_LIST>
"""

ENTITY_LIST = """<html><body><table><thead><tr><th>Country</th><th>Entity</th><th>License requirement</th>
<th>License review policy</th><th>Federal Register citation</th></tr></thead><tbody>
<tr><td>CHINA, PEOPLE'S REPUBLIC OF</td><td>Sample Computing Co., Ltd., a.k.a., the following two aliases:
<br>&mdash;SCC; <i>and</i><br>&mdash;Sample Computers.<br>No. 5 Road, Haidian District, Beijing, China; <i>and</i>
Room 3, Hong Kong.</td>
<td>For all items subject to the EAR. (See &sect;&sect; 734.9(e)<sup>1</sup> and 744.11 of the EAR)</td>
<td>Presumption of denial</td><td>90 FR 14046, 3/28/25.</td></tr>
<tr><td></td><td>Second Institute, 20 East Street, Fengtai District, Beijing, China.</td><td>For all items</td>
<td>Case-by-case basis</td><td>88 FR 13675</td></tr>
<tr><td>SINGAPORE</td><td>Third Pte. Ltd., 1 Raffles Place, Singapore.</td><td>For all items</td><td>Denial</td>
<td>88 FR 1</td></tr>
</tbody></table></body></html>
"""

MOFCOM = [
    {
        "list_id": "cn-export-control-watchlist",
        "entity_name": f"Sample Works {number}",
        "aliases": [f"样本工厂{number}"],
        "addresses": ["日本东京都港区1-1"],
        "date_added": "2026-08-01",
        "entity_type": "organization",
        "last_verified": "2026-08-15",
        "reason": "x",
        "source_url": "https://example.org/art.html",
    }
    for number in range(3)
]
FACTS_1260H = (
    "name,first_listed,on_2025-01-07,on_2026-06-08,removed,note\nHuawei (HWI),2021-06-03,yes,yes,,\nMegvii,,,,,\n"
)
METI_ROWS = (
    ("No.", "国名、地域名\nCountry or Region", "企業名、組織名\nCompany or Organization", "別名\nAlso Known As",
     "懸念区分\nType of WMD", "通常兵器\nConventional Weapons"),
    (1, "アフガニスタン\nIslamic Republic of Afghanistan", "Sample Front",
     "・The World Sample Front against\nEverybody\n・SF", "生物、化学\nB,C", "CW"),
    (2, "中華人民共和国\nPeople's Republic of China", "Sample 14th Research Institute (SRI 14)\n（見本電子研究所）",
     "・見本研究所", "", "CW"),
    (3, "ロシア\nRussian Federation", "Sample・Works OJSC", '"Sample" Enterprise JSC', "ミサイル\nM", ""),
)  # fmt: skip
PERIODS_1260H = """Name,Clean Name,Alias,Previous Name,Parent Name,Note,Start date,End date,Source Url
"Sample Chips Co., Ltd. (SCC)*","Sample Chips Co., Ltd.","SCC,Beijing Sample",,,,2022-10-05,,
"Sample Chips Co., Ltd. (SCC).","Sample Chips Co., Ltd.",SCC,,,,2025-01-07,2026-02-17,https://example.org/2025.pdf
Sample Drones Corporation,Sample Drones Corporation,,,Sample Group,,2024-01-31,2025-01-07,
Sample Cloud Inc.,Sample Cloud Inc.,,Older Cloud Inc.,,Affiliated with a ministry.,2026-06-08,,https://example.org/2026.pdf
"""


def meti_workbook(rows: Iterable[Iterable[object]] = METI_ROWS, sheet: str = "ユーザーリスト") -> bytes:
    """A workbook of METI's form, with a sheet of notes before the list, written by another program than reads it."""
    book = openpyxl.Workbook()
    book.active.append(["notes"])
    table = book.create_sheet(sheet)
    for row in rows:
        table.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csl_json(rows: list[dict[str, object]], **more: object) -> bytes:
    """A file of the Consolidated Screening List in its JSON form."""
    form = {"search_performed_at": "2026-08-15T05:00:00Z", "total": len(rows), "results": rows, **more}
    return json.dumps(form).encode()


def csl_row(number: int, code: str = "EL", title: str = "Entity List", **more: object) -> dict[str, object]:
    """A row of it."""
    return {
        "source": f"{title} ({code}) - Some Office",
        "entity_number": None,
        "type": None,
        "programs": [],
        "name": f"Sample Party {number}",
        "addresses": [{"address": "1 Road", "country": "CN"}],
        "federal_register_notice": "90 FR 14046",
        "license_requirement": "For all items subject to the EAR",
        "license_policy": "Policy of denial",
        "alt_names": [],
        "ids": [],
        **more,
    }


def own_aliases(file: ListFile) -> ListFile:
    """The sample of SDN.CSV without the aliases of parties that are not in it."""
    own = {line.split(b",")[0] for line in file.content.splitlines()}
    lines = [line for line in file.siblings["alt.csv"].splitlines() if line.split(b",")[0] in own]
    return replace(file, siblings={**file.siblings, "alt.csv": b"\n".join((*lines, b""))})


@dataclass(frozen=True)
class Csl:
    """Makes a file, makes a row."""

    file: Callable[..., bytes]
    row: Callable[..., dict[str, object]]


def sample(name: str) -> ListFile:
    """An official sample, with the samples that lie beside it."""
    beside = {one.name: one.read_bytes() for one in SAMPLES.glob("*.csv") if one.name != name}
    return ListFile(name, (SAMPLES / name).read_bytes(), beside)


@pytest.fixture(scope="session")
def csl() -> Csl:
    """The makers of files and rows of the Consolidated Screening List."""
    return Csl(csl_json, csl_row)


@pytest.fixture(scope="session")
def advanced() -> str:
    """A file of the form of SDN_ADVANCED.XML."""
    return ADVANCED


@pytest.fixture(scope="session")
def entity_list() -> str:
    """A file of the form of the table of the Entity List."""
    return ENTITY_LIST


@pytest.fixture(scope="session", name="meti_workbook")
def meti_workbook_maker() -> Callable[..., bytes]:
    """Writes a workbook of METI's form."""
    return meti_workbook


@pytest.fixture(scope="session")
def meti_rows() -> tuple[tuple[object, ...], ...]:
    """The rows of a small list of METI's form, the header first."""
    return METI_ROWS


@pytest.fixture(scope="session")
def files() -> dict[str, ListFile]:
    """A whole file of every format, by the name of the format."""
    tables = {
        "source": {"url": "https://example.org"},
        "sourceGeneratedAt": "2026-08-01T00:00:00Z",
        "entryCount": 1,
        "listAuthority": {"Entity List (EL) - Office": {"code": "EL", "citation": "15 CFR 744"}},
        "tables": {
            "sources": ["Entity List (EL) - Office"],
            "licenceRequirements": ["All"],
            "licencePolicies": ["Denial"],
            "programmes": [],
        },
        "entries": [{"n": "Sample", "s": 0, "lr": 0, "lp": 0, "fr": "90 FR 14046", "c": ["CN"]}],
    }
    return {
        "csl-json": ListFile("consolidated.json", csl_json([csl_row(number) for number in range(5)])),
        "csl-csv": sample("csl.csv"),
        "csl-tables": ListFile("screening-list.json", json.dumps(tables).encode()),
        "registry": ListFile("cn.json", json.dumps(MOFCOM, ensure_ascii=False).encode()),
        "mofcom": sample("mofcom_2025-13.txt"),
        "meti": ListFile("20260929_4.xlsx", meti_workbook()),
        "entity-list": ListFile("supplement-4.html", ENTITY_LIST.encode()),
        "sdn-advanced": ListFile("SDN_ADVANCED.XML", ADVANCED.encode()),
        "un": ListFile("consolidated.xml", UNITED_NATIONS.encode()),
        "dpl": sample("dpl.txt"),
        "1260h": ListFile("1260h.csv", FACTS_1260H.encode()),
        "1260h-periods": ListFile("sanctions.csv", PERIODS_1260H.encode()),
        "sdn-csv": own_aliases(sample("sdn.csv")),
    }


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty store of lists of a test's own, which the command uses too."""
    from lexloci.parties import lists

    monkeypatch.setenv("LEXLOCI_LISTS", str(tmp_path / "lists"))
    lists.forget()
    return tmp_path / "lists"


@pytest.fixture
def write(tmp_path: Path) -> Callable[[ListFile], Path]:
    """Writes a file and those beside it, and returns where."""

    def to_disk(file: ListFile) -> Path:
        for name, content in {**file.siblings, file.name: file.content}.items():
            (tmp_path / name).write_bytes(content)
        return tmp_path / file.name

    return to_disk
