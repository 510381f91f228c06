"""Which word of a name met which word of a listed name, and how: the evidence beneath a probability."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rapidfuzz.distance import OSA

from lexloci.parties.sound import sound
from lexloci.parties.words_of_names import cut_into_phrases, general_words

ALIKE_FROM: Final = 0.6  # share of letters that stay; below it two words do not meet
SHORTEST_BEGINNING: Final = 4


class How(StrEnum):
    """How two words meet, or why a word meets none."""

    SAME = "same"
    SAME_MEANING = "same meaning"
    SAME_SOUND = "other romanisation"
    TYPO = "differs by letters"
    INITIAL = "initial"
    BEGINNING = "abbreviation"
    ACRONYM = "initials of the name"
    LEGAL_FORM = "legal form, set aside"
    GENERAL = "general word, no counterpart"
    UNMET = "no counterpart"


@dataclass(frozen=True, slots=True)
class Meeting:
    """A word as asked and the listed word that it met; one of them is empty where there is no counterpart."""

    asked: str
    listed: str
    how: How

    def __str__(self) -> str:
        words = " = ".join(word for word in (self.asked, self.listed) if word)
        return f"{words} ({self.how})"


def meetings(asked: str, listed: str) -> tuple[Meeting, ...]:
    """What the words of two readings met, in the order asked, then the listed words that met none."""
    mine, theirs = cut_into_phrases(asked), cut_into_phrases(listed)
    free = [place for place, (_, kind, _) in enumerate(theirs) if not kind]
    found: list[Meeting] = []
    for phrase, kind, spelled in mine:
        given = " ".join(phrase)
        if kind:
            found.append(Meeting(given, "", How.LEGAL_FORM))
            continue
        best = max(((_meets(phrase, spelled, theirs[place]), -place) for place in free), default=(None, 0))
        if best[0] is None or best[0][0] <= 0:
            found.append(Meeting(given, "", _alone(spelled)))
            continue
        place = -best[1]
        free.remove(place)
        found.append(Meeting(given, " ".join(theirs[place][0]), best[0][1]))
    rest = [Meeting("", " ".join(theirs[place][0]), _alone(theirs[place][2])) for place in free]
    forms = [Meeting("", " ".join(phrase), How.LEGAL_FORM) for phrase, kind, _ in theirs if kind]
    return (*_acronym(found, rest), *forms)


def _meets(
    phrase: tuple[str, ...], spelled: tuple[str, ...], other: tuple[tuple[str, ...], str, tuple[str, ...]]
) -> tuple[float, How]:
    """How near a word is to a listed one (0: not), and how they meet."""
    if phrase == other[0]:
        return 1.0, How.SAME
    if spelled == other[2]:
        return 0.98, How.SAME_MEANING
    one, two = "".join(phrase), "".join(other[0])
    if sound(one) == sound(two):
        return 0.95, How.SAME_SOUND
    if 1 in (len(one), len(two)) and one[0] == two[0]:
        return 0.3, How.INITIAL
    nearness = float(OSA.normalized_similarity(one, two))
    if nearness >= ALIKE_FROM and min(len(one), len(two)) > 2:
        return 0.9 * nearness, How.TYPO
    if min(len(one), len(two)) >= SHORTEST_BEGINNING and (one.startswith(two) or two.startswith(one)):
        return 0.4, How.BEGINNING
    return 0.0, How.UNMET


def _alone(spelled: tuple[str, ...]) -> How:
    return How.GENERAL if all(word in general_words() for word in spelled) else How.UNMET


def _acronym(found: list[Meeting], rest: list[Meeting]) -> list[Meeting]:
    """The meetings, with a lone word that is the initials of the other side's unmet words joined to them."""
    asked = [meeting for meeting in found if not meeting.listed and meeting.how is not How.LEGAL_FORM]
    for few, many in ((asked, rest), (rest, asked)):
        if len(few) == 1 and len(many) > 1:
            word = few[0].asked or few[0].listed
            words = [meeting.asked or meeting.listed for meeting in many]
            if word == "".join(one[0] for one in words):
                kept = [meeting for meeting in found if meeting not in asked]
                sides = (word, " ".join(words)) if few is asked else (" ".join(words), word)
                return [*kept, Meeting(*sides, How.ACRONYM)]
    return [*found, *rest]
