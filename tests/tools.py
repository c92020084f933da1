"""What tests need of the machine, beyond what `make test` installs."""

import os

import pytest


def require(found, what):
    """Skip where a tool is missing; fail in CI, where it is compulsory."""
    if not found:
        message = f"{what} is not installed: the tests that need it are skipped"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
