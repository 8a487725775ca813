"""The checklists of the project, which trajectory files refer to."""

import pytest


@pytest.fixture(autouse=True)
def _instruments(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("django_db"):
        from tests.files.builders import instruments

        request.getfixturevalue("db")
        instruments()
