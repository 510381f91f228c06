"""Who owns whom, who is caught by a fifty-per-cent rule, and where the ultimate parent sits.

``graph`` holds shares as arrays, ``rules`` the rules by date, ``cascade`` judges, ``proof`` tells why, ``parents``
walks to the ultimate parent, ``registers`` reads files (their own form, CSV, BODS, FollowTheMoney, GLEIF), ``stakes``
makes a graph of a portfolio.
"""
