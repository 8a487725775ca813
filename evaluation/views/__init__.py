"""Pages of the evaluation, by theme."""
