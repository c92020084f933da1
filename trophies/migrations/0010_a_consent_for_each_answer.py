from django.db import migrations

NAMES = "ARRAY['started_year', 'need', 'response', 'people', 'effects']::varchar[]"


class Migration(migrations.Migration):
    """One yes for all the answers becomes a yes for each.

    Back, only a yes for each of them is one for all: no consent is made up.
    """

    dependencies = [("trophies", "0009_after_the_prize")]

    operations = [
        # A row written by the same transaction would hold the table, to check its links later.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RunSQL(
            f"UPDATE trophies_candidature SET publishable = {NAMES} WHERE may_publish",
            f"UPDATE trophies_candidature SET may_publish = true WHERE publishable @> {NAMES}",
        ),
        migrations.RemoveField(model_name="candidature", name="may_publish"),
    ]
