import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("trophies", "0007_the_jury_reads"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="criterion",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="criterion",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="criterion",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="criterion",
            name="change_reason",
            field=models.CharField(
                blank=True,
                help_text="La grille est fixée\u202f: seuls les mots changent encore, et l’on dit pourquoi.",
                max_length=200,
                verbose_name="pourquoi ce texte change",
            ),
        ),
        migrations.AddField(
            model_name="criterionevent",
            name="change_reason",
            field=models.CharField(
                blank=True,
                help_text="La grille est fixée\u202f: seuls les mots changent encore, et l’on dit pourquoi.",
                max_length=200,
                verbose_name="pourquoi ce texte change",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="criterion",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "trophies_criterionevent" ("allows_not_applicable", "change_reason", "edition_id", "help", "id", "label", "levels", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "weight") VALUES (NEW."allows_not_applicable", NEW."change_reason", NEW."edition_id", NEW."help", NEW."id", NEW."label", NEW."levels", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."weight"); RETURN NULL;',
                    hash="2175888a915d2a1c055a0429760686ea1b4e0e16",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_c35b5",
                    table="trophies_criterion",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="criterion",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "trophies_criterionevent" ("allows_not_applicable", "change_reason", "edition_id", "help", "id", "label", "levels", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "weight") VALUES (NEW."allows_not_applicable", NEW."change_reason", NEW."edition_id", NEW."help", NEW."id", NEW."label", NEW."levels", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."weight"); RETURN NULL;',
                    hash="e30a3e7e86ddf01af9cc47a78a2a02c359149b1a",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_31299",
                    table="trophies_criterion",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="criterion",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "trophies_criterionevent" ("allows_not_applicable", "change_reason", "edition_id", "help", "id", "label", "levels", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "weight") VALUES (OLD."allows_not_applicable", OLD."change_reason", OLD."edition_id", OLD."help", OLD."id", OLD."label", OLD."levels", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."weight"); RETURN NULL;',
                    hash="343f96f5fe917f60e944b603eaccf087aea21281",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_48d90",
                    table="trophies_criterion",
                    when="AFTER",
                ),
            ),
        ),
    ]
