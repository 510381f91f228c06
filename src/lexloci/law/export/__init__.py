"""A rulebook of one validity epoch, written for engines that have no clock: CEL, Rego and Cedar."""
