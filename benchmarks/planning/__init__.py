"""The benchmark of the planner: instances, contestants, measurement, report."""
