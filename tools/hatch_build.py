"""Puts the compiled rulebook into the wheel: what people install loads in milliseconds, and reads no YAML for it.

Only the wheel has it. A checkout, and an installation that follows one (editable), reads the files of the rulebook each
time, so that a rule which somebody has just mended is never hidden behind what was compiled before.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileRulebook(BuildHookInterface[Any]):
    """Compiles src/lexloci/rulebook into lexloci/rulebook/compiled.json of a standard wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Writes the file beside the build, and names it among what the wheel includes."""
        if version == "editable":
            return
        source = Path(self.root, "src")
        sys.path.insert(0, str(source))
        from lexloci.law.compiled import compile_rulebook
        from lexloci.law.load import load_rulebook
        from lexloci.rulebook.book import COMPILED_FILE

        self.folder = tempfile.TemporaryDirectory(prefix="lexloci-build-")
        compiled = Path(self.folder.name, COMPILED_FILE)
        compiled.write_bytes(compile_rulebook(load_rulebook(source / "lexloci" / "rulebook")))
        build_data["force_include"][str(compiled)] = f"lexloci/rulebook/{COMPILED_FILE}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Removes the file once the wheel holds it."""
        if version != "editable":
            self.folder.cleanup()
