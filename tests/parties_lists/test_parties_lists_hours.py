"""Files that are made to take hours are read or refused in a blink."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

import pytest

from lexloci.parties.importers.file import ListFile, UnreadableListError
from lexloci.parties.importers.formats import read_list

BLANKS = " " * 190_000


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """Fails what goes on for longer: hours where it should be a blink."""

    def stop(number: int, frame: FrameType | None) -> None:
        pytest.fail(f"it goes on for more than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _html(text: str) -> Callable[[Any], ListFile]:
    return lambda entity_list: ListFile("a.html", entity_list.replace("Third", text * 3_000_000).encode())


@pytest.mark.slow
@pytest.mark.parametrize(
    "make",
    [
        pytest.param(
            lambda _: ListFile("a.json", json.dumps([{"raw": f"A{BLANKS[:190_000]}b"}]).encode()), id="a raw cell"
        ),
        pytest.param(
            lambda _: ListFile(
                "a.txt",
                "Name\tStreet_Address\tCity\tState\tCountry\tPostal_Code\tEffective_Date\tExpiration_Date\tStandard_Order\t"
                f"Last_Update\tAction\tFR_Citation\nA{BLANKS[:120_000]}b{chr(9) * 11}\n".encode(),
            ),
            id="a name",
        ),
        pytest.param(
            lambda _: ListFile("a.txt", ("关注名单" + ("决定将" * 60_000 + "\n") * 5).encode()), id="decisions"
        ),
        pytest.param(_html("<"), id="brackets in a cell"),
        pytest.param(
            lambda _: ListFile(
                "a.csv",
                "Country,Entity,License Requirement,License Review Policy,Federal Register Citation\n".join(
                    f"CHINA,A{n},{'?' * (130_000 - n)},,\n" for n in range(9)
                ).encode(),
            ),
            id="question marks in a licence",
        ),
        pytest.param(
            lambda _: ListFile(
                "a.json",
                json.dumps(
                    [{"raw": f"A{n}, a.k.a., the following one alias: -{'a. ' * 60_000}x"} for n in range(3)]
                ).encode(),
            ),
            id="points in an alias",
        ),
    ],
)
def test_what_is_made_to_take_hours_is_read_or_refused(make: Callable[[str], ListFile], entity_list: str) -> None:
    with at_most(60), suppress(UnreadableListError):
        read_list(make(entity_list))
