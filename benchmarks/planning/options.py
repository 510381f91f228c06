"""Times the options of a large portfolio: ``python -m benchmarks.planning.options [WORKLOADS [POOLS [DAYS]]]``.

The portfolio is invented from the example of South-East Asia, as in the tests (``tests/plan/plan_large.py``). Prints
seconds of the processor, pairs, segments, and how many acts the law was asked about: a figure that does not depend on
the machine. Python's collector of left-over objects runs as seldom as in the command.
"""

from __future__ import annotations

import gc
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "plan"))

from plan_large import large_portfolio

from lexloci.cli.main import COLLECTOR
from lexloci.plan.planner import answers_of, judge_for
from lexloci.rulebook.book import bundled_rulebook


def main(workloads: int, pools: int, days: int) -> None:
    """Build, ask, print."""
    gc.set_threshold(*COLLECTOR)
    judge = judge_for(large_portfolio(workloads, pools, days), bundled_rulebook())
    begun = time.process_time()
    judge.breakpoints  # noqa: B018 -- reads the lists, which is timed apart
    listed = time.process_time()
    answers = [one for found in answers_of(judge).values() for one in found]
    answered = time.process_time()
    sys.stdout.write(
        f"{workloads} workloads x {pools} pools x {days} days: lists {listed - begun:.1f} s, "
        f"options {answered - listed:.1f} s of the processor; {len(answers)} pairs, "
        f"{sum(len(one.answered) for one in answers)} segments, {sum(len(one.choices) for one in answers)} options, "
        f"{judge.asked} acts asked, {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB\n"
    )


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:]]
    main(*given, *(500, 50, 730)[len(given) :])
