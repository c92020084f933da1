from django.db import migrations

from rallynov import sorting


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(sorting.CREATE, sorting.DROP)]
