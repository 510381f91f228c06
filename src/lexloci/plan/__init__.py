"""Where law and estimates meet: options, problem, solution, check."""
