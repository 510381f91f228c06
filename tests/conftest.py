"""What all tests share: the profiles of hypothesis, and no lists but the bundled ones.

``ci`` (the default) draws the same examples on every machine and every day; ``dev`` looks for new ones:
``HYPOTHESIS_PROFILE=dev make test``. Neither has a deadline, so no test depends on the machine's speed.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable

import pytest
from hypothesis import settings

# No test reads or writes the lists that the user of this machine keeps.
os.environ["LEXLOCI_LISTS"] = os.path.join(tempfile.gettempdir(), "lexloci-tests-have-no-lists")  # noqa: PTH118

settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("dev", deadline=None, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture
def run_main(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str, str]]:
    """Runs the command in this process: exit code, standard output, standard error."""
    from lexloci.cli.main import main

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["lexloci", *map(str, arguments)])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(bool(end.code))
        out, err = capsys.readouterr()
        return code, out, err

    return run
