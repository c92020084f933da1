"""The two rounds of readings: of all files, then of a shortlist, if the jury wants one."""

from trophies.route import Phase

FIRST, SECOND = 1, 2


def last_round(edition):
    """The last round that was opened: until the second one is, the first."""
    return SECOND if edition.has_second_round else FIRST


def start_of(edition, number):
    return edition.second_opened_at if number == SECOND else edition.jury_opens_at


def end_of(edition, number):
    return edition.second_closes_at if number == SECOND else edition.jury_closes_at


def is_read(edition, number):
    """Whether the jury reads this round now: what is written of it may change."""
    return edition.is_in_second_round if number == SECOND else edition.phase == Phase.READING


def is_reading(edition):
    """Whether the jury reads now, whatever the round."""
    return is_read(edition, last_round(edition))


def is_first_over(edition):
    """Whether the readings of all files are closed: their plan changes no more."""
    return edition.phase in (Phase.DELIBERATION, Phase.PUBLISHED)
