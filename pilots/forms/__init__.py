"""What people fill in about accounts, schools, teams and trajectories."""

from django import forms


class DateInput(forms.DateInput):
    """A date as browsers choose it: they want it written as 2026-11-22, whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, str] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")
