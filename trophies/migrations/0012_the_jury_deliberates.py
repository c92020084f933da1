import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import trophies.models.edition


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0002_search"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("places", "0005_repair_positions"),
        ("trophies", "0011_screened_since"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Ballot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(editable=False, verbose_name="numéro")),
                ("question", models.CharField(max_length=200, verbose_name="la question")),
                (
                    "seats",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="Chacun a autant de voix.",
                        verbose_name="combien de dossiers passent",
                    ),
                ),
                ("opened_at", models.DateTimeField(auto_now_add=True, verbose_name="ouvert le")),
                (
                    "closed_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="dépouillé le"),
                ),
                (
                    "abstentions",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="abstentions et blancs"
                    ),
                ),
            ],
            options={
                "verbose_name": "scrutin",
                "ordering": ["session", "number"],
            },
        ),
        migrations.CreateModel(
            name="BallotChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("votes", models.PositiveSmallIntegerField(default=0, verbose_name="voix")),
                (
                    "has_casting_vote",
                    models.BooleanField(default=False, verbose_name="voix prépondérante"),
                ),
                ("is_chosen", models.BooleanField(default=False, verbose_name="passe")),
            ],
            options={
                "verbose_name": "choix d’un scrutin",
                "verbose_name_plural": "choix d’un scrutin",
                "ordering": ["ballot", "-votes", "pk"],
            },
        ),
        migrations.CreateModel(
            name="BallotChoiceEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("votes", models.PositiveSmallIntegerField(default=0, verbose_name="voix")),
                (
                    "has_casting_vote",
                    models.BooleanField(default=False, verbose_name="voix prépondérante"),
                ),
                ("is_chosen", models.BooleanField(default=False, verbose_name="passe")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="BallotEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("number", models.PositiveSmallIntegerField(editable=False, verbose_name="numéro")),
                ("question", models.CharField(max_length=200, verbose_name="la question")),
                (
                    "seats",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="Chacun a autant de voix.",
                        verbose_name="combien de dossiers passent",
                    ),
                ),
                ("opened_at", models.DateTimeField(auto_now_add=True, verbose_name="ouvert le")),
                (
                    "closed_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="dépouillé le"),
                ),
                (
                    "abstentions",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="abstentions et blancs"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="JurySession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(editable=False, verbose_name="numéro")),
                ("starts_at", models.DateTimeField(verbose_name="prévue le")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="lieu")),
                (
                    "quorum",
                    models.PositiveSmallIntegerField(
                        help_text="Le nombre de jurés qui doivent être dans la salle pour qu’un vote compte.",
                        verbose_name="quorum",
                    ),
                ),
                (
                    "opened_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="ouverte le"),
                ),
                (
                    "closed_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="levée le"),
                ),
            ],
            options={
                "verbose_name": "séance du jury",
                "verbose_name_plural": "séances du jury",
                "ordering": ["edition", "number"],
            },
        ),
        migrations.CreateModel(
            name="JurySessionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("number", models.PositiveSmallIntegerField(editable=False, verbose_name="numéro")),
                ("starts_at", models.DateTimeField(verbose_name="prévue le")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="lieu")),
                (
                    "quorum",
                    models.PositiveSmallIntegerField(
                        help_text="Le nombre de jurés qui doivent être dans la salle pour qu’un vote compte.",
                        verbose_name="quorum",
                    ),
                ),
                (
                    "opened_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="ouverte le"),
                ),
                (
                    "closed_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="levée le"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Minutes",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("payload", models.JSONField(verbose_name="contenu")),
                ("journal", models.JSONField(verbose_name="empreintes du journal")),
                (
                    "previous_seal",
                    models.CharField(blank=True, max_length=64, verbose_name="sceau précédent"),
                ),
                ("seal", models.CharField(max_length=64, unique=True, verbose_name="sceau")),
                ("sealed_at", models.DateTimeField(verbose_name="scellé le")),
            ],
            options={
                "verbose_name": "procès-verbal",
                "verbose_name_plural": "procès-verbaux",
                "ordering": ["session"],
            },
        ),
        migrations.CreateModel(
            name="MinutesSeat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=8, verbose_name="code")),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="nom")),
            ],
            options={
                "verbose_name": "place au procès-verbal",
                "verbose_name_plural": "places au procès-verbal",
                "ordering": ["minutes", "pk"],
            },
        ),
        migrations.CreateModel(
            name="MinutesText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, verbose_name="empreinte")),
                ("salt", models.CharField(blank=True, max_length=32, verbose_name="sel")),
                ("text", models.TextField(blank=True, verbose_name="texte")),
            ],
            options={
                "verbose_name": "texte du procès-verbal",
                "verbose_name_plural": "textes du procès-verbal",
                "ordering": ["minutes", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("absent", "absent"),
                            ("present", "dans la salle"),
                            ("out", "sorti de la salle"),
                        ],
                        default="absent",
                        max_length=7,
                        verbose_name="où",
                    ),
                ),
            ],
            options={
                "verbose_name": "présence",
                "ordering": ["session", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PresenceEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("absent", "absent"),
                            ("present", "dans la salle"),
                            ("out", "sorti de la salle"),
                        ],
                        default="absent",
                        max_length=7,
                        verbose_name="où",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="edition",
            name="edition_official_column_is_locked",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="edition",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="edition",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="edition",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="candidature",
            name="shortlisted_at",
            field=models.DateTimeField(
                editable=False, null=True, verbose_name="retenue pour le second tour le"
            ),
        ),
        migrations.AddField(
            model_name="edition",
            name="second_closes_at",
            field=models.DateTimeField(
                editable=False, null=True, verbose_name="fin du second tour"
            ),
        ),
        migrations.AddField(
            model_name="edition",
            name="second_opened_at",
            field=models.DateTimeField(
                editable=False, null=True, verbose_name="second tour ouvert le"
            ),
        ),
        migrations.AddField(
            model_name="edition",
            name="tie_break",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("criterion", "la moyenne sur le critère qui pèse le plus"),
                        ("preferences", "le nombre de jurés qui l’ont placé devant"),
                        ("vote", "un vote du jury"),
                        ("casting", "la voix prépondérante de la présidence"),
                    ],
                    max_length=11,
                ),
                blank=True,
                default=trophies.models.edition.default_tie_break,
                help_text="Jamais l’heure du dépôt. Ce que rien ne départage reste ex æquo.",
                size=None,
                verbose_name="à égalité, départagent dans l’ordre",
            ),
        ),
        migrations.AddField(
            model_name="editionevent",
            name="second_closes_at",
            field=models.DateTimeField(
                editable=False, null=True, verbose_name="fin du second tour"
            ),
        ),
        migrations.AddField(
            model_name="editionevent",
            name="second_opened_at",
            field=models.DateTimeField(
                editable=False, null=True, verbose_name="second tour ouvert le"
            ),
        ),
        migrations.AddField(
            model_name="editionevent",
            name="tie_break",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("criterion", "la moyenne sur le critère qui pèse le plus"),
                        ("preferences", "le nombre de jurés qui l’ont placé devant"),
                        ("vote", "un vote du jury"),
                        ("casting", "la voix prépondérante de la présidence"),
                    ],
                    max_length=11,
                ),
                blank=True,
                default=trophies.models.edition.default_tie_break,
                help_text="Jamais l’heure du dépôt. Ce que rien ne départage reste ex æquo.",
                size=None,
                verbose_name="à égalité, départagent dans l’ordre",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="edition",
            trigger=pgtrigger.compiler.Trigger(
                name="edition_official_column_is_locked",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."official_column" IS DISTINCT FROM (NEW."official_column") OR OLD."tie_break" IS DISTINCT FROM (NEW."tie_break"))',
                    func="\n                    IF OLD.jury_opens_at <= NOW() OR EXISTS (\n                        SELECT 1 FROM trophies_score score\n                        JOIN trophies_criterion given ON given.id = score.criterion_id\n                        WHERE given.edition_id = OLD.id) THEN\n                        RAISE EXCEPTION 'Le jury lit déjà : l’ordre officiel ne change plus.'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="6f35c763094cd575d0d886b6e868b600d5830a44",
                    operation='UPDATE OF "official_column", "tie_break"',
                    pgid="pgtrigger_edition_official_column_is_locked_6b172",
                    table="trophies_edition",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="edition",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "trophies_editionevent" ("ceremony_id", "closes_at", "credits", "id", "is_anonymous", "is_example", "jury_closes_at", "jury_opens_at", "largest_file", "most_files", "official_column", "opens_at", "ordinal", "others_shown", "perspectives", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_seed", "presentation", "published_at", "readings_per_file", "results_published_at", "second_closes_at", "second_opened_at", "summary", "tie_break", "year") VALUES (NEW."ceremony_id", NEW."closes_at", NEW."credits", NEW."id", NEW."is_anonymous", NEW."is_example", NEW."jury_closes_at", NEW."jury_opens_at", NEW."largest_file", NEW."most_files", NEW."official_column", NEW."opens_at", NEW."ordinal", NEW."others_shown", NEW."perspectives", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."plan_seed", NEW."presentation", NEW."published_at", NEW."readings_per_file", NEW."results_published_at", NEW."second_closes_at", NEW."second_opened_at", NEW."summary", NEW."tie_break", NEW."year"); RETURN NULL;',
                    hash="577f96f20d5be5605985b2f4c183a984d0d015b9",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_5b8d3",
                    table="trophies_edition",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="edition",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."ceremony_id" IS DISTINCT FROM (NEW."ceremony_id") OR OLD."closes_at" IS DISTINCT FROM (NEW."closes_at") OR OLD."credits" IS DISTINCT FROM (NEW."credits") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_anonymous" IS DISTINCT FROM (NEW."is_anonymous") OR OLD."is_example" IS DISTINCT FROM (NEW."is_example") OR OLD."jury_closes_at" IS DISTINCT FROM (NEW."jury_closes_at") OR OLD."jury_opens_at" IS DISTINCT FROM (NEW."jury_opens_at") OR OLD."largest_file" IS DISTINCT FROM (NEW."largest_file") OR OLD."most_files" IS DISTINCT FROM (NEW."most_files") OR OLD."official_column" IS DISTINCT FROM (NEW."official_column") OR OLD."opens_at" IS DISTINCT FROM (NEW."opens_at") OR OLD."ordinal" IS DISTINCT FROM (NEW."ordinal") OR OLD."others_shown" IS DISTINCT FROM (NEW."others_shown") OR OLD."perspectives" IS DISTINCT FROM (NEW."perspectives") OR OLD."plan_seed" IS DISTINCT FROM (NEW."plan_seed") OR OLD."presentation" IS DISTINCT FROM (NEW."presentation") OR OLD."published_at" IS DISTINCT FROM (NEW."published_at") OR OLD."readings_per_file" IS DISTINCT FROM (NEW."readings_per_file") OR OLD."results_published_at" IS DISTINCT FROM (NEW."results_published_at") OR OLD."second_closes_at" IS DISTINCT FROM (NEW."second_closes_at") OR OLD."second_opened_at" IS DISTINCT FROM (NEW."second_opened_at") OR OLD."summary" IS DISTINCT FROM (NEW."summary") OR OLD."tie_break" IS DISTINCT FROM (NEW."tie_break") OR OLD."year" IS DISTINCT FROM (NEW."year"))',
                    func='INSERT INTO "trophies_editionevent" ("ceremony_id", "closes_at", "credits", "id", "is_anonymous", "is_example", "jury_closes_at", "jury_opens_at", "largest_file", "most_files", "official_column", "opens_at", "ordinal", "others_shown", "perspectives", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_seed", "presentation", "published_at", "readings_per_file", "results_published_at", "second_closes_at", "second_opened_at", "summary", "tie_break", "year") VALUES (NEW."ceremony_id", NEW."closes_at", NEW."credits", NEW."id", NEW."is_anonymous", NEW."is_example", NEW."jury_closes_at", NEW."jury_opens_at", NEW."largest_file", NEW."most_files", NEW."official_column", NEW."opens_at", NEW."ordinal", NEW."others_shown", NEW."perspectives", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."plan_seed", NEW."presentation", NEW."published_at", NEW."readings_per_file", NEW."results_published_at", NEW."second_closes_at", NEW."second_opened_at", NEW."summary", NEW."tie_break", NEW."year"); RETURN NULL;',
                    hash="e6267c94b6cf1b1c0e422cc4e8a537310e1f0eed",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_f64e7",
                    table="trophies_edition",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="edition",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "trophies_editionevent" ("ceremony_id", "closes_at", "credits", "id", "is_anonymous", "is_example", "jury_closes_at", "jury_opens_at", "largest_file", "most_files", "official_column", "opens_at", "ordinal", "others_shown", "perspectives", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_seed", "presentation", "published_at", "readings_per_file", "results_published_at", "second_closes_at", "second_opened_at", "summary", "tie_break", "year") VALUES (OLD."ceremony_id", OLD."closes_at", OLD."credits", OLD."id", OLD."is_anonymous", OLD."is_example", OLD."jury_closes_at", OLD."jury_opens_at", OLD."largest_file", OLD."most_files", OLD."official_column", OLD."opens_at", OLD."ordinal", OLD."others_shown", OLD."perspectives", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."plan_seed", OLD."presentation", OLD."published_at", OLD."readings_per_file", OLD."results_published_at", OLD."second_closes_at", OLD."second_opened_at", OLD."summary", OLD."tie_break", OLD."year"); RETURN NULL;',
                    hash="2377ac97245b0be88ff5e1a92db3cd1f9ab119a0",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_7d1c4",
                    table="trophies_edition",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("second_closes_at__isnull", True), ("second_opened_at__isnull", True)
                    ),
                    models.Q(
                        ("jury_closes_at__isnull", False),
                        ("second_closes_at__gte", models.F("second_opened_at")),
                        ("second_closes_at__isnull", False),
                        ("second_opened_at__gte", models.F("jury_closes_at")),
                        ("second_opened_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="edition_second_round_follows_the_first",
                violation_error_message="Le second tour vient après les lectures, puis se clôt.",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("results_published_at__isnull", True),
                    ("second_closes_at__isnull", True),
                    ("results_published_at__gte", models.F("second_closes_at")),
                    _connector="OR",
                ),
                name="edition_results_follow_the_second_round",
                violation_error_message="Les résultats viennent après le second tour.",
            ),
        ),
        migrations.AddField(
            model_name="ballot",
            name="casting_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="casting_votes",
                to="trophies.jurymember",
                verbose_name="voix prépondérante",
            ),
        ),
        migrations.AddField(
            model_name="ballot",
            name="prize",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ballots",
                to="trophies.prize",
                verbose_name="pour le prix",
            ),
        ),
        migrations.AddField(
            model_name="ballot",
            name="voters",
            field=models.ManyToManyField(
                related_name="ballots", to="trophies.jurymember", verbose_name="votants"
            ),
        ),
        migrations.AddField(
            model_name="ballotchoice",
            name="ballot",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="choices",
                to="trophies.ballot",
            ),
        ),
        migrations.AddField(
            model_name="ballotchoice",
            name="candidature",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ballot_choices",
                to="trophies.candidature",
                verbose_name="candidature",
            ),
        ),
        migrations.AddField(
            model_name="ballot",
            name="candidatures",
            field=models.ManyToManyField(
                related_name="ballots",
                through="trophies.BallotChoice",
                to="trophies.candidature",
                verbose_name="dossiers",
            ),
        ),
        migrations.AddField(
            model_name="ballotchoiceevent",
            name="ballot",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="trophies.ballot",
            ),
        ),
        migrations.AddField(
            model_name="ballotchoiceevent",
            name="candidature",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="trophies.candidature",
                verbose_name="candidature",
            ),
        ),
        migrations.AddField(
            model_name="ballotchoiceevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="ballotchoiceevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="trophies.ballotchoice",
            ),
        ),
        migrations.AddField(
            model_name="ballotevent",
            name="casting_by",
            field=models.ForeignKey(
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="trophies.jurymember",
                verbose_name="voix prépondérante",
            ),
        ),
        migrations.AddField(
            model_name="ballotevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="ballotevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="trophies.ballot",
            ),
        ),
        migrations.AddField(
            model_name="ballotevent",
            name="prize",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="trophies.prize",
                verbose_name="pour le prix",
            ),
        ),
        migrations.AddField(
            model_name="jurysession",
            name="edition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="jury_sessions",
                to="trophies.edition",
                verbose_name="édition",
            ),
        ),
        migrations.AddField(
            model_name="ballotevent",
            name="session",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="trophies.jurysession",
            ),
        ),
        migrations.AddField(
            model_name="ballot",
            name="session",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ballots",
                to="trophies.jurysession",
            ),
        ),
        migrations.AddField(
            model_name="jurysessionevent",
            name="edition",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="trophies.edition",
                verbose_name="édition",
            ),
        ),
        migrations.AddField(
            model_name="jurysessionevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="jurysessionevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="trophies.jurysession",
            ),
        ),
        migrations.AddField(
            model_name="minutes",
            name="sealed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sealed_minutes",
                to=settings.AUTH_USER_MODEL,
                verbose_name="scellé par",
            ),
        ),
        migrations.AddField(
            model_name="minutes",
            name="session",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="minutes",
                to="trophies.jurysession",
                verbose_name="séance",
            ),
        ),
        migrations.AddField(
            model_name="minutesseat",
            name="minutes",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="seats",
                to="trophies.minutes",
            ),
        ),
        migrations.AddField(
            model_name="minutesseat",
            name="user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="minutes_seats",
                to=settings.AUTH_USER_MODEL,
                verbose_name="personne",
            ),
        ),
        migrations.AddField(
            model_name="minutestext",
            name="minutes",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="texts",
                to="trophies.minutes",
            ),
        ),
        migrations.AddField(
            model_name="presence",
            name="session",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="presences",
                to="trophies.jurysession",
            ),
        ),
        migrations.AddField(
            model_name="presence",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="jury_presences",
                to=settings.AUTH_USER_MODEL,
                verbose_name="personne",
            ),
        ),
        migrations.AddField(
            model_name="presenceevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="presenceevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="trophies.presence",
            ),
        ),
        migrations.AddField(
            model_name="presenceevent",
            name="session",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="trophies.jurysession",
            ),
        ),
        migrations.AddField(
            model_name="presenceevent",
            name="user",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="personne",
            ),
        ),
        migrations.AddConstraint(
            model_name="ballotchoice",
            constraint=models.UniqueConstraint(
                fields=("ballot", "candidature"),
                name="ballot_choice_is_unique",
                violation_error_message="Ce dossier est déjà dans ce scrutin.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ballotchoice",
            trigger=pgtrigger.compiler.Trigger(
                name="ballot_choice_is_within_an_open_ballot",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT EXISTS (SELECT 1 FROM trophies_ballot ballot, trophies_jurysession meeting,\n                   trophies_candidature file\n                   WHERE ballot.id = NEW.ballot_id AND ballot.closed_at IS NULL\n                   AND meeting.id = ballot.session_id AND file.id = NEW.candidature_id\n                   AND file.edition_id = meeting.edition_id) THEN\n                RAISE EXCEPTION 'Ce scrutin est dépouillé, ou ce dossier est d’une autre édition.' USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="6c0868c1de16deaf4fb462f4524faa10083e9e51",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_ballot_choice_is_within_an_open_ballot_775eb",
                    table="trophies_ballotchoice",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ballotchoice",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "trophies_ballotchoiceevent" ("ballot_id", "candidature_id", "has_casting_vote", "id", "is_chosen", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "votes") VALUES (NEW."ballot_id", NEW."candidature_id", NEW."has_casting_vote", NEW."id", NEW."is_chosen", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."votes"); RETURN NULL;',
                    hash="fe67de339bb810b93bad5d5478a0aa27b4c616c2",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d5da7",
                    table="trophies_ballotchoice",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ballotchoice",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "trophies_ballotchoiceevent" ("ballot_id", "candidature_id", "has_casting_vote", "id", "is_chosen", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "votes") VALUES (NEW."ballot_id", NEW."candidature_id", NEW."has_casting_vote", NEW."id", NEW."is_chosen", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."votes"); RETURN NULL;',
                    hash="866f895153f6eb37bc188c626c232c947729f966",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e2050",
                    table="trophies_ballotchoice",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ballotchoice",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "trophies_ballotchoiceevent" ("ballot_id", "candidature_id", "has_casting_vote", "id", "is_chosen", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "votes") VALUES (OLD."ballot_id", OLD."candidature_id", OLD."has_casting_vote", OLD."id", OLD."is_chosen", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."votes"); RETURN NULL;',
                    hash="093e09e25b255809947b57c7903c0752e6bb4c18",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_50904",
                    table="trophies_ballotchoice",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ballotchoiceevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="4b8085a530f47c5fc946e239a89413b3c7638b09",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_074c1",
                    table="trophies_ballotchoiceevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="jurysession",
            constraint=models.UniqueConstraint(
                fields=("edition", "number"),
                name="session_number_is_unique",
                violation_error_message="Cette séance existe déjà.",
            ),
        ),
        migrations.AddConstraint(
            model_name="jurysession",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None), ("opened_at__isnull", False)),
                fields=("edition",),
                name="session_is_open_alone",
                violation_error_message="Une autre séance de ce jury est ouverte.",
            ),
        ),
        migrations.AddConstraint(
            model_name="jurysession",
            constraint=models.CheckConstraint(
                condition=models.Q(("quorum__gte", 1)),
                name="session_quorum_is_positive",
                violation_error_message="Le quorum est d’un juré au moins.",
            ),
        ),
        migrations.AddConstraint(
            model_name="jurysession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_at", None),
                    models.Q(
                        ("closed_at__gte", models.F("opened_at")),
                        ("closed_at__isnull", False),
                        ("opened_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="session_opens_before_it_closes",
                violation_error_message="Une séance s’ouvre, puis se lève.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="jurysession",
            trigger=pgtrigger.compiler.Trigger(
                name="session_keeps_its_edition",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."edition_id" IS DISTINCT FROM (NEW."edition_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="59c51a9418cc63a55ca369b2fa0892875b192144",
                    operation="UPDATE",
                    pgid="pgtrigger_session_keeps_its_edition_2810d",
                    table="trophies_jurysession",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="jurysession",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "trophies_jurysessionevent" ("closed_at", "edition_id", "id", "number", "opened_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "quorum", "starts_at") VALUES (NEW."closed_at", NEW."edition_id", NEW."id", NEW."number", NEW."opened_at", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."place", NEW."quorum", NEW."starts_at"); RETURN NULL;',
                    hash="8f2bb613db0f0e65c6a6deadbd5f8b5777d0051d",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a1b69",
                    table="trophies_jurysession",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="jurysession",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "trophies_jurysessionevent" ("closed_at", "edition_id", "id", "number", "opened_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "quorum", "starts_at") VALUES (NEW."closed_at", NEW."edition_id", NEW."id", NEW."number", NEW."opened_at", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place", NEW."quorum", NEW."starts_at"); RETURN NULL;',
                    hash="73ccee96003be84830ff33cc74e7955d1ceaae0a",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_be1c3",
                    table="trophies_jurysession",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="jurysession",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "trophies_jurysessionevent" ("closed_at", "edition_id", "id", "number", "opened_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "quorum", "starts_at") VALUES (OLD."closed_at", OLD."edition_id", OLD."id", OLD."number", OLD."opened_at", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."place", OLD."quorum", OLD."starts_at"); RETURN NULL;',
                    hash="f2c9afb7a067d8573593f5f6df69ae566cbeaa0a",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_16850",
                    table="trophies_jurysession",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ballotevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="f6499bd6e01ba0807387010e61df8dbf0addb701",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_11079",
                    table="trophies_ballotevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.UniqueConstraint(
                fields=("session", "number"),
                name="ballot_number_is_unique",
                violation_error_message="Ce scrutin existe déjà.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                condition=models.Q(("seats__gte", 1)),
                name="ballot_has_a_seat",
                violation_error_message="Un dossier au moins peut passer.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ballot",
            trigger=pgtrigger.compiler.Trigger(
                name="ballot_is_final",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."closed_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="bd398434c68369fe05fc54d0d9e9f76015513cbc",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_ballot_is_final_cb13e",
                    table="trophies_ballot",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ballot",
            trigger=pgtrigger.compiler.Trigger(
                name="ballot_keeps_its_session",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."session_id" IS DISTINCT FROM (NEW."session_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="fc15447aa91dc0fd608ddd201572b963efe705ad",
                    operation="UPDATE",
                    pgid="pgtrigger_ballot_keeps_its_session_76617",
                    table="trophies_ballot",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ballot",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "trophies_ballotevent" ("abstentions", "casting_by_id", "closed_at", "id", "number", "opened_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prize_id", "question", "seats", "session_id") VALUES (NEW."abstentions", NEW."casting_by_id", NEW."closed_at", NEW."id", NEW."number", NEW."opened_at", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."prize_id", NEW."question", NEW."seats", NEW."session_id"); RETURN NULL;',
                    hash="557e3af058fc804dfca8bb27c68e76cbd92c7d6b",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a0b23",
                    table="trophies_ballot",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ballot",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "trophies_ballotevent" ("abstentions", "casting_by_id", "closed_at", "id", "number", "opened_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prize_id", "question", "seats", "session_id") VALUES (NEW."abstentions", NEW."casting_by_id", NEW."closed_at", NEW."id", NEW."number", NEW."opened_at", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."prize_id", NEW."question", NEW."seats", NEW."session_id"); RETURN NULL;',
                    hash="28f3b0d86f4c9ecaa16ffe105ec23ee6152fc4f3",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_08ac9",
                    table="trophies_ballot",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ballot",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "trophies_ballotevent" ("abstentions", "casting_by_id", "closed_at", "id", "number", "opened_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prize_id", "question", "seats", "session_id") VALUES (OLD."abstentions", OLD."casting_by_id", OLD."closed_at", OLD."id", OLD."number", OLD."opened_at", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."prize_id", OLD."question", OLD."seats", OLD."session_id"); RETURN NULL;',
                    hash="61f4271e088122e79f88831823f26f913e55bc9f",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_26835",
                    table="trophies_ballot",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="jurysessionevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="31225faaa958583cf65c4fa7ffc1b8d030ba816a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f3b1c",
                    table="trophies_jurysessionevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="minutes",
            trigger=pgtrigger.compiler.Trigger(
                name="minutes_are_sealed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="06866701e58b49b0410963803009baff254d4987",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_minutes_are_sealed_7fc38",
                    table="trophies_minutes",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="minutesseat",
            constraint=models.UniqueConstraint(
                fields=("minutes", "code"),
                name="minutes_seat_is_unique",
                violation_error_message="Ce code existe déjà.",
            ),
        ),
        migrations.AddConstraint(
            model_name="minutestext",
            constraint=models.UniqueConstraint(
                fields=("minutes", "digest"),
                name="minutes_text_is_unique",
                violation_error_message="Ce texte est déjà gardé.",
            ),
        ),
        migrations.AddConstraint(
            model_name="presence",
            constraint=models.UniqueConstraint(
                fields=("session", "user"),
                name="presence_is_unique",
                violation_error_message="Cette personne est déjà appelée à cette séance.",
            ),
        ),
        migrations.AddConstraint(
            model_name="presence",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["absent", "present", "out"])),
                name="presence_state_is_known",
                violation_error_message="Cet état n’existe pas.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="presence",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "trophies_presenceevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "session_id", "state", "user_id") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."session_id", NEW."state", NEW."user_id"); RETURN NULL;',
                    hash="ce42ed23f258896859012fd76b86289b19a46d74",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_e4544",
                    table="trophies_presence",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="presence",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "trophies_presenceevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "session_id", "state", "user_id") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."session_id", NEW."state", NEW."user_id"); RETURN NULL;',
                    hash="57830b84e710b3c03114f289a1b0156a9198c61f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_5a912",
                    table="trophies_presence",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="presence",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "trophies_presenceevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "session_id", "state", "user_id") VALUES (OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."session_id", OLD."state", OLD."user_id"); RETURN NULL;',
                    hash="6adc7c213e5f65d3aab04ac8abb727169771a368",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_fa5a9",
                    table="trophies_presence",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="presenceevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="19d7a718ae2ee89b206452d4d2e5bd5f1af23f17",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_ff058",
                    table="trophies_presenceevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(("round__in", [1, 2])),
                name="assignment_round_is_known",
                violation_error_message="Il y a deux tours de lecture.",
            ),
        ),
    ]
