"""What the worker does every minute: each function may run twice, or late, without harm."""

from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.core.files.storage import default_storage
from django.utils import timezone
from post_office.models import STATUS, Email

from accounts.models import User
from audience import retention
from events.models import Event
from events.services import move_lines, remind_registered
from initiatives.directory import forget_old_changes
from initiatives.freshness.services import ask_whether_true
from initiatives.models import Condition, Initiative
from initiatives.transfer import passes
from news.models import NewsItem, Page
from partners.models import Organisation
from rallynov import outbox, search
from rallynov.privacy.mails import forget_old_events, forget_old_mails
from rallynov.privacy.purge import purge_daily
from trophies import services

KEEP_PARTIAL_FILES = timedelta(days=1)
KEEP_UNUSED_ACCOUNTS = timedelta(days=7)


def forget_expired_sessions():
    SessionStore.clear_expired()


def give_up_expired_mails():
    """A code that could not leave in time is of no use any more."""
    late = Email.objects.filter(
        status__in=[STATUS.queued, STATUS.requeued], expires_at__lte=timezone.now()
    )
    outbox.erase(late)
    late.update(status=STATUS.failed)


def forget_partial_files():
    """What a process that was killed had begun to write."""
    default_storage.forget_partial(KEEP_PARTIAL_FILES)


def forget_unused_accounts():
    """Addresses typed to get a code that nobody ever entered."""
    User.objects.filter(
        last_login=None,
        name="",
        roles=[],
        is_superuser=False,
        memberships=None,
        candidatures=None,
        jury_memberships=None,
        joined_at__lt=timezone.now() - KEEP_UNUSED_ACCOUNTS,
    ).delete()


def forget_lost_words():
    """Each word is looked at once a day."""
    now = timezone.localtime()
    models = [Initiative, Condition, Organisation, Event, NewsItem, Page]
    search.forget_lost_words(
        [model.objects.all() for model in models], part=now.hour * 60 + now.minute, parts=24 * 60
    )


EVERY_MINUTE = [
    services.send_letters,
    services.send_reminders,
    services.send_closing,
    services.tell_call_opened,
    services.send_jury_opened,
    services.send_jury_last_days,
    services.forget_unconfirmed_alerts,
    services.fill_sheets,
    services.ask_for_news,
    services.detect_conflicts,
    forget_expired_sessions,
    give_up_expired_mails,
    forget_old_mails,
    forget_partial_files,
    forget_old_events,
    forget_unused_accounts,
    passes.forget_old_imports,
    forget_lost_words,
    forget_old_changes,
    retention.forget_visitors,
    retention.fold_old_counts,
    purge_daily,
    ask_whether_true,
    move_lines,
    remind_registered,
]
