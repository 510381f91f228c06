"""The benchmark of the law engine: the same rules and rows through this engine and its peers (see README.md)."""
