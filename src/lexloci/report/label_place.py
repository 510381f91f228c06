"""Puts labels beside their marks so that no label covers another label or a mark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

_DISTANCES_PX = (0.0, 14.0, 28.0, 44.0, 62.0, 84.0, 110.0, 140.0, 180.0, 230.0)
_DIRECTIONS = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 1), (-1, -1), (-1, 1))


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the paper, in px."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height

    def overlaps(self, other: Box) -> bool:
        """Whether the two cover a common area."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def holds(self, other: Box) -> bool:
        """Whether the other lies within it."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )


@dataclass(slots=True)
class Labels:
    """The boxes that are taken on a paper of the given frame."""

    frame: Box
    taken: list[Box] = field(default_factory=list)

    def take(self, box: Box) -> None:
        """Keep labels off a box."""
        self.taken.append(box)

    def is_free(self, box: Box) -> bool:
        """Whether a box lies in the frame and off everything that is taken."""
        return self.frame.holds(box) and not any(box.overlaps(other) for other in self.taken)

    def place(
        self, x: float, y: float, gap: float, size: tuple[float, float], reach: float = _DISTANCES_PX[-1]
    ) -> Box | None:
        """The free box nearest to a mark at (x, y), which it takes; None where there is none.

        ``size`` is width and height; ``gap`` is the least distance in px from the middle of the mark, and
        ``reach`` how much farther the box may stand off.
        """
        for box in _candidates(x, y, gap, size, reach):
            if self.is_free(box):
                self.take(box)
                return box
        return None


def _candidates(x: float, y: float, gap: float, size: tuple[float, float], reach: float) -> Iterator[Box]:
    width, height = size
    for distance in _DISTANCES_PX:
        if distance > reach:
            return
        away = gap + distance
        for right, down in _DIRECTIONS:
            left = x + right * away - (0.0 if right > 0 else width if right < 0 else width / 2)
            top = y + down * away - (0.0 if down > 0 else height if down < 0 else height / 2)
            yield Box(left, top, width, height)
