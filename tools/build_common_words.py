"""Writes src/lexloci/parties/words/common_words.txt.gz: how common words are in English text.

usage: build_common_words.py     (needs wordfreq; its data are under CC BY-SA 4.0, and so is what is written)

A line for each tenth of the Zipf scale (the log of occurrences in a billion words, to ten), the commonest first: the
value, then the words of it in alphabetical order. Words are in their normal form; those of less than ``LEAST`` are left
out. A hundred thousand more, as rare, would double the file and told unlisted names apart no better.
"""

from __future__ import annotations

import gzip
import math
import re
from collections import defaultdict

from wordfreq import get_frequency_dict

from lexloci.parties.folding import normalise
from lexloci.parties.words_of_names import COMMON_WORDS

LEAST = 1.5
A_WORD = re.compile("[a-z]{2,}")
PER_BILLION = 9


def main() -> None:
    """Counts the spellings of one normal form together and writes the table."""
    shares: dict[str, float] = defaultdict(float)
    for spelled, share in get_frequency_dict("en", "best").items():
        word = normalise(spelled)
        if A_WORD.fullmatch(word):
            shares[word] += share
    of_value: dict[int, list[str]] = defaultdict(list)
    for word, share in shares.items():
        zipf = math.log10(share) + PER_BILLION
        if zipf >= LEAST:
            of_value[round(10 * zipf)].append(word)
    lines = [" ".join((str(value), *sorted(words))) for value, words in sorted(of_value.items(), reverse=True)]
    # No time and no name in the head of the file, so that the same words give the same bytes.
    with COMMON_WORDS.open("wb") as out, gzip.GzipFile("", "wb", 9, out, mtime=0) as packed:
        packed.write("\n".join((*lines, "")).encode())
    print(f"{COMMON_WORDS}: {sum(map(len, of_value.values()))} words, {COMMON_WORDS.stat().st_size} bytes")


if __name__ == "__main__":
    main()
