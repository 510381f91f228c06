"""Compiled loops of the planner: the arrays that they read, the walk over trees, the search. Needs numba."""
