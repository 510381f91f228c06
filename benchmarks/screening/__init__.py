"""The benchmark of party screening."""
