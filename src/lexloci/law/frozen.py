"""A mapping that nobody can change, as fast to read as a dict; copies, pickles and hashes by its content."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn, Self, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class FrozenMapping(dict[K, V]):
    """A dict without the methods that change it: each of them raises TypeError.

    It compares equal to a dict of the same content, and has a hash where its values have one.
    """

    __slots__ = ()

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("this mapping is never changed: make a dict of it, or another rulebook")

    __setitem__ = _refuse
    __delitem__ = _refuse
    __ior__ = _refuse
    clear = _refuse
    pop = _refuse
    popitem = _refuse
    setdefault = _refuse
    update = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __copy__(self) -> Self:
        return self

    def __reduce__(self) -> tuple[type[Self], tuple[dict[K, V]]]:
        return type(self), (dict(self),)

    def __repr__(self) -> str:
        return repr(dict(self))


def frozen(mapping: Mapping[K, V]) -> FrozenMapping[K, V]:
    """The mapping as one that nobody can change."""
    return mapping if isinstance(mapping, FrozenMapping) else FrozenMapping(mapping)
