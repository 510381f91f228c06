"""Pieces shared out to several processes come back as from one: the same results, the same order, the same error."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Iterator

import pytest

from lexloci.parties.in_order import AHEAD, FEWEST, in_order

PARENT = os.getpid()


def square(number: int) -> int:
    if number < 0:
        raise ValueError(f"negative: {number}")
    return number * number


def die_once(number: int) -> int:
    if number == 7 and os.getpid() != PARENT:
        os.kill(os.getpid(), signal.SIGKILL)
    return square(number)


def numbers_and_then(error: Exception, most: int) -> Iterator[int]:
    yield from range(most)
    raise error


@pytest.mark.parametrize("processes", [1, 2, 3])
@pytest.mark.parametrize("pieces", [0, 1, FEWEST - 1, FEWEST, 50])
def test_results_and_order_are_those_of_one_process(processes: int, pieces: int) -> None:
    assert list(in_order(square, iter(range(pieces)), processes=processes)) == [n * n for n in range(pieces)]


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("most", [2, 30])
def test_an_error_of_the_pieces_comes_after_the_results_before_it(processes: int, most: int) -> None:
    found = []
    with pytest.raises(ValueError, match="the file ends here"):
        found.extend(in_order(square, numbers_and_then(ValueError("the file ends here"), most), processes=processes))
    assert found == [n * n for n in range(most)]


@pytest.mark.parametrize("processes", [1, 2])
def test_an_error_of_the_work_comes_after_the_results_before_it(processes: int) -> None:
    found = []
    with pytest.raises(ValueError, match="negative: -1"):
        found.extend(in_order(square, iter([1, 2, 3, 4, 5, -1, 6]), processes=processes))
    assert found == [1, 4, 9, 16, 25]


def test_a_process_that_dies_loses_nothing() -> None:
    assert list(in_order(die_once, iter(range(30)), processes=2)) == [n * n for n in range(30)]


def test_pieces_are_read_as_they_are_wanted() -> None:
    read = []

    def pieces() -> Iterator[int]:
        for number in range(1000):
            read.append(number)
            yield number

    results = in_order(square, pieces(), processes=2)
    assert next(results) == 0
    assert len(read) <= FEWEST + 2 * AHEAD
    results.close()


def test_no_process_outlives_a_parent_that_was_killed() -> None:
    inner, outer = os.pipe()
    parent = os.fork()
    if parent == 0:
        os.setpgid(0, 0)
        for pid in in_order(lambda _: os.getpid(), iter(range(1000)), processes=2):
            os.write(outer, f"{pid}\n".encode())
            if pid != os.getpid():
                break
        os.kill(os.getpid(), signal.SIGKILL)
    os.close(outer)
    os.waitpid(parent, 0)
    told = b""
    while (is_told := select.select([inner], [], [], 20)[0]) and (more := os.read(inner, 4096)):
        told += more
    os.close(inner)
    if not is_told:  # the pipe has no end: a process holds it
        os.killpg(parent, signal.SIGKILL)
    assert told
    assert is_told
