"""The mutants of a source file, by mutmut's operators, and how one is put into a running process.

A mutant is one small change to one function: a comparison turned round, an argument left out, a text changed. It is
put in by giving the function that is already there the code of the changed one, so whoever holds the function calls
the mutant, nothing is imported anew, and a forked process costs a hundredth of a second. Only what is inside a function
is changed: values at the top of a module and of a class, annotations, decorators and docstrings stay.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import Any

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import MutationVisitor, OuterFunctionProvider, deep_replace
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

SOURCE = "src"
# Decorators that leave the function reachable; under any other decorator nothing is changed.
_TRANSPARENT = frozenset(("cached_property", "classmethod", "property", "staticmethod"))
_NOTHING_IGNORED = IgnoredCode(no_mutate_lines=set(), ignore_node_lines=set(), ignore_pattern_lines=set())


@dataclass(frozen=True)
class Mutant:
    """One change: where it is, what stands there, what shall stand there, and the function with it."""

    path: str
    number: int
    function: str
    lines: tuple[int, int]
    function_lines: tuple[int, int]
    before: str
    after: str
    source: str

    @property
    def name(self) -> str:
        """The file, the line, the function and the change, in a line."""
        start, end = _same(self.before, self.after), _same(self.before[::-1], self.after[::-1])
        before, after = (text[max(start - 50, 0) : len(text) - max(end - 50, 0)] for text in (self.before, self.after))
        return f"{self.path}:{self.lines[0]} {self.function}: {before!r} -> {after!r}"


def _same(one: str, other: str) -> int:
    """How many letters two texts have in common from the beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (letter, other_letter) in pairs if letter != other_letter), min(len(one), len(other)))


class _Visitor(MutationVisitor):
    """mutmut's own walk, noting where each change is, and going into properties too."""

    def __init__(self) -> None:
        super().__init__(mutation_operators, _NOTHING_IGNORED)
        self.places: list[tuple[int, int]] = []

    def _create_mutations(self, node: cst.CSTNode) -> None:
        super()._create_mutations(node)
        position = self.get_metadata(PositionProvider, node, None)
        place = (position.start.line, position.end.line) if position else (0, 0)
        self.places += [place] * (len(self.mutations) - len(self.places))

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.FunctionDef) and node.decorators:
            names = [one.decorator.value for one in node.decorators if isinstance(one.decorator, cst.Name)]
            return not (len(names) == len(node.decorators) and _TRANSPARENT.issuperset(names))
        return bool(super()._skip_node_and_children(node))


def mutants_of(path: Path, root: Path) -> list[Mutant]:
    """Every mutant of a source file, in the order in which mutmut makes them."""
    wrapper = MetadataWrapper(cst.parse_module(path.read_text(encoding="utf-8")))
    visitor = _Visitor()
    wrapper.visit(visitor)
    positions = wrapper.resolve(PositionProvider)
    outer = wrapper.resolve(OuterFunctionProvider)
    class_of = {
        method: one.name.value
        for one in wrapper.module.body
        if isinstance(one, cst.ClassDef) and isinstance(one.body, cst.IndentedBlock)
        for method in one.body.body
    }
    found: list[Mutant] = []
    for mutation, lines in zip(visitor.mutations, visitor.places, strict=True):
        function = outer.get(mutation.original_node)
        if not isinstance(function, cst.FunctionDef):
            continue
        changed = deep_replace(function, mutation.original_node, mutation.mutated_node)
        if not isinstance(changed, cst.FunctionDef):
            continue
        owner = class_of.get(function)
        source = wrapper.module.code_for_node(changed)
        span = positions[function]
        found.append(
            Mutant(
                path.relative_to(root).as_posix(),
                len(found),
                f"{owner}.{function.name.value}" if owner else function.name.value,
                lines if lines[0] else (span.start.line, span.end.line),
                (span.start.line, span.end.line),
                _in_a_line(wrapper.module.code_for_node(mutation.original_node)),
                _in_a_line(wrapper.module.code_for_node(mutation.mutated_node)),
                source,
            )
        )
    return found


def _in_a_line(code: str) -> str:
    return " ".join(code.split())


def put_in(mutant: Mutant) -> None:
    """Gives the function of a mutant its code and its defaults; raises what compiling the change raises."""
    path = Path(mutant.path)
    module = importlib.import_module(".".join(path.relative_to(SOURCE).with_suffix("").parts))
    *owner, name = mutant.function.split(".")
    space = vars(getattr(module, owner[0])) if owner else vars(module)
    standing = _plain(space[name])
    here: dict[str, Any] = dict(vars(module))
    exec(compile(_with_class_cell(mutant, standing), mutant.path, "exec", annotations.compiler_flag), here)  # noqa: S102 -- our own source
    changed = _plain(vars(here["_Owner"])[name] if standing.__code__.co_freevars else here[name])
    standing.__code__ = changed.__code__
    standing.__defaults__ = changed.__defaults__
    standing.__kwdefaults__ = changed.__kwdefaults__


def _with_class_cell(mutant: Mutant, standing: FunctionType) -> str:
    """The source of the function, within a class where it speaks of ``super()``."""
    if not standing.__code__.co_freevars:
        return mutant.source
    return "class _Owner:\n" + "".join(f"    {line}" for line in mutant.source.splitlines(keepends=True))


def _plain(found: object) -> FunctionType:
    """The function inside a property, a class method or a wrapper."""
    if isinstance(found, property):
        found = found.fget
    elif isinstance(found, functools.cached_property):
        found = found.func
    while not isinstance(found, FunctionType):
        found = getattr(found, "__func__", None) or found.__wrapped__  # type: ignore[attr-defined]
    return found


def files_of(paths: Sequence[Path]) -> list[Path]:
    """The Python files among paths and below them, in order."""
    found = [file for path in paths for file in (sorted(path.rglob("*.py")) if path.is_dir() else [path])]
    return list(dict.fromkeys(found))
