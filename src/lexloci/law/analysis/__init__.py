"""What can be proved about a rulebook: gaps, dead and redundant rules, overlaps, invariants, differences.

The rules are put to the solver z3 (the extra ``analysis``) as ``encode`` says; whatever act the solver finds is
judged again by the reference before anyone sees it. Nothing outside this package imports z3.
"""
