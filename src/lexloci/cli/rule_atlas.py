"""Decides the whole question, and writes it as a table and as a picture."""

from __future__ import annotations

import csv
import json as json_text
import sys
from pathlib import Path
from typing import TextIO

from lexloci.catalogue import chips, countries
from lexloci.cli.show import print_json, show
from lexloci.cli.whole_file import whole_file
from lexloci.model.errors import LexlociError
from lexloci.model.portfolio import Basis
from lexloci.report.atlas_table import COLUMNS, atlas_json, atlas_rows, atlas_summary
from lexloci.rulebook.atlas import Atlas, draw_atlas
from lexloci.rulebook.book import bundled_rulebook

_SUFFIXES = (".csv", ".json")


def show_atlas(basis: Basis, output: Path | None, picture: Path | None, as_json: bool) -> None:
    """Print how often each outcome is the answer (or all as JSON), and write the table and the picture."""
    if output is not None and output.suffix.lower() not in _SUFFIXES:
        raise LexlociError(f"{output}: is neither a table nor JSON; name a file that ends with .csv or .json")
    rulebook = bundled_rulebook()
    sys.stderr.write("deciding\n")
    atlas = draw_atlas(rulebook, tuple(chips().values()), tuple(countries()), basis, rulebook.reviewed)
    if output is not None:
        with whole_file(output) as file:
            _write(atlas, output, file)
    if picture is not None:
        from lexloci.report.svg_atlas import atlas_svg

        with whole_file(picture) as file:
            file.write(atlas_svg(atlas))
    if as_json:
        print_json(atlas_json(atlas))
        return
    for part in atlas_summary(atlas):
        show(part)


def _write(atlas: Atlas, output: Path, file: TextIO) -> None:
    if output.suffix.lower() == ".json":
        json_text.dump(atlas_json(atlas), file, ensure_ascii=False, indent=2)
        file.write("\n")
        return
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in atlas_rows(atlas):
        writer.writerow(row)
