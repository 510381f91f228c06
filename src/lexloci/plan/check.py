"""Says which conditions of a problem a schedule breaks; shares no code with what made the schedule.

Everything is recomputed from the fields of the problem with plain loops: the windows, the release and the horizon of
each slot, nodes and power at every hour at which something starts, precedence with delays, the rule of the jobs left
out, and the objective. It calls none of the methods of ``Problem`` and imports none of the solvers.
"""

from __future__ import annotations

from collections.abc import Iterator

from lexloci.plan.problem import Job, Option, Problem, Schedule, Slot

_USD_TOLERANCE = 1e-6
_WATT_TOLERANCE = 1e-3
_Placed = dict[str, tuple[Slot, Option]]


def violations(problem: Problem, schedule: Schedule) -> tuple[str, ...]:
    """Every condition of the problem that the schedule breaks, one line each; empty where it keeps them all."""
    jobs = {job.id: job for job in problem.jobs}
    options = {option.id: option for option in problem.options}
    found = list(_identity(jobs, options, schedule))
    placed: _Placed = {}
    for slot in schedule.slots:
        if slot.job in jobs and slot.option in options:
            placed[slot.job] = (slot, options[slot.option])
    for slot, option in placed.values():
        found += _times(problem, jobs[slot.job], slot, option)
    found += _quotes(problem, schedule)
    found += _nodes(problem, placed, schedule)
    found += _power(problem, placed)
    found += _precedence(problem, jobs, placed)
    found += _money(problem, jobs, placed, schedule)
    found += _limits(problem, schedule)
    return tuple(found)


def _identity(jobs: dict[str, Job], options: dict[str, Option], schedule: Schedule) -> Iterator[str]:
    """Each slot names a job and one of its options; each job is either in one slot or among the unplaced."""
    times_placed = dict.fromkeys(jobs, 0)
    for slot in schedule.slots:
        if slot.job not in jobs:
            yield f"slot of {slot.job}: no such job"
            continue
        times_placed[slot.job] += 1
        if slot.option not in options:
            yield f"job {slot.job}: no such option {slot.option}"
        elif options[slot.option].job != slot.job:
            yield f"job {slot.job}: option {slot.option} belongs to job {options[slot.option].job}"
    for job, times in times_placed.items():
        times_unplaced = schedule.unplaced.count(job)
        if times > 1:
            yield f"job {job}: placed {times} times"
        if times and times_unplaced:
            yield f"job {job}: placed and also listed as unplaced"
        if not times and times_unplaced != 1:
            yield f"job {job}: not placed and listed {times_unplaced} times as unplaced"
    for job in schedule.unplaced:
        if job not in jobs:
            yield f"unplaced {job}: no such job"


def _times(problem: Problem, job: Job, slot: Slot, option: Option) -> Iterator[str]:
    """The slot lies in one window of its option, in the horizon, and not before the release."""
    start, end = slot.start_h, slot.start_h + option.hours
    inside = False
    for window_start, window_end in option.windows_h:
        if window_start <= start and end <= window_end:
            inside = True
    if not inside:
        yield f"job {slot.job}: runs [{start}, {end}) outside every window of option {option.id}"
    if start < 0 or end > problem.horizon_h:
        yield f"job {slot.job}: runs [{start}, {end}) outside the horizon [0, {problem.horizon_h})"
    for pause_start, pause_end in option.pauses_h:
        if not start < pause_start < pause_end < end:
            yield f"job {slot.job}: runs [{start}, {end}), its pause [{pause_start}, {pause_end}) is not within"
    if start < job.release_h:
        yield f"job {slot.job}: starts at {start}, before its release at {job.release_h}"


def _occupied(placed: _Placed) -> Iterator[tuple[int, int, str | None, str, int, float]]:
    """What each option occupies, run by run: start, end, pool, site, nodes, kW."""
    for slot, option in placed.values():
        start, end = slot.start_h, slot.start_h + option.hours
        runs = []
        for pause_start, pause_end in option.pauses_h:
            runs.append((start, pause_start))
            start = pause_end
        runs.append((start, end))
        for first, last in runs:
            yield first, last, option.pool, option.site, option.nodes, option.kw
            for share in option.also:
                yield first, last, share.pool, share.site, share.nodes, share.kw


def _quotes(problem: Problem, schedule: Schedule) -> Iterator[str]:
    """Each quote that is taken begins and ends as it may, is paid for its hours, and is the only one of its pool."""
    quotes = {quote.id: quote for quote in problem.quotes}
    pools_seen: set[str] = set()
    for taken in schedule.quotes:
        if taken.quote not in quotes:
            yield f"quote {taken.quote}: no such quote"
            continue
        quote = quotes[taken.quote]
        if quote.pool in pools_seen:
            yield f"pool {quote.pool}: more than one quote is taken"
        pools_seen.add(quote.pool)
        hours = taken.end_h - taken.start_h
        if not quote.begins_h[0] <= taken.start_h < quote.begins_h[1]:
            yield f"quote {quote.id}: begins at {taken.start_h}, outside [{quote.begins_h[0]}, {quote.begins_h[1]})"
        if taken.start_h % quote.step_h or taken.end_h % quote.step_h:
            yield f"quote {quote.id}: [{taken.start_h}, {taken.end_h}) is not in steps of {quote.step_h} hours"
        if hours < 1 or hours < quote.least_hours:
            yield f"quote {quote.id}: taken for {hours} hours, its minimum term is {quote.least_hours}"
        if quote.last_end_h is not None and taken.end_h > quote.last_end_h:
            yield f"quote {quote.id}: ends at {taken.end_h}, it must have ended by {quote.last_end_h}"
        price = quote.usd + hours * quote.usd_per_hour
        if abs(taken.usd - price) > _USD_TOLERANCE * max(1.0, price):
            yield f"quote {quote.id}: {taken.usd} USD stated, {price} USD computed"


def _nodes(problem: Problem, placed: _Placed, schedule: Schedule) -> Iterator[str]:
    """No pool runs more nodes than it has, at every hour at which its use or its capacity changes."""
    quotes = {quote.id: quote for quote in problem.quotes}
    leased = [(quotes[taken.quote], taken) for taken in schedule.quotes if taken.quote in quotes]
    for pool in problem.pools:
        here = [(start, end, nodes) for start, end, where, _, nodes, _ in _occupied(placed) if where == pool.id]
        hours = {start for start, _, _ in here}
        for start, end, _ in pool.nodes_by_interval:
            hours |= {start, end}
        for quote, taken in leased:
            if quote.pool == pool.id:
                hours |= {taken.start_h, taken.end_h}
        for hour in sorted(hours):
            used = sum(nodes for start, end, nodes in here if start <= hour < end)
            available = 0
            for start, end, nodes in pool.nodes_by_interval:
                if start <= hour < end:
                    available = nodes
            for quote, taken in leased:
                if quote.pool == pool.id and taken.start_h <= hour < taken.end_h:
                    available += quote.nodes
            if used > available:
                yield f"pool {pool.id}: {used} nodes run at hour {hour}, it has {available}"


def _power(problem: Problem, placed: _Placed) -> Iterator[str]:
    """No site draws more than its limit, at every hour at which something starts there."""
    for limit in problem.power:
        here = [(start, end, kw) for start, end, _, site, _, kw in _occupied(placed) if site == limit.site]
        for hour in sorted({start for start, _, _ in here}):
            drawn_kw = sum(kw for start, end, kw in here if start <= hour < end)
            if drawn_kw * 1000 > limit.kw * 1000 + _WATT_TOLERANCE:
                yield f"site {limit.site}: {drawn_kw} kW drawn at hour {hour}, its limit is {limit.kw} kW"


def _precedence(problem: Problem, jobs: dict[str, Job], placed: _Placed) -> Iterator[str]:
    """Each placed job starts after every predecessor's end plus the delay between the sites; none is left out."""
    for slot, option in placed.values():
        for predecessor in jobs[slot.job].after:
            if predecessor not in placed:
                yield f"job {slot.job}: placed although its predecessor {predecessor} is left out"
                continue
            before_slot, before = placed[predecessor]
            table = jobs[predecessor].delay_h
            if table is None:
                table = problem.delay_h
            delay = table.get((before.site, option.site))
            if delay is None and before.site != option.site:
                yield f"job {slot.job}: nothing moves from {before.site} of {predecessor} to {option.site}"
                continue
            ready = before_slot.start_h + before.hours + (delay or 0)
            if slot.start_h < ready:
                yield f"job {slot.job}: starts at {slot.start_h}, its predecessor {predecessor} lets it at {ready}"


def _money(problem: Problem, jobs: dict[str, Job], placed: _Placed, schedule: Schedule) -> Iterator[str]:
    """The parts, the objective and the gap are the sums that they should be, and the bound is not above."""
    cost = lateness = unplaced = 0.0
    for slot, option in placed.values():
        cost += option.usd
        due = jobs[slot.job].due_h
        late_h = 0 if due is None else slot.start_h + option.hours - due
        if late_h > 0:
            lateness += late_h * jobs[slot.job].usd_per_hour_late
    for job in problem.jobs:
        if job.id not in placed:
            unplaced += job.usd_if_unplaced
    quotes = sum(taken.usd for taken in schedule.quotes)
    counted: dict[str, int] = {}
    for _, option in placed.values():
        for group, amount in option.counts:
            counted[group] = counted.get(group, 0) + amount
    peak = problem.usd_per_peak * max([0, *counted.values()])
    objective = cost + lateness + unplaced + quotes + peak
    stated = (
        ("cost", schedule.parts.cost_usd, cost),
        ("lateness", schedule.parts.lateness_usd, lateness),
        ("unplaced", schedule.parts.unplaced_usd, unplaced),
        ("quotes", schedule.parts.quotes_usd, quotes),
        ("peak", schedule.parts.peak_usd, peak),
        ("objective", schedule.objective_usd, objective),
        ("gap", schedule.gap_usd, schedule.objective_usd - schedule.bound_usd),
    )
    for name, claimed, computed in stated:
        if abs(claimed - computed) > _USD_TOLERANCE * max(1.0, objective):
            yield f"{name}: {claimed} USD stated, {computed} USD computed"
    if schedule.bound_usd > schedule.objective_usd:
        yield f"bound: {schedule.bound_usd} USD is above the objective {schedule.objective_usd} USD"


def _limits(problem: Problem, schedule: Schedule) -> Iterator[str]:
    """The schedule, priced as each limit's problem prices it, costs no more than the limit."""
    for number, limit in enumerate(problem.limits, 1):
        jobs = {job.id: job for job in limit.problem.jobs}
        options = {option.id: option for option in limit.problem.options}
        total = 0.0
        counted: dict[str, int] = {}
        seen = set()
        for slot in schedule.slots:
            job, option = jobs[slot.job], options[slot.option]
            seen.add(job.id)
            total += option.usd
            if job.due_h is not None:
                total += max(0, slot.start_h + option.hours - job.due_h) * job.usd_per_hour_late
            for group, amount in option.counts:
                counted[group] = counted.get(group, 0) + amount
        total += sum(job.usd_if_unplaced for job in jobs.values() if job.id not in seen)
        total += limit.problem.usd_per_peak * max([0, *counted.values()])
        prices = {quote.id: quote for quote in limit.problem.quotes}
        for taken in schedule.quotes:
            total += prices[taken.quote].usd + (taken.end_h - taken.start_h) * prices[taken.quote].usd_per_hour
        if total > limit.greatest_usd:
            yield f"limit {number}: {total} is more than {limit.at_most_usd}"
