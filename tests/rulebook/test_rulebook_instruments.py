"""Every instrument of the sources is accounted for, and what an instrument says of the rulebook is true."""

from __future__ import annotations

import re
from datetime import date

import pytest

from lexloci.law.load import load_rulebook
from lexloci.law.mistake import UnsoundRulebookError
from lexloci.law.seal import seal_of
from lexloci.model.citation import Verification
from lexloci.rulebook.book import FOLDER, bundled_rulebook
from lexloci.rulebook.instrument import InstrumentStatus
from lexloci.rulebook.instruments import bundled_instruments, load_instruments

RULEBOOK = bundled_rulebook()
INSTRUMENTS = {one.id: one for one in bundled_instruments()}
TEXT = "Invented text of an invented act."
VERSION = "version: 2026.03.01\nreviewed: 2026-02-01\nlimit_days: 90\n"
VOCABULARY = 'facts:\n  site.country: {type: country, question: "Where?"}\n'
RULE = f"""\
id: zz_law.ban
title: an invented ban
authority: zz_office
body: zz
scope: place
verification: secondary
citation: Act 1
url: https://example.org/zz
text: {TEXT}
text_sha256: "{seal_of(TEXT)}"
acts: [use]
turns:
  - {{on: 2026-01-01, standing: in force, published: 2025-12-01, by: Act 1}}
when:
  - site.country == "ZZ"
outcome: prohibited
reason: It is banned.
lifted_by: [zz_licence]
"""
DRAFT = RULE.replace("zz_law.ban", "zz_law.bill").replace(
    "turns:\n  - {on: 2026-01-01, standing: in force, published: 2025-12-01, by: Act 1}\n", ""
)
INSTRUMENT = """\
ZZ-1:
  title: an invented act
  citation: Act 1
  url: https://example.org/zz
  dated: 2025-12-01
  status: modelled
  rules: [zz_law.ban]
  read: {by: founders, on: 2026-02-01, level: secondary}
"""


@pytest.fixture
def book(tmp_path):
    """A rulebook of one rule whose instruments are asked for with a text."""

    def write(instruments, **files):
        texts = {
            "version.yaml": VERSION,
            "vocabulary.yaml": VOCABULARY,
            "zz_law/rules/ban.yaml": RULE,
            "zz_law/instruments.yaml": instruments,
            **{name.replace("__", "/") + ".yaml": text for name, text in files.items()},
        }
        for name, text in texts.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return load_instruments(load_rulebook(tmp_path), tmp_path)

    return write


def refused(book, instruments, **files):
    with pytest.raises(UnsoundRulebookError) as caught:
        book(instruments, **files)
    return str(caught.value)


# What the package ships


def test_every_us_instrument_of_the_sources_is_accounted_for():
    numbers = [*range(1, 21), *range(30, 37), 40, 41, 42, 50, 51, 52]
    found = sorted(int(one.split("-")[1]) for one in INSTRUMENTS if re.match(r"US-\d\d-", one))
    assert found == numbers
    assert len(numbers) == 33


def test_every_other_rule_of_the_sources_is_accounted_for():
    found = [one for one in INSTRUMENTS if not one.startswith("US-") and "-X-" not in one]
    assert len(found) == 74
    assert "US-X-HQ" in INSTRUMENTS  # the cross-reference, the 75th


def test_every_rule_parameter_set_and_point_is_held():
    held = {pair for one in INSTRUMENTS.values() for pair in one.held()}
    assert {("rules", rule.id) for rule in RULEBOOK.rules} <= held
    assert {("parameters", name) for name in RULEBOOK.parameters} <= held
    assert {("sets", name) for name in RULEBOOK.sets} <= held
    assert {("points", name) for name in RULEBOOK.points} <= held


def test_every_scenario_of_the_package_is_held():
    files = {f"{path.parent.parent.name}.{path.stem}" for path in FOLDER.glob("*/scenarios/*.yaml")}
    assert files
    assert {name for one in INSTRUMENTS.values() for name in one.scenarios} == files


def test_what_is_not_modelled_whole_says_why():
    for one in INSTRUMENTS.values():
        assert one.left_out or one.status in (InstrumentStatus.MODELLED, InstrumentStatus.SIGNAL), one.id


def test_every_source_that_was_read_can_be_read_again():
    for one in INSTRUMENTS.values():
        assert one.read.by
        if one.read.level is not Verification.RECALLED:
            assert re.match(r"https?://\S+$", one.citation.url) or one.read.where, one.id


def test_what_press_reports_alone_tell_is_never_told_as_law():
    for one in INSTRUMENTS.values():
        if one.read.level is Verification.UNPUBLISHED:
            assert one.status is InstrumentStatus.SIGNAL
            assert not any(RULEBOOK.rule(rule).decides and not _is_shown_apart(rule) for rule in one.rules)


def _is_shown_apart(rule_id):
    return RULEBOOK.rule(rule_id).kind.value in ("signal", "note")


def test_the_targets_of_ai_plus_are_targets_and_no_law():
    one = INSTRUMENTS["CN-AIPLUS"]
    assert [(target.year, target.more_than, target.unit) for target in one.targets] == [
        (2027, 70, "percent"),
        (2030, 90, "percent"),
    ]
    assert one.status is InstrumentStatus.NOT_MODELLED
    assert not {target.id for target in one.targets} & RULEBOOK.parameters.keys()


# How a file of instruments is read


def test_an_instrument_is_read_whole(book):
    (one,) = book(INSTRUMENT)
    assert (one.id, one.folder, one.file, one.line) == ("ZZ-1", "zz_law", "zz_law/instruments.yaml", 1)
    assert (one.title, one.citation.text, one.dated) == ("an invented act", "Act 1", date(2025, 12, 1))
    assert list(one.held()) == [("rules", "zz_law.ban")]
    assert (one.read.by, one.read.on, one.read.where) == ("founders", date(2026, 2, 1), "https://example.org/zz")
    assert one.read.level is Verification.SECONDARY
    assert one.read.is_to_be_confirmed


def test_where_it_was_read_may_be_another_place_than_its_url(book):
    (one,) = book(INSTRUMENT.replace("level:", "where: public repository copy, level:"))
    assert one.read.where == "public repository copy"


def test_a_policy_target_is_read(book):
    target = "  policy_targets:\n    - {id: t, meaning: m, unit: percent, year: 2027, more_than: 70}\n"
    (one,) = book(INSTRUMENT + target)
    assert [(t.id, t.meaning, t.unit, t.year, t.more_than) for t in one.targets] == [("t", "m", "percent", 2027, 70.0)]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[zz_law.ban]", "[zz_law.bann]", "rules: there is no zz_law.bann; did you mean zz_law.ban?"),
        ("status: modelled", "status: modeled", "'modeled' is none of its options; did you mean modelled?"),
        ("level: secondary", "level: seen", "'seen' is none of its options"),
        ("  title: an invented act\n", "", "title is missing or no text"),
        ("dated: 2025-12-01", "dated: 2025-12", "dated is missing or no day"),
        ("by: founders, ", "", "by is missing or no text"),
        ("  citation: Act 1\n  url: https://example.org/zz\n", "  citation: Act 1\n", "where is missing or no text"),
        ("status: modelled", "statuss: modelled\n  status: modelled", "statuss is no key here"),
        ("on: 2026-02-01", "on: 2026-03-02", "was read on 2026-03-02, after the release of 2026-03-01"),
        ("dated: 2025-12-01", "dated: 2026-02-02", "is dated 2026-02-02, after it was read on 2026-02-01"),
        ("on: 2026-02-01", "on: 2026-01-31", "version.yaml counts the age of all rules from 2026-02-01"),
        ("status: modelled", "status: in part", "left_out is missing"),
        ("status: modelled", "status: scenario\n  left_out: x", "is a scenario, and names none"),
        ("status: modelled", "status: not modelled\n  left_out: x", "is not modelled, and names what models it"),
        ("rules: [zz_law.ban]", "sets: []", "is modelled, and names no rule"),
        ("rules: [zz_law.ban]", "rules: [zz_law.ban]\n  sets: [zz]", "sets: there is no zz"),
        ("rules: [zz_law.ban]", "rules: [zz_law.ban]\n  points: [zz]", "points: there is no zz"),
        ("rules: [zz_law.ban]", "rules: [zz_law.ban]\n  parameters: [zz]", "parameters: there is no zz"),
        ("rules: [zz_law.ban]", "rules: [zz_law.ban]\n  scenarios: [zz]", "scenarios: there is no zz"),
        ("rules: [zz_law.ban]", "rules: [zz_law.ban]\n  authorisations: [zz]", "authorisations: there is no zz"),
    ],
)
def test_a_mistake_is_told_by_file_and_line(book, old, new, said):
    assert old in INSTRUMENT
    told = refused(book, INSTRUMENT.replace(old, new, 1))
    assert said in told
    assert re.match(r"zz_law/instruments\.yaml:\d+ ", told)


def test_all_mistakes_are_told_at_once(book):
    told = refused(book, INSTRUMENT.replace("zz_law.ban", "zz").replace("secondary", "seen"))
    assert len(told.splitlines()) == 2


def test_a_rule_that_no_instrument_holds_is_a_mistake(book):
    told = refused(book, INSTRUMENT.replace("rules: [zz_law.ban]", "left_out: x").replace("modelled", "in part"))
    assert told.startswith("zz_law/rules/ban.yaml zz_law.ban: no instrument holds it; name it under rules")


def test_a_scenario_that_no_instrument_holds_is_a_mistake(book):
    told = refused(book, INSTRUMENT, zz_law__scenarios__bill=DRAFT)
    assert told.startswith("zz_law/scenarios/bill.yaml zz_law.bill: no instrument holds it; name it under scenarios")


def test_a_scenario_holds_an_instrument_and_is_no_rule_of_it(book):
    held = INSTRUMENT + "  scenarios: [zz_law.bill]\n"
    assert book(held, zz_law__scenarios__bill=DRAFT)[0].scenarios == ("zz_law.bill",)
    wrong = INSTRUMENT.replace("[zz_law.ban]", "[zz_law.ban, zz_law.bill]")
    assert "rules: there is no zz_law.bill" in refused(book, wrong, zz_law__scenarios__bill=DRAFT)


def test_a_rule_may_not_claim_more_than_its_instruments_were_read(book):
    told = refused(book, INSTRUMENT.replace("level: secondary", "level: recalled"))
    assert "says secondary source, and the best reading of its instruments is: recalled, unverified" in told
    better = INSTRUMENT.replace("level: secondary", "level: primary")
    assert book(better)[0].read.level is Verification.PRIMARY


def test_an_id_is_given_once_in_the_whole_rulebook(book):
    told = refused(book, INSTRUMENT, yy_law__instruments=INSTRUMENT)
    assert "ZZ-1: the id is given twice, first at yy_law/instruments.yaml:1" in told


def test_a_rulebook_without_such_files_has_no_instruments(book, tmp_path):
    book(INSTRUMENT)
    (tmp_path / "zz_law" / "instruments.yaml").unlink()
    assert load_instruments(load_rulebook(tmp_path), tmp_path) == ()


def test_a_file_of_instruments_elsewhere_is_refused(book, tmp_path):
    book(INSTRUMENT)
    (tmp_path / "instruments.yaml").write_text(INSTRUMENT, encoding="utf-8")
    with pytest.raises(UnsoundRulebookError, match="nothing reads this file"):
        load_rulebook(tmp_path)


def test_an_added_rulebook_may_have_no_instruments_of_its_own(tmp_path):
    (tmp_path / "zz_law" / "rules").mkdir(parents=True)
    (tmp_path / "version.yaml").write_text(f"name: lexloci-zz\n{VERSION}", encoding="utf-8")
    (tmp_path / "zz_law" / "rules" / "ban.yaml").write_text(RULE, encoding="utf-8")
    rulebook = load_rulebook(FOLDER, tmp_path)
    assert len(load_instruments(rulebook, FOLDER, tmp_path)) == len(INSTRUMENTS)
    (tmp_path / "zz_law" / "instruments.yaml").write_text(INSTRUMENT, encoding="utf-8")
    both = load_instruments(rulebook, FOLDER, tmp_path)
    assert both[-1].file == "lexloci-zz/zz_law/instruments.yaml"
