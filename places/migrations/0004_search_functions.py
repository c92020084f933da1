from django.db import migrations

from rallynov import search

DROP = """
DROP FUNCTION search_learn();
DROP TABLE search_word;
DROP FUNCTION search_slips(text);
DROP FUNCTION search_words(text);
DROP FUNCTION search_vector(text);
DROP FUNCTION search_stem(text);
DROP FUNCTION search_singular(text);
DROP FUNCTION search_plain(text);
DROP FUNCTION search_form(text);
DROP TEXT SEARCH DICTIONARY rallynov_french;
"""


class Migration(migrations.Migration):
    dependencies = [("places", "0003_load_places")]
    operations = [migrations.RunSQL(search.SQL, DROP)]
