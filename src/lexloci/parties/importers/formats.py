"""Which formats of lists there are, how each is recognised by its content, and the one way to read any of them.

Whatever a file holds, ``read_list`` gives a ``Reading`` or raises UnreadableListError with one line.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from lexloci.model.errors import LexlociError
from lexloci.parties.collector import collector_at_rest
from lexloci.parties.importers.csl import read_csl_csv, read_csl_json
from lexloci.parties.importers.csl_tables import read_csl_tables
from lexloci.parties.importers.dpl import read_dpl
from lexloci.parties.importers.entity_list_table import read_entity_list
from lexloci.parties.importers.file import FAULTS, MAX_BYTES, ListFile, Reading, UnreadableListError, shown, told
from lexloci.parties.importers.meti import read_meti
from lexloci.parties.importers.mofcom import read_mofcom
from lexloci.parties.importers.registry import read_registry
from lexloci.parties.importers.sdn_advanced import read_sdn_advanced
from lexloci.parties.importers.sdn_csv import read_sdn_csv
from lexloci.parties.importers.section_1260h import read_1260h
from lexloci.parties.importers.section_1260h_periods import read_1260h_periods
from lexloci.parties.importers.un import read_un

_HEAD: Final = 65536


@dataclass(frozen=True, slots=True)
class ListFormat:
    """A format: its name on the command line, what it is, a pattern of its beginning, and its reader."""

    name: str
    title: str
    begins: re.Pattern[str]
    read: Callable[[ListFile], Reading]


def _format(name: str, title: str, begins: str, read: Callable[[ListFile], Reading]) -> ListFormat:
    return ListFormat(name, title, re.compile(begins, re.IGNORECASE | re.DOTALL), read)


FORMATS: Final = (
    _format(
        "csl-json", "Consolidated Screening List, JSON", r'^\s*\{(?:(?!"tables"\s*:).)*?"results"\s*:', read_csl_json
    ),
    _format("csl-csv", "Consolidated Screening List, CSV", r'^"?(?:_id"?,"?)?source"?,"?entity_number', read_csl_csv),
    _format(
        "csl-tables",
        "Consolidated Screening List, JSON with lookup tables",
        r'^\s*\{.*?"(?:countsBySource|listAuthority)"\s*:',
        read_csl_tables,
    ),
    _format(
        "registry",
        "MOFCOM's lists or METI's list, JSON registry",
        r'^\s*\[\s*\{[^}]*?"(?:list_id|entity_name)"\s*:',
        read_registry,
    ),
    _format(
        "mofcom",
        "announcement of China's Ministry of Commerce, text or page",
        r"^(?![\[{]).*?(?:出口管制管控名单|关注名单|不可靠实体清单)",
        read_mofcom,
    ),
    _format(
        "meti",
        "METI's end user list, the workbook (.xlsx) or its table as CSV",
        r'^(?:PK\x03\x04|"?No\.?"?,"?(?:国名|Country))',
        read_meti,
    ),
    _format(
        "entity-list",
        "Entity List, its table as HTML, XML, CSV or JSON",
        r'^\s*(?:\[\s*\{[^}]*?"raw"\s*:|"?country"?,"?entity"?,|<.*?license\s+requirement)',
        read_entity_list,
    ),
    _format(
        "sdn-advanced", "OFAC, SDN_ADVANCED.XML", r"^\s*+(?:<\?xml.*?\?>\s*+)?<(?:\w+:)?Sanctions\b", read_sdn_advanced
    ),
    _format("un", "United Nations Consolidated List, XML", r"^\s*+(?:<\?xml.*?\?>\s*+)?<CONSOLIDATED_LIST\b", read_un),
    _format("dpl", "Denied Persons List, DPL.TXT", r'^"?Name"?\t"?Street_Address', read_dpl),
    _format("1260h", "Section 1260H, table of facts by edition", r"^name,(?:aliases,)?first_listed,", read_1260h),
    _format(
        "1260h-periods",
        "Section 1260H, CSV with a row for each period of a listing",
        r"^Name,Clean Name,Alias,",
        read_1260h_periods,
    ),
    _format("sdn-csv", "OFAC, SDN.CSV with ALT.CSV and ADD.CSV beside it", r'^\d{1,9},"[^"]+",[^,]*,', read_sdn_csv),
)
_PART_OF_SDN: Final = re.compile(r'^\d{1,9},\d{1,9},|^\d{1,9},"[^"]*"\s*$', re.MULTILINE)
_TEXT_OF_1260H: Final = re.compile(r"section 1260H|Chinese military compan(?:y|ies)", re.IGNORECASE)
_NAMES: Final = ", ".join(one.name for one in FORMATS)


def format_of(file: ListFile, name: str | None = None) -> ListFormat:
    """The format of a name, or the one whose beginning the file has. UnreadableListError where there is none.

    LexlociError for a name of no format: that is not the file's fault.
    """
    if name is not None:
        known = next((one for one in FORMATS if one.name == name), None)
        if known is None:
            raise LexlociError(f'"{shown(name)}" is no format; give --format one of {_NAMES}')
        return known
    head = file.content[:_HEAD].decode("utf-8-sig", "replace")
    for one in FORMATS:
        if one.begins.search(head):
            return one
    if _PART_OF_SDN.match(head):
        raise UnreadableListError("it looks like a part of OFAC's SDN list: name SDN.CSV, with this file beside it")
    if not file.content.strip():
        raise UnreadableListError("it is empty")
    if file.content[:5] == b"%PDF-":
        raise UnreadableListError(
            "it is a PDF, which is not read: give METI's list as its workbook (.xlsx), 1260H as a table (1260h or "
            "1260h-periods), the Entity List as the table of the eCFR"
        )
    if _TEXT_OF_1260H.search(head):
        raise UnreadableListError(
            "it is a notice or a text about section 1260H, which is not read: give its parties as a table (1260h or "
            "1260h-periods)"
        )
    if b"\x00" in file.content[:_HEAD]:
        raise UnreadableListError("it holds null bytes: it is no text in UTF-8, a wrong encoding perhaps")
    raise UnreadableListError(f"its beginning is that of no list that is known: give --format, one of {_NAMES}")


@collector_at_rest()
def read_list(file: ListFile, name: str | None = None) -> tuple[ListFormat, Reading]:
    """The format and what was read. UnreadableListError, in one line, for whatever is no whole list."""
    if len(file.content) > MAX_BYTES:
        raise UnreadableListError(f"it has more than {MAX_BYTES // 2**20} MiB: no list has")
    form = format_of(file, name)
    try:
        reading = form.read(file)
    except UnreadableListError:
        raise
    except FAULTS as error:
        raise UnreadableListError(f"it is not as {form.title} is: {told(error)}") from None
    return form, reading
