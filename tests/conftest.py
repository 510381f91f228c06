"""What all tests share: the profiles of hypothesis.

``ci`` (the default) draws the same examples on every machine and every day; ``dev`` looks for new ones:
``HYPOTHESIS_PROFILE=dev make test``. Neither has a deadline, so no test depends on the machine's speed.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("dev", deadline=None, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
