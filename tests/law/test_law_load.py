"""A rulebook with a mistake is refused at once, with the file, the place and the mend."""

from __future__ import annotations

import re
import shutil

import pytest
from law_support import SAMPLE, sample

from lexloci.law.load import load_rulebook
from lexloci.law.mistake import UnsoundRulebookError
from lexloci.law.rule import EffectKind, Scope, Standing
from lexloci.model.act import ActKind
from lexloci.model.citation import Verification
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis

LIMIT = "aa/rules/power_limit.yaml"
LISTED = "aa/rules/listed_party.yaml"
REACH = "aa/rules/reach.yaml"
LAYERS = "aa/rules/two_layers.yaml"
DUTY = "aa/rules/duty_only.yaml"
PERMIT = "aa/rules/permit_trade.yaml"
NUMBERS = "aa/parameters/limits.yaml"
PLACES = "aa/sets/places.yaml"
GOODS = "aa/definitions/goods.yaml"
POINTS = "aa/points/reach.yaml"
COUNTER = "bb/rules/counter.yaml"
VOCABULARY = "vocabulary.yaml"
TURN = "  - {on: 2029-01-01, standing: in force, published: 2028-12-01, by: Order 1}"

# file, text in it, what to write instead, words that the error must hold
MISTAKES = {
    "unknown key of a rule": (LIMIT, "unless:", "unles:", "unles is no key here"),
    "unknown key of a turn": (LAYERS, "layer: enforcement", "layr: enforcement", "layr is no key here"),
    "unknown key of a duty": (DUTY, "lead_time_days: 10", "lead_time: 10", "lead_time is no key here"),
    "unknown key of a version": (NUMBERS, "citation: Order 2", "citation: Order 2, valu: 3", "valu is no key here"),
    "unknown key of a parameter": (NUMBERS, "unit: points", "units: points", "units is no key here"),
    "unknown key of a point": (POINTS, "citation: Order 6", "citation: Order 6\n  ur: x", "ur is no key here"),
    "unknown key of a fact": (VOCABULARY, "domain: [acme", "domains: [acme", "domains is no key here"),
    "unknown key of the version": ("version.yaml", "limit_days: 180", "limit_days: 180\nlimit: 1", "limit is no key"),
    "unknown part of the vocabulary": (VOCABULARY, "facts:", "more: {}\nfacts:", "more is no key here"),
    "unknown fact": (REACH, "chip.maker ==", "chip.makr ==", "no fact chip.makr in the vocabulary"),
    "unknown fact in the reason": (LIMIT, "{chip.power}", "{chip.powr}", "no fact {chip.powr}"),
    "party in the reason without roles": (LIMIT, "{chip.power}", "{party.listed}", "no fact {party.listed}"),
    "unknown parameter": (GOODS, "parameter.power_limit", "parameter.power_limt", "no parameter power_limt"),
    "unknown set": (LIMIT, "set.far", "set.fr", "no set set.fr"),
    "unknown definition": (LIMIT, "defined.strong_chip", "defined.strong", "no definition strong"),
    "unknown point": ("aa/rules/route_rule.yaml", "reading.aa.route", "reading.aa.rout", "no contested point aa.rout"),
    "unknown option": ("aa/rules/route_rule.yaml", '"transfer"', '"transfr"', "'transfr' is no option of aa.route"),
    "unknown point of not subject": (REACH, "aa.reach_abroad", "aa.reach", "no contested point aa.reach"),
    "point without the option not_subject": (REACH, "aa.reach_abroad", "aa.route", "has no option not_subject"),
    "unknown outcome": (REACH, "outcome: prohibited", "outcome: prohibted", "did you mean prohibited?"),
    "human review as an outcome": (REACH, "outcome: prohibited", "outcome: human review", "none of its options"),
    "missing scope": (REACH, "scope: item\n", "", "scope is missing or no text"),
    "number in a list of texts": (LIMIT, "levers: [a nearer site]", "levers: [a, 5]", "levers is no list of texts"),
    "missing outcome": (REACH, "outcome: prohibited", "levers: [x]", "outcome is missing"),
    "unknown effect": (PERMIT, "effect: permit", "effect: permits", "did you mean permit?"),
    "permit with a prohibition": (PERMIT, "effect: permit", "effect: permit\noutcome: prohibited", "permits, and has"),
    "unknown scope": (REACH, "scope: item", "scope: thing", "'thing' is none of its options"),
    "unknown verification": (REACH, "verification: primary", "verification: sure", "'sure' is none of its options"),
    "unknown act": (REACH, "acts: [export]", "acts: [exprt]", "did you mean export?"),
    "no act": (REACH, "acts: [export]", "acts: []", "names no kind of act"),
    "unknown role": (LISTED, "for_any: [consignee, end_user]", "for_any: [consigne]", "did you mean consignee?"),
    "unknown rule that a counter is against": (COUNTER, "[aa.reach]", "[aa.rech]", "no rule aa.rech"),
    "counter against nothing": (COUNTER, "against: [aa.reach]", "against: []", "names the rules"),
    "wrong id": (REACH, "id: aa.reach", "id: aa.reech", "id aa.reech does not match its file; write aa.reach"),
    "missing citation": (REACH, "citation: Order of aa.reach\n", "", "citation is missing or no text"),
    "empty citation": (REACH, "citation: Order of aa.reach", 'citation: " "', "citation is missing or no text"),
    "missing address": (REACH, "url: https://example.org/aa.reach\n", "", "url is missing"),
    "missing citation of a version": (NUMBERS, ", citation: Order 2", "", "citation is missing"),
    "missing reason": (REACH, "reason: Chips of acme are banned.", "levers: [x]", "reason is missing"),
    "bad day": (REACH, "on: 2029-01-01", "on: 2029-02-30", "on is missing or no day; write on: YYYY-MM-DD"),
    "day in another form": (REACH, "on: 2029-01-01", "on: 20290101", "on is missing or no day"),
    "week as a day": (REACH, "on: 2029-01-01", "on: 2029-W01-1", "on is missing or no day"),
    "missing day of publication": (REACH, ", published: 2028-12-01", "", "published is missing or no day"),
    "missing source of a turn": (REACH, ", by: Order 1", "", "by is missing"),
    "unknown standing": (REACH, "standing: in force", "standing: in forse", "did you mean in force?"),
    "unknown layer": (LAYERS, "layer: enforcement", "layer: practice", "'practice' is none of its options"),
    "turns out of order": (LAYERS, "on: 2032-01-01", "on: 2028-12-31", "has turns out of order"),
    "ends before it begins": (REACH, "standing: in force", "standing: stayed", "ends before it begins"),
    "versions out of order": (NUMBERS, "since: 2029-07-01", "since: 2028-07-01", "does not come after 2029-01-01"),
    "two versions of a day": (NUMBERS, "since: 2029-07-01", "since: 2029-01-01", "does not come after"),
    "version without number": (NUMBERS, "value: 50", "value: many", "value is missing or no number"),
    "truth as a number": (NUMBERS, "value: 50", "value: true", "value is missing or no number"),
    "set removes a stranger": (PLACES, "remove: [CC]", "remove: [EE]", "removes EE, which the set did not hold"),
    "member of a set that is no country": (PLACES, "add: [DD]", "add: [dd]", "'dd' is no ISO 3166 code"),
    "definition without lines": (GOODS, "when: [chip.power >= parameter.power_limit], ", "", "has no when"),
    "definition that reads a party": (GOODS, "chip.power >= parameter.power_limit", "party.listed", "reads party.*"),
    "definition of itself": (GOODS, "chip.power >= parameter.power_limit", "defined.strong_chip", "in a circle"),
    "point with one option": (POINTS, ", service: It is none.", "", "fewer than two options"),
    "text compared with a number": (REACH, '"acme"', "5", "compares chip.maker (text) with 5"),
    "value outside its domain": (REACH, '"acme"', '"Acme"', "'Acme' is none of the values of chip.maker: acme, other"),
    "lower-case country": (COUNTER, '"BB"', '"bb"', "'bb' is no ISO 3166 code"),
    "three-letter country": (COUNTER, '"BB"', '"BBB"', "'BBB' is no ISO 3166 code"),
    "number as a flag": (REACH, 'chip.maker == "acme"', "chip.power", "is not true or false by itself"),
    "flag compared with a text": (REACH, 'chip.maker == "acme"', 'deal.odd == "yes"', "compares deal.odd (bool)"),
    "truth against a number": (REACH, 'chip.maker == "acme"', "chip.power == true", "chip.power (number) with true"),
    "ordered texts": (REACH, 'chip.maker == "acme"', 'chip.maker >= "acme"', "orders chip.maker, which is no number"),
    "unlike facts compared": (REACH, 'chip.maker == "acme"', "chip.maker == chip.power", "with chip.power (number)"),
    "number in a set": (REACH, 'chip.maker == "acme"', "chip.power in set.far", "cannot be in a set"),
    "condition outside the language": (REACH, 'chip.maker == "acme"', 'chip.maker === "acme"', "the condition "),
    "type that does not exist": (VOCABULARY, "power: {type: number", "power: {type: int", "'int' is none"),
    "domain of a number": (VOCABULARY, "{type: number, ", "{type: number, domain: [a], ", "is no text"),
    "fact without a question": (VOCABULARY, ', question: "Who made the chip?"', "", "question is missing"),
    "key given twice": (REACH, "scope: item", "scope: item\nscope: item", "cannot be read"),
    "no YAML": (REACH, "scope: item", "scope: [item", "cannot be read"),
    "list for a text": (REACH, "title: reach", "title: [reach]", "title is missing or no text"),
    "text for a list": (REACH, "when:\n  - ", "when: ", "when is no list of texts"),
    "turn that is no mapping": (REACH, TURN, "  - x", "turns is no list"),
    "no turns": (REACH, f"turns:\n{TURN}\n", "", "has no turns"),
}  # fmt: skip

OUTCOMES = ", ".join(outcome.value for outcome in Outcome if outcome is not Outcome.HUMAN_REVIEW)
# the line of the mistake, and how to mend it
MENDS = {
    "unknown key of a rule": (17, "remove it, or see docs/reference/rulebook.md"),
    "unknown key of a turn": (14, "remove it, or see docs/reference/rulebook.md"),
    "unknown key of a duty": (18, "remove it, or see docs/reference/rulebook.md"),
    "unknown key of a version": (6, "remove it, or see docs/reference/rulebook.md"),
    "unknown key of a parameter": (3, "remove it, or see docs/reference/rulebook.md"),
    "unknown key of a point": (10, "remove it, or see docs/reference/rulebook.md"),
    "unknown key of a fact": (3, "remove it, or see docs/reference/rulebook.md"),
    "unknown key of the version": (4, "remove it, or see docs/reference/rulebook.md"),
    "unknown part of the vocabulary": (1, "remove it, or see docs/reference/rulebook.md"),
    "unknown fact": (15, "did you mean chip.maker?"),
    "unknown fact in the reason": (20, "did you mean chip.power?"),
    "party in the reason without roles": (20, "write a name of the vocabulary in the braces"),
    "unknown parameter": (4, "did you mean parameter.power_limit?"),
    "unknown set": (16, "did you mean set.far?"),
    "unknown definition": (15, "did you mean defined.strong_chip?"),
    "unknown point": (16, "did you mean reading.aa.route?"),
    "unknown option": (16, "did you mean transfer?"),
    "unknown point of not subject": (17, "did you mean aa.reach_abroad?"),
    "point without the option not_subject": (17, "add the option to the point, or name another"),
    "unknown outcome": (16, "did you mean prohibited?"),
    "human review as an outcome": (16, f"one of: {OUTCOMES}"),
    "missing scope": (1, "write scope: ..."),
    "number in a list of texts": (24, "write `levers: [...]`"),
    "missing outcome": (1, "write outcome: ..."),
    "unknown effect": (14, "did you mean permit?"),
    "permit with a prohibition": (15, "write effect: outcome"),
    "unknown scope": (5, "one of: item, data, person, place"),
    "unknown verification": (6, "one of: primary, quoted, secondary, recalled, unpublished"),
    "unknown act": (11, "did you mean export?"),
    "no act": (11, "list the acts that it speaks about"),
    "unknown role": (14, "did you mean consignee?"),
    "unknown rule that a counter is against": (17, "did you mean aa.reach?"),
    "counter against nothing": (14, "write against: [...]"),
    "wrong id": (1, "write aa.reach"),
    "missing citation": (1, "write citation: ..."),
    "empty citation": (7, "write citation: ..."),
    "missing address": (1, "write url: ..."),
    "missing citation of a version": (6, "write citation: ..."),
    "missing reason": (1, "write reason: ..."),
    "bad day": (13, "write on: YYYY-MM-DD"),
    "day in another form": (13, "write on: YYYY-MM-DD"),
    "week as a day": (13, "write on: YYYY-MM-DD"),
    "missing day of publication": (13, "write published: YYYY-MM-DD"),
    "missing source of a turn": (13, "write by: ..."),
    "unknown standing": (13, "did you mean in force?"),
    "unknown layer": (14, "one of: text, enforcement"),
    "turns out of order": (15, "order them by date"),
    "ends before it begins": (13, "the turn before it says since when it is in force"),
    "versions out of order": (6, "order the versions by date"),
    "two versions of a day": (6, "order the versions by date"),
    "version without number": (6, "write value: 1"),
    "truth as a number": (6, "write value: 1"),
    "set removes a stranger": (5, "mend the history"),
    "member of a set that is no country": (5, "write two capital letters, such as MY"),
    "definition without lines": (4, "give at least one condition"),
    "definition that reads a party": (4, "name the role, or write the line in the rule"),
    "definition of itself": (1, "take one of them out of it"),
    "point with one option": (7, "a contested point needs at least two"),
    "text compared with a number": (15, "compare like with like"),
    "value outside its domain": (15, "write one of them"),
    "lower-case country": (16, "write two capital letters, such as MY"),
    "three-letter country": (16, "write two capital letters, such as MY"),
    "number as a flag": (15, "compare it: chip.power == ..."),
    "flag compared with a text": (15, "compare like with like"),
    "truth against a number": (15, "compare like with like"),
    "ordered texts": (15, "write == or !="),
    "unlike facts compared": (15, "compare like with like"),
    "number in a set": (15, "compare it"),
    "condition outside the language": (15, "see docs/reference/rulebook.md"),
    "type that does not exist": (2, "one of: bool, number, text, country"),
    "domain of a number": (2, "remove its domain"),
    "fact without a question": (3, "write question: ..."),
    "key given twice": (6, "delete one of them"),
    "no YAML": (6, "check the indentation and the quotation marks on this line and the one above"),
    "list for a text": (2, "write title: ..."),
    "text for a list": (14, "write `when: [...]`"),
    "turn that is no mapping": (12, "write `- {key: value}` lines under it"),
    "no turns": (1, "say since when it is in force, and when that was published"),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(SAMPLE, tmp_path / "rulebook")


def refused(folder):
    with pytest.raises(UnsoundRulebookError) as caught:
        load_rulebook(folder)
    return caught.value


def refusal(folder):
    return str(refused(folder))


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_a_rulebook_is_refused_with_its_file_and_why(folder, mistake):
    file, old, new, words = MISTAKES[mistake]
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    error = refusal(folder)
    assert words in error
    first, *picture = error.splitlines()
    assert re.match(rf"{file}(:\d+ \S+)?: ", first) or re.match(rf"{file}:\d+ \S+: \w+: ", first)
    assert picture == [] or (len(picture) == 2 and picture[1].strip() == "^")


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_a_rulebook_is_told_with_its_line_and_how_to_mend_it(folder, mistake):
    file, old, new, words = MISTAKES[mistake]
    text = (folder / file).read_text(encoding="utf-8")
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    told = [one for one in refused(folder).mistakes if words in str(one)]
    assert [(one.file, one.line, one.mend) for one in told] == [(file, *MENDS[mistake])]


def test_the_error_names_the_line(folder):
    path = folder / REACH
    path.write_text(path.read_text(encoding="utf-8").replace("scope: item", "scope: thing"), encoding="utf-8")
    assert refusal(folder).startswith(f"{REACH}:5 aa.reach: scope: 'thing' is none of its options; one of: item, data")


def test_a_name_given_twice_is_refused(folder):
    (folder / "bb" / "parameters").mkdir()
    shutil.copy(folder / NUMBERS, folder / "bb" / "parameters" / "limits.yaml")
    assert "power_limit is given twice among the parameters" in refusal(folder)


def test_the_same_point_in_two_files_of_a_folder_is_refused(folder):
    shutil.copy(folder / POINTS, folder / "aa" / "points" / "again.yaml")
    assert "aa.reach_abroad is given twice among the points" in refusal(folder)


def test_a_fact_that_repeats_a_partys_is_refused(folder):
    path = folder / "vocabulary.yaml"
    extra = 'facts:\n  end_user.listed: {type: bool, question: "Again?"}\n'
    path.write_text(path.read_text(encoding="utf-8").replace("facts:\n", extra), encoding="utf-8")
    assert "end_user.listed is given twice in the vocabulary" in refusal(folder)


def test_a_circle_of_definitions_is_shown(folder):
    line = "{since: 2029-01-01, published: 2028-12-01, when: [defined.%s], citation: Order 1}"
    parts = [f"{name}:\n  meaning: m\n  versions:\n    - {line % other}\n" for name, other in ("ab", "bc", "ca")]
    (folder / "aa" / "definitions" / "more.yaml").write_text("".join(parts), encoding="utf-8")
    assert "definitions in a circle: a -> b -> c -> a" in refusal(folder)


@pytest.mark.parametrize("stray", ["aa/rules/late.yml", "aa/rule/late.yaml", "late.yaml", "aa/rules/more/late.yaml"])
def test_a_file_that_nothing_would_read_is_refused(folder, stray):
    path = folder / stray
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(folder / REACH, path)
    assert refusal(folder).startswith(f"{stray}: nothing reads this file")


@pytest.mark.parametrize("name", ["version.yaml", "vocabulary.yaml"])
def test_a_missing_file_is_told(folder, name):
    (folder / name).unlink()
    assert refusal(folder).startswith(f"{name}: cannot be read")


def test_a_file_that_is_no_text_is_told(folder):
    (folder / REACH).write_bytes(b"\xff\xfe\x00")
    assert refusal(folder).startswith(f"{REACH}: cannot be read")


def test_a_rule_is_read_whole():
    rule = sample().rule("aa.two_layers")
    assert (rule.authority, rule.body, rule.scope) == ("aa_office", "aa", Scope.ITEM)
    assert (rule.kind, rule.outcome) == (EffectKind.OUTCOME, Outcome.LICENCE_PRESUMED_DENIED)
    assert rule.acts == {ActKind.EXPORT}
    assert rule.verification is Verification.PRIMARY
    assert [(turn.on.isoformat(), turn.standing, turn.layer) for turn in rule.turns] == [
        ("2029-01-01", Standing.IN_FORCE, None),
        ("2029-01-01", Standing.NOT_ENFORCED, Basis.ENFORCEMENT),
        ("2032-01-01", Standing.IN_FORCE, Basis.ENFORCEMENT),
    ]
    assert rule.file == LAYERS


def test_a_duty_is_read_with_its_evidence_and_lead_time():
    duty = sample().rule("aa.duty_only").duties[0]
    assert (duty.text, duty.evidence, duty.lead_time_days) == ("notify the office", "aa_notice", 10)


def test_sets_grow_and_shrink_from_version_to_version():
    versions = sample().sets["far"].versions
    assert [version.value for version in versions] == [frozenset({"BB", "CC"}), frozenset({"BB", "DD"})]


def test_an_empty_list_of_members_empties_the_set(folder):
    path = folder / PLACES
    text = path.read_text(encoding="utf-8").replace("add: [DD], remove: [CC]", "members: []")
    path.write_text(text, encoding="utf-8")
    assert load_rulebook(folder).sets["far"].versions[1].value == frozenset()


def test_the_attributes_of_a_party_are_spelt_out_for_every_role():
    known = sample().vocabulary
    assert known["end_user.listed"].question == "Is the end user listed?"
    assert known["party.headquarters"].type == "country"
    assert "user.listed" in known
    assert "nobody.listed" not in known


def test_rules_are_found_by_the_kind_of_act():
    names = {rule.id for rule in sample().rules_by_act[ActKind.IMPORT]}
    assert names == {"bb.recalled_permit"}
    assert sample().rules_by_act[ActKind.BUILD] == ()


@pytest.mark.parametrize(
    ("change", "members"),
    [("add: [DD]", {"BB", "CC", "DD"}), ("remove: [CC]", {"BB"}), ("members: [EE]", {"EE"})],
)
def test_a_version_of_a_set_may_add_remove_or_give_the_whole(folder, change, members):
    path = folder / PLACES
    path.write_text(path.read_text(encoding="utf-8").replace("add: [DD], remove: [CC]", change), encoding="utf-8")
    assert load_rulebook(folder).sets["far"].versions[1].value == members


@pytest.mark.parametrize("change", ["members: [EE], add: [DD]", "members: [EE], remove: [CC]"])
def test_a_version_of_a_set_that_gives_the_whole_and_a_change_is_refused(folder, change):
    path = folder / PLACES
    path.write_text(path.read_text(encoding="utf-8").replace("add: [DD], remove: [CC]", change), encoding="utf-8")
    assert "far: gives not just one of members, and add or remove" in refusal(folder)


def test_a_missing_id_is_told_once(folder):
    path = folder / REACH
    path.write_text(path.read_text(encoding="utf-8").replace("id: aa.reach\n", ""), encoding="utf-8")
    assert [one.message for one in refused(folder).mistakes] == ["id is missing or no text"]


@pytest.mark.parametrize(("old", "new", "line"), [("[CC]", "[CC, EE, FF]", 8), ("add: [DD]", "add: [BB]", 7)])
def test_a_wrong_change_of_a_set_is_told_at_its_key(folder, old, new, line):
    path = folder / PLACES
    flow = next(one for one in path.read_text(encoding="utf-8").splitlines() if "add: [DD]" in one)
    keys = ["since: 2029-07-01", "published: 2029-06-01", "add: [DD]", "remove: [CC]", "citation: Order 2"]
    block = "    - " + "\n      ".join(keys)
    text = path.read_text(encoding="utf-8").replace(flow, block)
    path.write_text(text.replace(old, new), encoding="utf-8")
    (one,) = refused(folder).mistakes
    assert one.line == line
    assert one.message in {
        "removes EE, FF, which the set did not hold",
        "adds BB, which the set held already",
    }
