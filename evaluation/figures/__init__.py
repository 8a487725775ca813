"""What the evaluations show, by theme."""

from evaluation.figures.interviews import evaluated

__all__ = ["evaluated"]
