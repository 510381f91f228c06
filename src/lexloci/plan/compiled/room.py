"""What is free of each resource, as steps over the hours: finds the first hour from which an option has what it uses.

A pool on which some dozens of jobs run has some dozens of steps, and thousands of hours.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lexloci.plan.compiled.loops import lent
from lexloci.plan.compiled.tables import Ints, Tables


class Room(NamedTuple):
    """``free[r, k]`` units of resource ``r`` are free from hour ``begin[r, k]`` until step ``k + 1`` begins.

    Resource ``r`` has ``size[r]`` steps; the last begins at the horizon and holds less than nothing, so nothing fits.
    """

    begin: Ints
    free: Ints
    size: Ints


def room(capacity: Ints, jobs: int) -> Room:
    """The steps of ``capacity[resource, hour]``, with space for the steps that so many jobs make."""
    count, horizon = capacity.shape
    turns = [[0, *(np.flatnonzero(np.diff(row)) + 1).tolist()] if horizon else [] for row in capacity]
    width = max((len(row) for row in turns), default=0) + 2 * jobs + 2
    table = np.zeros((2, count, width), dtype=np.int64)
    made = Room(table[0], table[1], np.zeros(count, dtype=np.int64))
    for resource, hours in enumerate(turns):
        made.size[resource] = len(hours) + 1
        made.begin[resource, : len(hours) + 1] = [*hours, horizon]
        made.free[resource, : len(hours) + 1] = [*capacity[resource, hours].tolist(), -1]
    return made


@lent
def step_at(room: Room, resource: int, hour: int) -> int:
    """The step in which an hour lies."""
    low, high = 0, room.size[resource] - 1
    while low < high:
        middle = (low + high + 1) // 2
        if room.begin[resource, middle] <= hour:
            low = middle
        else:
            high = middle - 1
    return low


@lent
def _cut(room: Room, resource: int, hour: int) -> int:
    """The step that begins at an hour; made where there is none."""
    step = step_at(room, resource, hour)
    if room.begin[resource, step] == hour:
        return step
    for place in range(room.size[resource], step + 1, -1):
        room.begin[resource, place] = room.begin[resource, place - 1]
        room.free[resource, place] = room.free[resource, place - 1]
    room.begin[resource, step + 1], room.free[resource, step + 1] = hour, room.free[resource, step]
    room.size[resource] += 1
    return step + 1


@lent
def _join(room: Room, resource: int, step: int) -> None:
    """Drop a step that holds as much as the one before it."""
    if step == 0 or room.free[resource, step] != room.free[resource, step - 1]:
        return
    room.size[resource] -= 1
    for place in range(step, room.size[resource]):
        room.begin[resource, place] = room.begin[resource, place + 1]
        room.free[resource, place] = room.free[resource, place + 1]


@lent
def take(t: Tables, option: int, start: int, room: Room, sign: int) -> None:
    """Take what an option uses from what is free (``sign`` 1), or give it back (-1)."""
    for column in range(2):
        resource = t.uses[option, column]
        if resource >= 0:
            first = _cut(room, resource, start)
            after = _cut(room, resource, start + t.hours[option])
            for step in range(first, after):
                room.free[resource, step] -= sign * t.amounts[option, column]
            _join(room, resource, after)
            _join(room, resource, first)


@lent
def _free_from(room: Room, resource: int, amount: int, hours: int, start: int, high: int) -> int:
    """The first hour from ``start`` on from which so much is free for so many hours; ``high`` if none is before it."""
    step = step_at(room, resource, start)
    while start < high:
        if room.free[resource, step] < amount:
            if step + 1 == room.size[resource]:
                return high
            start = room.begin[resource, step + 1]
        elif room.begin[resource, step + 1] >= start + hours:
            return start
        step += 1
    return high


@lent
def first_fit(t: Tables, option: int, start: int, high: int, room: Room) -> int:
    """The first hour in ``[start, high)`` at which an option may start and has all that it uses; ``high`` if none."""
    while start < high:
        begun = start
        for row in range(t.gap[option], t.gap[option + 1]):
            if t.gaps[row, 0] <= start < t.gaps[row, 1]:
                start = t.gaps[row, 1]
        for column in range(2):
            resource = t.uses[option, column]
            if resource >= 0 and start < high:
                start = _free_from(room, resource, t.amounts[option, column], t.hours[option], start, high)
        if start == begun:
            return start
    return high
