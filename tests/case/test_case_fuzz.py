"""No file whatever gives anything but a portfolio or mistakes that name the file, each on one line."""

import copy
import json

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lexloci.case import check, read_portfolio
from lexloci.case.yaml_source import load
from lexloci.model.portfolio import Portfolio

# A busy machine is no mistake.
UNHURRIED = settings(deadline=None)
# The fixture is one text that no example changes.
SAME_TEXT = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def mistakes_of(text: str):
    """The mistakes of a text, after checking of each that it names the file, a line of it, and stays on one line."""
    mistakes = check("p.yaml", text=text)
    assert mistakes or isinstance(read_portfolio("p.yaml", text=text), Portfolio)
    last_line = len(text.splitlines()) + 1
    for mistake in mistakes:
        assert mistake.file == "p.yaml"
        assert 0 <= mistake.line <= last_line
        assert mistake.message
        assert str(mistake).isprintable()
        assert len(str(mistake)) < 4000
    return mistakes


@UNHURRIED
@given(st.binary() | st.text().map(str.encode))
def test_random_bytes(tmp_path_factory, raw):
    path = tmp_path_factory.getbasetemp() / "random.yaml"
    path.write_bytes(raw)
    mistakes = check(path)
    assert mistakes
    assert all(mistake.file == str(path) for mistake in mistakes)


@UNHURRIED
@given(st.text(st.characters(codec=None)))
def test_random_text_with_surrogates(text):
    assert mistakes_of(text)


@UNHURRIED
@given(st.text(st.sampled_from("ab01:-?[]{}&*!|>'\"%@`#,~ \n\t\\xeu.")))
def test_random_yaml_signs(text):
    assert mistakes_of(text)


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**310), 10**310)
    | st.floats()
    | st.text(max_size=30)
    | st.dates().map(str)
    | st.sampled_from(["johor", "lab", "pre", "serve", "copy", "MY", "leased", "2026-08-03", "\u202e", "a\nb", " "])
)
FIELDS = st.sampled_from(["lexloci", "name", "as_of", "sites", "parties", "pools", "id", "owners", "country", "demand"])
TREES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(FIELDS | st.text(max_size=8), inner, max_size=5),
    max_leaves=25,
)


@UNHURRIED
@given(st.dictionaries(FIELDS, TREES))
def test_random_trees(tree):
    assert mistakes_of(json.dumps(tree, ensure_ascii=False))


def nodes(tree, above=()):
    """The paths of all values in a tree."""
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for step, value in inner:
        yield (*above, step)
        yield from nodes(value, (*above, step))


def mutate(data, tree):
    """Deletes, renames, retypes, moves or doubles one value of a tree."""
    path = data.draw(st.sampled_from(sorted(nodes(tree), key=str)), label="path")
    holder = tree
    for step in path[:-1]:
        holder = holder[step]
    step = path[-1]
    how = data.draw(st.sampled_from(["delete", "rename", "retype", "move", "double"]), label="how")
    if how == "delete":
        del holder[step]
    elif how == "retype":
        holder[step] = data.draw(TREES, label="value")
    elif how == "move":
        source = data.draw(st.sampled_from(sorted(nodes(tree), key=str)), label="from")
        value = tree
        for part in source:
            value = value[part]
        holder[step] = copy.deepcopy(value)
    elif isinstance(holder, dict):
        holder[f"{step}s" if how == "rename" else f"{step}_"] = holder.pop(step) if how == "rename" else holder[step]
    else:
        holder.insert(step, copy.deepcopy(holder[step]))


@SAME_TEXT
@given(data=st.data())
def test_mutated_portfolios(full, data):
    tree = load(full, "p.yaml").data
    for _ in range(data.draw(st.integers(1, 4), label="mutations")):
        if tree:
            mutate(data, tree)
    as_json = mistakes_of(json.dumps(tree, ensure_ascii=False, indent=1))
    as_yaml = mistakes_of(yaml.safe_dump(tree, allow_unicode=True))
    assert not as_json or not as_yaml or all(mistake.line for mistake in (*as_json, *as_yaml))


@SAME_TEXT
@given(data=st.data())
def test_mutated_text(full, data):
    lines = full.splitlines()
    for _ in range(data.draw(st.integers(1, 4), label="mutations")):
        place = data.draw(st.integers(0, len(lines) - 1), label="line")
        how = data.draw(st.sampled_from(["delete", "double", "insert", "swap"]), label="how")
        if how == "delete" and len(lines) > 1:
            del lines[place]
        elif how == "double":
            lines.insert(place, lines[place])
        elif how == "insert":
            column = data.draw(st.integers(0, len(lines[place])), label="column")
            sign = data.draw(st.text(min_size=1, max_size=3), label="text")
            lines[place] = lines[place][:column] + sign + lines[place][column:]
        else:
            other = data.draw(st.integers(0, len(lines) - 1), label="other line")
            lines[place], lines[other] = lines[other], lines[place]
    mistakes_of("\n".join(lines))


def test_a_file_of_a_hundred_thousand_mistakes_is_given_up_after_a_thousand():
    mistakes = mistakes_of("lexloci: 1\nsites:\n" + "- 1\n" * 100_000)
    assert len(mistakes) == 1001
    assert str(mistakes[0]) == "p.yaml has 1000 mistakes or more; mend these first"


def test_names_are_not_compared_with_a_hundred_thousand_others():
    parties = "".join(f"- {{id: p{number}, name: n, ultimate_parent: q{number}}}\n" for number in range(20_000))
    mistakes = mistakes_of(f"lexloci: 1\nparties:\n{parties}")
    assert str(mistakes[-1]).endswith("is no id in `parties`; add it under `parties`")


def test_a_name_of_a_million_signs_does_not_fill_the_screen():
    assert all(len(str(mistake)) < 300 for mistake in mistakes_of("lexloci: 1\nname: [" + "x" * 10**6 + "]"))
    assert all(len(str(mistake)) < 500 for mistake in mistakes_of("lexloci: 1\n? " + "x" * 10**6 + "\n: 1"))
