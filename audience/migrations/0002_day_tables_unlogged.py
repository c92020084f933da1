"""What a day needs to tell its visitors apart reaches no log, no archive of it and no replica.

A crash of the server empties these tables: the visitors of that day are then counted once more.
"""

from django.db import migrations


def setting(table):
    return migrations.RunSQL(f"ALTER TABLE {table} SET UNLOGGED", f"ALTER TABLE {table} SET LOGGED")


class Migration(migrations.Migration):
    dependencies = [("audience", "0001_counts")]

    operations = [setting("audience_daysalt"), setting("audience_visitor")]
