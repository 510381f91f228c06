"""A file of a list as it was given, what an importer makes of it, and the limits that no honest file reaches."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeVar

from lexloci.model.errors import LexlociError
from lexloci.parties.importers.repair import LONGEST_NAME
from lexloci.parties.listing import ListedParty

MAX_BYTES: Final = 512 * 2**20  # SDN_ADVANCED.XML, the largest of the official files, has about 120 MiB
MAX_ROWS: Final = 500_000  # the Consolidated Screening List has 26,000
MAX_NAMES: Final = 2_000  # of one party; the most in the lists of 2026-07-31 is 93
MAX_CELL: Final = 200_000  # letters; the longest cell of the lists of 2026-07-31, all aliases of a party, has 5,000
MAX_ELEMENTS: Final = 100_000  # of XML in one party, or in all reference values, which have some 2,000
MAX_DEPTH: Final = 40  # of elements in XML; the official files stay below 12
# UTF-8 that was read as Windows-1252 and written again: no language writes these pairs inside a word.
MOJIBAKE: Final = re.compile(
    "Ã[\u0080-\u00bf\u0152-\u0178\u2018-\u20ac]|Â[\u00a0-\u00bf]|â€[\u0080-\u00bf\u2018-\u2122]|ï»¿"
)

Raw = TypeVar("Raw")
Row = TypeVar("Row")
HALF_OF_A_PAIR: Final = re.compile(r"\\u[dD][89a-fA-F]")
# What an importer may stumble over in a hostile file: each of these is the file's fault and becomes one line.
FAULTS: Final = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, RecursionError)
LOST_SECTION: Final = re.compile(r"\? *\d{3}\.\d")  # "See ? 744.11", where "§ 744.11" stood


class UnreadableListError(LexlociError):
    """A file that is no list, or not the whole of one; its text is one line, printable and short."""

    def __init__(self, text: str) -> None:
        super().__init__(shown(text, 300))


@dataclass(frozen=True)
class ListFile:
    """A file as it was given: its name, its bytes, and the files beside it that belong to the same edition."""

    name: str
    content: bytes
    siblings: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """What an importer read: the rows, the lists that the file speaks for, its day where it states one.

    ``titles`` names lists that lexloci does not know by itself. ``doubts`` are reasons to let a person look
    before the file is used. Absence from the lists in ``extracts`` says nothing; to those in ``adds_to`` the file
    only adds, and they stay of their own day.
    """

    rows: tuple[ListedParty, ...]
    codes: tuple[str, ...]
    dated: date | None = None
    doubts: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    extracts: tuple[str, ...] = ()
    adds_to: tuple[str, ...] = ()


def text_of(content: bytes) -> str:
    """The text of a file that must be UTF-8. UnreadableListError where it is not, or holds no text at all."""
    if not content.strip(b"\x1a\r\n\t \xef\xbb\xbf"):
        raise UnreadableListError("it is empty")
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise UnreadableListError("it is written in UTF-16 and not in UTF-8: a wrong encoding")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableListError(
            f"line {line}: the byte 0x{content[error.start]:02X} is no UTF-8: a wrong encoding"
        ) from None
    text = text.removesuffix("\x1a")  # OFAC's files end with the mark of an old system
    if "\x00" in text:
        raise UnreadableListError(f"line {text.count(chr(10), 0, text.index(chr(0))) + 1}: it holds null bytes")
    return text


def told(error: Exception) -> str:
    """What an importer stumbled over, in words."""
    if isinstance(error, KeyError):
        return f"the field {shown(repr(error.args[0] if error.args else ''))} is missing"
    if isinstance(error, ValueError):
        return shown(str(error))
    return f"a part of it has another form than it should ({shown(str(error))})"


def each_row(raws: Iterable[Raw], read: Callable[[Raw], Row]) -> Iterator[Row]:
    """What a reader makes of each row; ValueError with the number of the row that it stumbles over."""
    for number, raw in enumerate(raws, 1):
        try:
            row = read(raw)
        except UnreadableListError:
            raise
        except FAULTS as error:
            raise ValueError(f"row {number}: {told(error)}") from None
        yield row


def encoding_doubts(rows: Sequence[ListedParty]) -> tuple[str, ...]:
    """Whether names look as if the file had been written in another encoding than it was read in."""
    names = (name for row in rows for name in (*row.names, *row.weak_names) if not name.isascii())
    spoilt = [name for name in names if "\ufffd" in name or MOJIBAKE.search(name)]
    words = {word for row in rows for word in (row.licence_requirement, row.licence_policy, row.citation)}
    sections = [word for word in words if "\ufffd" in word or MOJIBAKE.search(word) or LOST_SECTION.search(word)]
    found = {"names": spoilt, "texts of licences": sorted(sections)}
    return tuple(
        f'{len(texts)} {what} are spoilt by a wrong encoding, such as "{_plain(texts[0])}"'
        for what, texts in found.items()
        if texts
    )


def _plain(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode()[:60]


def json_of(content: bytes) -> Any:
    """The value of a JSON file. UnreadableListError where it is cut off, nested too deep or no JSON."""
    text = text_of(content)
    try:
        value = json.loads(text)
        if HALF_OF_A_PAIR.search(text):
            json.dumps(value, ensure_ascii=False).encode()
        return value
    except UnicodeEncodeError:
        raise UnreadableListError(
            "it holds half of a character (an escape such as \\ud800): a wrong encoding"
        ) from None
    except json.JSONDecodeError as error:
        is_cut = error.pos >= len(text.rstrip()) - 1 or error.msg.startswith("Unterminated string")
        cut = "; it seems cut off" if is_cut else ""
        raise UnreadableListError(f"line {error.lineno}: it is no JSON ({error.msg}){cut}") from None
    except RecursionError:
        raise UnreadableListError("it is nested too deep to be a list") from None
    except ValueError as error:
        raise UnreadableListError(f"it is no JSON ({str(error)[:80]})") from None


def csv_rows(content: bytes, *, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """The records of a CSV file with the line on which each ends. UnreadableListError where one is malformed."""
    text = text_of(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for record in reader:
            if record:
                yield reader.line_num, record
    except csv.Error as error:
        cut = ": it seems cut off" if "end of data" in str(error) else ""
        raise UnreadableListError(f"line {reader.line_num}: it is no CSV ({error}){cut}") from None


def csv_table(
    content: bytes, headers: Sequence[Sequence[str]], *, delimiter: str = ","
) -> tuple[list[dict[str, str]], tuple[str, ...]]:
    """The records of a CSV file by column, and doubts. The header must be one of those given.

    A column that is missing is refused; further columns, or another order, are a doubt.
    """
    records = csv_rows(content, delimiter=delimiter)
    _, header = next(records, (0, []))
    header = [name.strip() for name in header]
    known = next((one for one in headers if list(one) == header), None)
    missing = min(([name for name in one if name not in header] for one in headers), key=len)
    if missing:
        raise UnreadableListError(f"its header has changed: the columns {', '.join(missing)} are missing")
    if len(set(header)) != len(header):
        raise UnreadableListError("its header has changed: a column stands there twice")
    doubts = () if known else (f"its header has changed: it now is {', '.join(header)}"[:200],)
    rows = []
    for line, record in records:
        if len(record) != len(header):
            raise UnreadableListError(f"line {line}: {len(record)} fields instead of {len(header)}")
        rows.append(dict(zip(header, record, strict=True)))
    return rows, (*doubts, *end_doubts(content))


def end_doubts(content: bytes) -> tuple[str, ...]:
    """Whether the last line of a file of lines stops within an open cell."""
    is_open = bool(content) and not content.rstrip(b"\x1a").endswith((b"\n", b"\r", b'"'))
    return ("its last line has no end: it seems cut off",) if is_open else ()


def checked(rows: Sequence[ListedParty]) -> tuple[ListedParty, ...]:
    """The rows, where they are as many as a list may have, and each has names as many as a party may have."""
    if not rows:
        raise UnreadableListError("it holds no party")
    if len(rows) > MAX_ROWS:
        raise UnreadableListError(f"it holds {len(rows)} rows; no list has more than {MAX_ROWS}")
    for row in rows:
        longest = max(map(len, (*row.names, *row.weak_names)))
        if longest > LONGEST_NAME:
            text = f"a name has {longest} letters; no name has more than {LONGEST_NAME}"
            raise UnreadableListError(f'"{shown(row.name)}": {text}')
        if len(row.names) + len(row.weak_names) > MAX_NAMES:
            many = len(row.names) + len(row.weak_names)
            raise UnreadableListError(f'"{shown(row.name)}" has {many} names; no party has more than {MAX_NAMES}')
    return tuple(rows)


def shown(text: str, longest: int = 80) -> str:
    """A text of a file as it may stand in a message: one line, printable, short."""
    return "".join(letter if letter.isprintable() else "?" for letter in text[:longest])


def plain(value: Any) -> str:
    """A cell of JSON as text: empty for null. ValueError for anything that is no single value."""
    if value is None:
        return ""
    if not isinstance(value, str) and isinstance(value, bool | dict | list):
        raise ValueError(f"{shown(json.dumps(value)[:40])} stands where a text should")  # noqa: TRY004
    text = str(value)
    if len(text) > MAX_CELL:
        raise ValueError(f"a cell has {len(text)} letters; no cell has more than {MAX_CELL}")
    return text


def texts(value: Any) -> list[str]:
    """A cell of JSON as a list of texts: empty for null. ValueError where it is no list of texts."""
    if value is None or value == "":
        return []
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list):
        raise ValueError(f"{shown(str(value)[:40])} stands where a list should")  # noqa: TRY004
    if len(value) > MAX_NAMES:
        raise ValueError(f"a list of {len(value)} texts; a party has no more than {MAX_NAMES}")
    return [plain(one) for one in value]


def day_of(text: str) -> date | None:
    """The day that a cell begins with, as 2026-07-31 or 07/31/2026; None where it is empty. ValueError for another."""
    text = text.strip()
    if not text:
        return None
    match = re.match(r"(\d{1,2})/(\d{1,2})/(\d{4})$", text)
    if match:
        return date(int(match[3]), int(match[1]), int(match[2]))
    return date.fromisoformat(text[:10])
