from django.db import migrations

from initiatives import sql

TABLES = [
    "initiatives_initiative",
    "initiatives_initiativetheme",
    "initiatives_theme",
    "initiatives_condition",
    "initiatives_initiative_conditions",
    "initiatives_support",
    "partners_organisation",
    "places_commune",
    "places_epci",
    "places_department",
]


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0003_search")]
    operations = [
        migrations.RunSQL(
            sql.DIRECTORY, "DROP FUNCTION note_directory_change(); DROP TABLE directory_change"
        ),
        migrations.RunSQL(*sql.noting_changes(*TABLES)),
    ]
