"""Who works the tasks off: this process, several processes, or a Ray cluster; the results are the same.

A worker that dies loses nothing: the results that were handed over are kept, and its task is given out again. Where
workers die again and again without one result between, the run ends in an error, for the fault is in the task.
"""

from __future__ import annotations

import logging
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from typing import Any, Self

from lexloci.model.errors import LexlociError
from lexloci.scenario.bench import Bench, Setup, Trial
from lexloci.scenario.futures import Result
from lexloci.scenario.keep import Task

Progress = Callable[[str], None]
Done = tuple[Task, Result]
Work = Callable[[Task], Result]
_MOST_DEATHS = 5
_MOST_STARTS = 3
_bench: dict[str, Bench] = {}


@dataclass(frozen=True, slots=True)
class Sharing:
    """Who works: so many processes, or the Ray cluster at an address; and who is told how far it is."""

    workers: int = 1
    ray: str | None = None
    progress: Progress | None = None


ALONE = Sharing()


class Crew:
    """The processes of one question: they stay for several lots of tasks, and each keeps what it has worked out."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave(wait=True)

    def pool(self, setup: Setup) -> ProcessPoolExecutor:
        """The processes at work; started where there are none."""
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self.workers, context, initializer=_begin, initargs=(setup,))
        return self._pool

    def leave(self, *, wait: bool) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(wait=wait, cancel_futures=True)
        self._pool = None


def work_off(
    setup: Setup,
    tasks: Sequence[Task],
    *,
    workers: int = 1,
    ray: str | None = None,
    bench: Bench | None = None,
    crew: Crew | None = None,
) -> Iterator[Done]:
    """The result of every task, in the order in which they are done.

    ``workers`` processes where there are several, those of ``crew`` where one is given; ``ray``: the address of a
    cluster, ``local`` starts one here.
    """
    if ray is not None:
        return _on_ray(setup, tasks, ray)
    if workers > 1 and len(tasks) > 1:
        return _in_processes(setup, tasks, crew) if crew else _by_a_crew_of_its_own(setup, tasks, workers)
    ready = bench or Bench(setup)
    return ((task, ready.work(task)) for task in tasks)


def _begin(setup: Setup) -> None:
    _bench["here"] = Bench(setup)


def _work(task: Task, trial: Trial) -> Result:
    bench = _bench["here"]
    bench.setup = replace(bench.setup, trials={task[0]: trial})
    return bench.work(task)


def _by_a_crew_of_its_own(setup: Setup, tasks: Sequence[Task], workers: int) -> Iterator[Done]:
    with Crew(workers) as crew:
        yield from _in_processes(setup, tasks, crew)


def _in_processes(setup: Setup, tasks: Sequence[Task], crew: Crew) -> Iterator[Done]:
    left = dict.fromkeys(tasks)
    deaths = 0
    while left:
        before = len(left)
        try:
            pool = crew.pool(setup)
            running: dict[Future[Result], Task] = {
                pool.submit(_work, task, setup.trials[task[0]]): task for task in left
            }
            while running:
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    task = running.pop(future)
                    result = future.result()
                    del left[task]
                    yield task, result
        except BrokenProcessPool:
            crew.leave(wait=True)
            deaths = 0 if len(left) < before else deaths + 1
            if deaths >= _MOST_DEATHS:
                raise LexlociError(f"{deaths} times in a row a worker died without a result; try --workers 1") from None
        except BaseException:
            crew.leave(wait=False)
            raise


def _on_ray(setup: Setup, tasks: Sequence[Task], address: str) -> Iterator[Done]:
    ray = _ray_at(address)
    shared = ray.put(setup)
    key = setup.digest()
    remote = ray.remote(num_cpus=1, max_retries=-1)(_work_far)
    try:
        running: dict[Any, Task] = {remote.remote(shared, key, task): task for task in tasks}
        while running:
            done, _ = ray.wait(list(running), num_returns=1)
            for reference in done:
                yield running.pop(reference), ray.get(reference)
    finally:
        ray.shutdown()


def _work_far(setup: Setup, key: str, task: Task) -> Result:
    """One task in a worker of the cluster, which keeps the bench of one question at a time."""
    if key not in _bench:
        _bench.clear()
        _bench[key] = Bench(setup)
    return _bench[key].work(task)


def _ray_at(address: str) -> Any:
    try:
        import ray
    except ImportError:
        raise LexlociError("--ray needs the package ray: install lexloci[ray]") from None
    here: dict[str, Any] = (
        {"address": "local", "include_dashboard": False} if address == "local" else {"address": address}
    )
    for tries in range(_MOST_STARTS):
        try:
            ray.init(**here, log_to_driver=False, logging_level=logging.ERROR)
            break
        except Exception as error:  # noqa: BLE001 -- Ray raises a bare one
            # A node of its own that a busy machine starts too slowly ends in a bare Exception: it may start next time.
            ray.shutdown()
            if address == "local" and tries < _MOST_STARTS - 1:
                continue
            why = (str(error) or type(error).__name__).splitlines()[0]
            raise LexlociError(f"--ray {address}: no cluster answers: {why}; name its address, or local") from None
    return ray
