"""Where may each AI job lawfully run, on which chips, with which data, on which date, and why."""

__version__ = "0.1.0"
