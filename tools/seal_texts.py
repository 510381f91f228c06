"""Writes beside each quoted text the seal that the loader checks; run it once the text was compared with its source.

``python tools/seal_texts.py [FOLDER]`` seals every rule and scenario of a rulebook (default: the package's);
with ``--check`` it writes nothing, names the files whose seal is missing or wrong, and ends with 1 where there is one.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from lexloci.case.yaml_source import load
from lexloci.law.seal import seal_of
from lexloci.model.errors import InputError

RULEBOOK = Path(__file__).resolve().parents[1] / "src" / "lexloci" / "rulebook"
_TOP_KEY = re.compile(r"[A-Za-z_]\w*:")


def sealed(content: str) -> str:
    """The content of a rule's file with the seal of its text in the line after it; TypeError where it has no text."""
    data = load(content, "the file").data
    text = data.get("text") if isinstance(data, dict) else None
    if not isinstance(text, str):
        raise TypeError("has no text")
    lines = [line for line in content.splitlines(keepends=True) if not line.startswith("text_sha256:")]
    begin = next(place for place, line in enumerate(lines) if line.startswith("text:"))
    keys = (place for place in range(begin + 1, len(lines)) if _TOP_KEY.match(lines[place]))
    end = next(keys, len(lines))
    while not lines[end - 1].strip() or lines[end - 1].startswith("#"):
        end -= 1
    if not lines[end - 1].endswith("\n"):
        lines[end - 1] += "\n"
    lines.insert(end, f'text_sha256: "{seal_of(text)}"\n')
    return "".join(lines)


def main(arguments: list[str]) -> int:
    """The exit code: 0 where every text is sealed, 1 where one is not, or has no text to be sealed."""
    parser = argparse.ArgumentParser(description="Seal the quoted texts of a rulebook.")
    parser.add_argument("folder", nargs="?", type=Path, default=RULEBOOK, help="default: the rulebook of the package")
    parser.add_argument("--check", action="store_true", help="write nothing; name the files that are not sealed")
    wanted = parser.parse_args(arguments)
    paths = sorted((*wanted.folder.glob("*/rules/*.yaml"), *wanted.folder.glob("*/scenarios/*.yaml")))
    wrong: list[str] = [] if paths else [f"{wanted.folder}: holds no <authority>/rules/<name>.yaml"]
    for path in paths:
        content = path.read_text(encoding="utf-8")
        try:
            new = sealed(content)
        except (TypeError, InputError) as error:
            wrong.append(f"{path}: {' '.join(str(error).split())}")
            continue
        if new != content and wanted.check:
            wrong.append(f"{path}: text_sha256 is missing or is not that of the text")
        elif new != content:
            path.write_text(new, encoding="utf-8")
            print(f"{path}: sealed")
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
