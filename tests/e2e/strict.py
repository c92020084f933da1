"""The settings of the example, where the second factor is asked for as in production."""

from rallynov.settings import *  # noqa: F403

SECOND_FACTOR_REQUIRED = True
