"""Files that say who owns whom: the program's own form (JSON, YAML, CSV), BODS, FollowTheMoney, GLEIF RR-CDF."""
