"""The whole database and the media folder, as somebody would read them who has them in hand."""

import hashlib
from pathlib import Path

import pgtrigger
from django.conf import settings
from django.db import connection

TABLES = """
SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename
"""
# `directory_change` counts the writes of the directory, and says nothing else.
DATES = """
SELECT quote_ident(table_name), string_agg(
    format('%%1$I = %%1$I - interval ''%%2$s days''', column_name, %s::int), ', ')
FROM information_schema.columns JOIN pg_tables ON tablename = table_name
WHERE table_schema = 'public' AND schemaname = 'public' AND is_generated = 'NEVER'
AND data_type IN ('timestamp with time zone', 'date')
AND table_name NOT IN ('django_migrations', 'cache', 'trophies_statuschange', 'trophies_minutes',
    'trophies_jurysession', 'trophies_ballot')
AND table_name NOT LIKE 'audience%%' AND table_name NOT LIKE 'trophies_%%event'
GROUP BY table_name
"""


def run(statement, *params):
    with connection.cursor() as cursor:
        cursor.execute(statement, params or None)
        return cursor.fetchall() if cursor.description else []


def tables():
    return [name for (name,) in run(TABLES)]


def rows_of(table):
    return [text for (text,) in run(f"SELECT t::text FROM {table} t")]


def move_dates(days):
    """Every date, but those that a seal holds, that many days back: the clock stays."""
    with pgtrigger.ignore():
        for table, changes in run(DATES, days):
            run(f"UPDATE {table} SET {changes}")
    run("ANALYZE")  # nobody does it within a transaction


def digest():
    """Of all that the database holds."""
    found = hashlib.sha256()
    for table in tables():
        for text in sorted(rows_of(table)):
            found.update(f"{table}{text}".encode())
    return found.hexdigest()


def where(*words):
    """(table or file, word) of each place that holds one of the words, whatever their case; bytes
    are looked into as well.
    """
    wanted = {form: word for word in words for form in (word.lower(), word.encode().hex())}
    found = {
        (table, word)
        for table in tables()
        for text in map(str.lower, rows_of(table))
        for form, word in wanted.items()
        if form in text
    }
    return found | {
        (f"fichier {path.name}", word)
        for path in files()
        for word in words
        if word.lower().encode() in path.read_bytes().lower() or word.lower() in path.name.lower()
    }


def files():
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
