"""Names changed as people change them: the changes that the scorer is trained on and the benchmark asks.

Each function takes a name and a random generator and gives the changed name, or None where the change makes
no sense for the name. ``SAME`` changes leave the party the same, ``OTHER`` changes make it another.
"""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable
from typing import Final

from lexloci.parties.words_of_names import general_words

Change = Callable[[str, random.Random], "str | None"]
LEGAL: Final = re.compile(
    r"[\s,]+(?:co\.?,? ?ltd\.?|company limited|limited liability company|l\.?l\.?c\.?|inc\.?|limited|ltd\.?|corp\.?|"
    r"corporation|gmbh|s\.?a\.?|jsc|ooo|oao|pjsc|fze|sdn\.? bhd\.?|pte\.? ltd\.?|plc|company|co\.?)$",
    re.IGNORECASE,
)
FORMS: Final = (
    "Ltd",
    "Co., Ltd.",
    "LLC",
    "Limited",
    "Inc.",
    "Corp.",
    "JSC",
    "GmbH",
    "S.A.",
    "Pte. Ltd.",
    "Company Limited",
    "FZE",
    "PJSC",
)
EXTRA: Final = (
    "Group", "Holdings", "International", "Trading", "(HK)", "Branch", "Technology", "Services", "Global", "Overseas",
    "Solutions", "Asia", "Europe", "Dubai", "Industrial", "Investment", "Logistics", "Systems", "Head Office", "New",
)  # fmt: skip
PLACES: Final = (
    "Malaysia",
    "Singapore",
    "Japan",
    "Europe",
    "Germany",
    "Indonesia",
    "Thailand",
    "America",
    "Middle East",
)
SHORTEST_BRAND: Final = 4
SHORTER: Final = {
    "technology": "tech", "technologies": "tech", "international": "intl", "company": "co", "limited": "ltd",
    "corporation": "corp", "and": "&", "institute": "inst", "university": "univ", "electronics": "elec",
    "manufacturing": "mfg", "engineering": "eng", "development": "dev", "industry": "ind", "department": "dept",
    "mohammad": "muhammad", "mohammed": "mohamed", "ahmad": "ahmed", "aleksandr": "alexander", "sergey": "sergei",
    "yuri": "yury", "hussein": "husayn", "hassan": "hasan",
}  # fmt: skip
CYRILLIC: Final = (
    ("shch", "щ"), ("zh", "ж"), ("kh", "х"), ("ts", "ц"), ("ch", "ч"), ("sh", "ш"), ("yu", "ю"), ("ya", "я"),
    ("yo", "ё"), ("ck", "к"), ("ph", "ф"), ("a", "а"), ("b", "б"), ("c", "к"), ("d", "д"), ("e", "е"), ("f", "ф"),
    ("g", "г"), ("h", "х"), ("i", "и"), ("j", "дж"), ("k", "к"), ("l", "л"), ("m", "м"), ("n", "н"), ("o", "о"),
    ("p", "п"), ("q", "к"), ("r", "р"), ("s", "с"), ("t", "т"), ("u", "у"), ("v", "в"), ("w", "в"), ("x", "кс"),
    ("y", "ы"), ("z", "з"),
)  # fmt: skip


ROMANISED: Final = (
    ("kh", "h"), ("ph", "f"), ("ck", "k"), ("iy", "y"), ("ii", "y"), ("ei", "ey"), ("ey", "ei"), ("x", "ks"),
    ("w", "v"), ("v", "w"), ("zh", "j"), ("ou", "u"), ("oo", "u"), ("ee", "i"), ("q", "k"), ("k", "q"), ("ss", "s"),
    ("ll", "l"), ("mm", "m"), ("tt", "t"), ("nn", "n"), ("yu", "iu"), ("ya", "ia"), ("u", "ou"), ("i", "y"), ("c", "k"),
    ("ts", "tz"),
)  # fmt: skip


def typo(name: str, rng: random.Random) -> str | None:
    """One letter replaced, dropped, added, or two neighbours exchanged."""
    places = [place for place, letter in enumerate(name) if letter.isalnum()]
    if len(places) < 5:
        return None
    at = rng.choice(places)
    letter = rng.choice(string.ascii_lowercase)
    kind = rng.randrange(4)
    if kind == 0:
        return name[:at] + letter + name[at + 1 :]
    if kind == 1:
        return name[:at] + name[at + 1 :]
    if kind == 2:
        return name[:at] + letter + name[at:]
    if at + 1 < len(name) and name[at + 1].isalnum() and name[at + 1] != name[at]:
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return name[:at] + letter + name[at + 1 :]


def two_typos(name: str, rng: random.Random) -> str | None:
    """Two typing errors."""
    once = typo(name, rng) if len(name) >= 9 else None
    return typo(once, rng) if once else None


def reorder(name: str, rng: random.Random) -> str | None:
    """The words in another order."""
    words = name.replace(",", " ").split()
    if len(words) < 2:
        return None
    changed = words[:]
    while changed == words:
        if len(set(words)) == 1:
            return None
        rng.shuffle(changed)
    return " ".join(changed)


def legal_form(name: str, rng: random.Random) -> str | None:
    """The legal form dropped, exchanged or added."""
    bare = LEGAL.sub("", name).strip(" ,")
    if bare == name:
        return f"{name} {rng.choice(FORMS)}"
    return bare if rng.random() < 0.5 else f"{bare} {rng.choice(FORMS)}"


def extra_words(name: str, rng: random.Random) -> str | None:
    """One or two general words added."""
    added = rng.sample(EXTRA, rng.choice((1, 1, 2)))
    return " ".join((*added, name) if rng.random() < 0.3 else (LEGAL.sub("", name), *added))


def cyrillic(name: str, _rng: random.Random) -> str | None:
    """The name in Cyrillic letters, by sound."""
    if not name.isascii():
        return None
    written = name.lower()
    for latin, letter in CYRILLIC:
        written = written.replace(latin, letter)
    return written.title()


def shorter(name: str, _rng: random.Random) -> str | None:
    """Words in their usual abbreviation or other spelling."""
    words = [SHORTER.get(word.lower().strip(",."), word) for word in name.split()]
    return None if words == name.split() else " ".join(words)


def spacing(name: str, rng: random.Random) -> str | None:
    """A space dropped, or one put into a long word."""
    spaces = [place for place, letter in enumerate(name) if letter in " -"]
    if spaces and rng.random() < 0.6:
        at = rng.choice(spaces)
        return name[:at] + name[at + 1 :]
    words = [word for word in name.split() if len(word) > 6 and word.isalpha()]
    if not words:
        return None
    word = rng.choice(words)
    at = rng.randrange(3, len(word) - 2)
    return name.replace(word, f"{word[:at]} {word[at:]}", 1)


def dropped_word(name: str, rng: random.Random) -> str | None:
    """One word of four or more left out, not the first."""
    words = LEGAL.sub("", name).split()
    if len(words) < 4:
        return None
    words.pop(rng.randrange(1, len(words)))
    return " ".join(words)


def initial(name: str, rng: random.Random) -> str | None:
    """A given name ("SURNAME, Given Names") cut to its initial."""
    surname, comma, given = name.partition(", ")
    if not comma or not given.replace(" ", "").replace("-", "").isalpha() or len(given.split()) < 2:
        return None
    words = given.split()
    at = rng.randrange(1, len(words))
    words[at] = words[at][0] + rng.choice(("", "."))
    return f"{' '.join(words)} {surname}"


def romanisation(name: str, rng: random.Random) -> str | None:
    """One sound written as another romanisation writes it."""
    found = [(one, other) for one, other in ROMANISED if one in name.lower()]
    if not found:
        return None
    one, other = rng.choice(found)
    at = name.lower().index(one)
    return name[:at] + (other.upper() if name.isupper() else other) + name[at + len(one) :]


def short_name(name: str, rng: random.Random) -> str | None:
    """A company as people say it: its first two words (Yangtze Memory), or its brand and a place (Huawei Malaysia)."""
    words = LEGAL.sub("", name).split()
    named = [word for word in words if word.strip(".()").casefold() not in general_words()]
    if len(words) < 3 or "," in name or not named:
        return None
    if rng.random() < 0.5:
        return " ".join(words[:2]) if named[0] in words[:2] else None
    return f"{named[0]} {rng.choice(PLACES)}" if len(named[0]) >= SHORTEST_BRAND else None


SAME: Final[dict[str, Change]] = {
    "typo": typo,
    "two typos": two_typos,
    "reorder": reorder,
    "legal form": legal_form,
    "extra words": extra_words,
    "cyrillic": cyrillic,
    "shorter": shorter,
    "spacing": spacing,
    "romanisation": romanisation,
    "dropped word": dropped_word,
    "initial": initial,
    "short name": short_name,
}
