"""A compiled file that was cut, changed, forged or written for another lexloci is refused in one line."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from compiled_support import compact, file_of, parts, rewritten
from law_support import sample

from lexloci.law import compiled
from lexloci.law.compiled import compile_rulebook, load_compiled, read_compiled
from lexloci.law.rule import EffectKind, RulebookSource, Standing
from lexloci.model.errors import RulebookError
from lexloci.model.outcome import Outcome

DATA = compile_rulebook(sample())


def refused(data, file="book.json", read=read_compiled):
    """The text of the error, which must be one line that names the file and says how to mend it."""
    with pytest.raises(RulebookError) as caught:
        read(data, file)
    text = str(caught.value)
    assert text.startswith(f"{file}: ")
    assert "\n" not in text
    assert "; " in text
    return text


def refused_from_anywhere(data, tmp_path):
    file = tmp_path / "book.json"
    file.write_bytes(data)
    return refused(file, str(file), lambda path, _: load_compiled(path))


def test_one_bit_changed_anywhere_is_refused():
    for place in range(len(DATA)):
        changed = bytearray(DATA)
        changed[place] ^= 1 << place % 8
        with pytest.raises(RulebookError):
            read_compiled(bytes(changed), "book.json")


def test_a_file_cut_anywhere_is_refused():
    for length in range(0, len(DATA), 7):
        with pytest.raises(RulebookError):
            read_compiled(DATA[:length], "book.json")


def test_something_after_the_end_is_refused():
    assert "cut or changed" in refused(DATA + b"\n")


def test_what_was_changed_is_told_from_what_is_no_compiled_rulebook():
    middle = len(DATA) // 2
    assert "cut or changed" in refused(DATA[:middle] + b"?" + DATA[middle + 1 :])
    for other in (b"", b"{}", b"[]\n", b"version: 2032.01.01\n", bytes(range(256))):
        assert "is no compiled rulebook" in refused(other)


def test_another_format_is_named_with_the_one_that_is_read():
    text = refused(rewritten(DATA, lambda header, *_: header.update(format=2)))
    assert "has format 2, and this lexloci reads format 1" in text


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda header, *_: header.update(digest="0" * 64), "another digest than its content"),
        (lambda header, *_: header.update(version="2031.01.01"), "another version"),
        (lambda header, *_: header.update(rules=1), "number of rules"),
        (lambda header, *_: header.pop("rules"), "no header"),
        (lambda header, *_: header.update(more=1), "no header"),
        (lambda header, *_: header.update(format="1"), "no header"),
        (lambda _, content, __: content.update(courts=[]), "Rulebook has courts"),
        (lambda _, content, __: content.pop("vocabulary"), "Rulebook.vocabulary: is not given"),
        (lambda _, content, __: content["rules"][0].pop("text"), "text: is not given"),
        (lambda _, content, __: content["rules"][0].update(text=1), "1 is no str"),
        (lambda _, content, __: content["rules"][0].update(when="f.a"), "is no list"),
        (lambda _, content, __: content["rules"][0].update(when=["f.a"]), "is no Condition"),
        (lambda _, content, __: content["rules"][0].update(when=[{"text": "a ="}]), "the condition"),
        (lambda _, content, __: content["rules"][0].update(outcome="allowed"), "is no Outcome"),
        (lambda _, content, __: content["rules"][0].update(lead_time_days=True), "True is no int"),
        (lambda _, content, __: content["rules"][0].update(lead_time_days=1.0), "1.0 is no int"),
        (lambda _, content, __: content["rules"][0]["turns"][0].update(on="20290101"), "is no day"),
        (lambda _, content, __: content.update(reviewed=None), "is no day"),
        (lambda _, content, __: content.update(vocabulary=[]), "is no mapping"),
        (lambda _, content, __: next(iter(content["parameters"].values()))["versions"][0].update(value=5), "number"),
        (lambda _, __, asides: asides.pop(), "Rulebook.vocabulary: nothing is no list"),
        (lambda _, __, asides: asides.append(0), "more asides"),
        (lambda _, __, asides: asides.append([asides.pop(), 0]), "is no int"),
        (lambda _, __, asides: asides.append([0] * len(asides.pop())), "is no order"),
        (lambda _, __, asides: asides.append(asides.pop()[1:]), "is no order"),
        (lambda _, __, asides: asides.insert(0, {}), "{} is no int"),
    ],
)
def test_a_file_with_a_right_checksum_and_a_wrong_part_is_refused(change, why):
    with pytest.raises(RulebookError, match=why):
        read_compiled(rewritten(DATA, change), "book.json")
    refused(rewritten(DATA, change))


def test_what_a_forged_file_says_stays_on_one_line_of_readable_length(tmp_path):
    trick = "a\nrulebook: fine\x1b[2J"
    for change in (
        lambda _, content, __: content.update({trick: 1}),
        lambda _, content, __: content["rules"][0].update(id=trick, acts=[]),
        lambda _, content, __: content["rules"][0].update(text=["x" * 10_000]),
    ):
        text = refused_from_anywhere(rewritten(DATA, change), tmp_path)
        assert text.isprintable()
        assert len(text) < 800


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([b"{}"], "other lines"),
        ([b"not JSON", b"{}", b"[]"], "no header"),
        ([b"[1]", b"{}", b"[]"], "no header"),
        ([b"[" * 100_000, b"{}", b"[]"], "no header"),
        ([b"\xff", b"{}", b"[]"], "no header"),
    ],
)
def test_a_file_with_a_right_checksum_and_no_header_is_refused(lines, why):
    assert why in refused(file_of(lines))


def test_nesting_that_no_rulebook_has_is_refused_and_does_not_stop_the_program():
    header, _, asides = parts(DATA)
    deep = b"[" * 100_000
    header["digest"] = compiled.hashlib.sha256(deep).hexdigest()
    assert "holds what this lexloci cannot read" in refused(file_of([compact(header), deep, compact(asides)]))


def other_text(content: bytes) -> bytes:
    """A file whose content is written in another way, with right checksums."""
    header, _, asides = parts(DATA)
    header["digest"] = compiled.hashlib.sha256(content).hexdigest()
    return file_of([compact(header), content, compact(asides)])


@pytest.mark.parametrize(
    "content",
    [
        compact(parts(DATA)[1]).replace(b'"version":', b'"version": '),
        compact(parts(DATA)[1]).replace(b'"limit_days":', b'"limit_days":1,"limit_days":'),
        compact({**parts(DATA)[1], "sources": []}),
        json.dumps(dict(reversed(parts(DATA)[1].items())), separators=(",", ":")).encode(),
    ],
    ids=["spaces", "a key twice", "a default", "another order"],
)
def test_the_same_content_written_otherwise_is_refused_so_that_one_content_has_one_digest(content, tmp_path):
    assert "is not in canonical form" in refused_from_anywhere(other_text(content), tmp_path)


def test_a_file_that_is_absent_or_too_large_is_refused(tmp_path, monkeypatch):
    refused(tmp_path / "none", str(tmp_path / "none"), lambda path, _: load_compiled(path))
    refused(tmp_path, str(tmp_path), lambda path, _: load_compiled(path))
    monkeypatch.setattr(compiled, "MOST_BYTES", len(DATA) - 1)
    assert "is larger than" in refused_from_anywhere(DATA, tmp_path)


def first_rule(**change):
    return lambda book: replace(book, rules=(replace(book.rules[0], **change), *book.rules[1:]))


def first_of(kind, change):
    """The rulebook after a change of the first of its definitions, sets, points ..."""

    def changed(book):
        name, value = next(iter(getattr(book, kind).items()))
        return replace(book, **{kind: {**getattr(book, kind), name: change(value)}})

    return changed


def stayed_at_once(book):
    turn = book.rules[0].turns[0]
    return first_rule(turns=(replace(turn, standing=Standing.STAYED),))(book)


UNSOUND = {
    "version": lambda book: replace(book, version="next"),
    "reviewed": lambda book: replace(book, reviewed=date(2032, 1, 1) + timedelta(days=1)),
    "limit_days": lambda book: replace(book, limit_days=0),
    "below 1": lambda book: replace(book, sources=(RulebookSource("x", "2032.01.01", date(2031, 1, 1), 0),)),
    "has no kinds of act": first_rule(acts=frozenset()),
    "no turns": first_rule(turns=()),
    "human review": first_rule(outcome=Outcome.HUMAN_REVIEW),
    "permits": first_rule(kind=EffectKind.PERMIT, outcome=Outcome.PROHIBITED),
    "lead time": first_rule(lead_time_days=-1),
    "begins": stayed_at_once,
    "given 2 times": lambda book: replace(book, rules=(*book.rules, book.rules[0])),
    "versions": first_of("parameters", lambda one: replace(one, versions=one.versions * 2)),
    "are none": first_of("sets", lambda one: replace(one, versions=())),
    "no condition": first_of(
        "definitions", lambda one: replace(one, versions=tuple(replace(each, value=()) for each in one.versions))
    ),
    "two options": first_of("points", lambda one: replace(one, options={"a": "only this"})),
    "is called": first_of("vocabulary", lambda one: replace(one, name="chip.other")),
    "has the type": first_of("vocabulary", lambda one: replace(one, type="day")),
    "in the vocabulary": lambda book: replace(
        book, vocabulary={name: fact for name, fact in book.vocabulary.items() if name != "chip.power"}
    ),
    "no rule": first_rule(against=("aa.none",)),
}


def forged(book):
    """The file that somebody else might write for a rulebook, with no check of it."""
    form, asides = compiled.canonical_form(book)
    header = {"format": 1, "rules": len(book.rules), "version": book.version}
    header["digest"] = compiled.hashlib.sha256(compact(form)).hexdigest()
    return file_of([compact(header), compact(form), compact(asides)])


def test_a_file_that_somebody_else_wrote_rightly_is_read(tmp_path):
    (tmp_path / "book.json").write_bytes(forged(sample()))
    assert load_compiled(tmp_path / "book.json") == sample()


@pytest.mark.parametrize("why", UNSOUND)
def test_a_rulebook_that_does_not_hold_together_is_neither_compiled_nor_read_from_anywhere(why, tmp_path):
    book = UNSOUND[why](sample())
    with pytest.raises(RulebookError, match=why) as caught:
        compile_rulebook(book)
    assert "\n" not in str(caught.value)
    assert why in refused_from_anywhere(forged(book), tmp_path)
