"""The law as data, one folder per authority, and the mapping from a placement to its acts."""
