"""Work on pieces one after another, or in several processes at a time; the results are the same, in the same order."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from typing import Any, Final, TypeVar

FEWEST: Final = 4  # pieces; for fewer the processes cost more than they save
AHEAD: Final = 3  # pieces that are given out for each process, so that none waits and a long file is not held whole

Piece = TypeVar("Piece")
Result = TypeVar("Result")
_work: list[Callable[[Any], Any]] = []  # what the processes do: they inherit it, with all that it holds


def cores() -> int:
    """How many cores this process may use; 1 where processes cannot share what this one has in memory."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def in_order(
    work: Callable[[Piece], Result], pieces: Iterator[Piece], *, processes: int | None = None
) -> Iterator[Result]:
    """The result of each piece, in their order; ``processes`` at a time (None: as many as there are cores).

    An error of a piece, or of the iterator of pieces, is raised after the results of all pieces before it.
    """
    several = cores() if processes is None else processes
    if several < 2:
        yield from map(work, pieces)
        return
    first, broken = _read(pieces, FEWEST)
    if len(first) < FEWEST:
        yield from map(work, first)
        if broken is not None:
            raise broken
        return
    yield from _shared(work, chain(first, pieces), several)


def _shared(work: Callable[[Piece], Result], pieces: Iterator[Piece], several: int) -> Iterator[Result]:
    gc.freeze()  # what is here already is left alone by the collectors of the processes, and so stays shared
    _work.append(work)
    context = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(several, mp_context=context, initializer=_follow_the_parent)
    given: deque[tuple[Piece, Future[Result]]] = deque()
    unsent: deque[Piece] = deque()
    broken: Exception | None = None
    try:
        while broken is None or given:
            if broken is None:
                more, broken = _read(pieces, AHEAD * several - len(given))
                unsent.extend(more)
                while unsent:
                    given.append((unsent[0], pool.submit(_do, unsent[0])))
                    unsent.popleft()
            if not given:
                break
            result = given[0][1].result()
            given.popleft()
            yield result
    except BrokenProcessPool:  # a process was killed, for want of memory as a rule: this one goes on alone
        yield from map(work, [*(piece for piece, _ in given), *unsent])
        if broken is None:
            yield from map(work, pieces)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        _work.pop()
        gc.unfreeze()
    if broken is not None:
        raise broken


def _read(pieces: Iterator[Piece], most: int) -> tuple[list[Piece], Exception | None]:
    """Up to ``most`` pieces, and the error that ended them."""
    found: list[Piece] = []
    try:
        found.extend(islice(pieces, most))
    except Exception as error:  # noqa: BLE001 - it is raised in its turn
        return found, error
    return found, None


def _follow_the_parent() -> None:
    """A process leaves interrupts to its parent, and ends with it, however that was ended: it would wait for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_parent, daemon=True).start()


def _end_with_the_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _do(piece: Any) -> Any:
    return _work[-1](piece)
