from datetime import datetime

import pytest
from django.utils import timezone

from events.models import Event
from tests.factories import ago, ahead, make_event

PARIS = timezone.get_default_timezone()


@pytest.mark.parametrize(
    ("precision", "hour", "text"),
    [
        ("time", (14, 0), "jeudi 15 mai 2014 à 14 h"),
        ("time", (9, 30), "jeudi 15 mai 2014 à 9 h 30"),
        ("day", (0, 0), "jeudi 15 mai 2014"),
        ("month", (0, 0), "mai 2014"),
        ("year", (0, 0), "2014"),
    ],
)
def test_date_text_says_what_is_known(precision, hour, text):
    starts_at = datetime(2014, 5, 15, *hour, tzinfo=PARIS)
    event = Event(starts_at=starts_at, date_precision=precision)
    assert event.date_text.replace("\u00a0", " ") == text


@pytest.mark.django_db
def test_upcoming_and_past_share_the_events_between_them():
    going_on = make_event(starts_at=ago(hours=2), ends_at=ahead(hours=2))
    over = make_event(starts_at=ago(days=2), ends_at=ago(days=1))
    soon = make_event(starts_at=ahead(days=1))
    assert list(Event.objects.upcoming()) == [going_on, soon]
    assert list(Event.objects.past()) == [over]


@pytest.mark.parametrize(
    ("precision", "text"),
    [("time", "2014-05-15"), ("day", "2014-05-15"), ("month", "2014-05"), ("year", "2014")],
)
def test_machine_date_says_no_more_than_is_known(precision, text):
    starts_at = datetime(2014, 5, 15, 0, 30, tzinfo=PARIS)
    assert Event(starts_at=starts_at, date_precision=precision).machine_date == text
