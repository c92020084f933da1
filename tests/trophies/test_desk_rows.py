"""What the team's list looks for is what the properties of a candidature say, row by row."""

import pytest
from django.core.files.base import ContentFile

from tests.factories import (
    ago,
    ahead,
    make_candidature,
    make_commune,
    make_deposited,
    make_edition,
    make_eligible,
    make_jury_member,
    make_reading_edition,
    make_theme,
    make_user,
)
from trophies import desk, services
from trophies.attachments import Prepared
from trophies.models import Attachment, Candidature, ConflictOfInterest
from trophies.workflow import Status

pytestmark = pytest.mark.django_db

BLANKS = ["", " ", "\n\t\r", "\u00a0", "\u202f\u2003\u3000", "\x1c\x1f\x85", "\u2028"]
WORDS = ["x", " x ", "\u00a0é", "0", ".", "😀", "[", "^", "\u200b", "\ufeff"]


def found(condition):
    return set(Candidature.objects.filter(condition))


def again(candidature):
    return Candidature.objects.get(pk=candidature.pk)


# Complete ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", BLANKS + WORDS)
def test_text_is_filled_as_python_says(text):
    candidature = make_candidature(need=text)
    assert (candidature in found(desk.is_complete())) == (candidature.missing == [])
    assert bool(text.strip()) == (candidature.missing == [])


@pytest.mark.parametrize("name", desk.NEEDED)
def test_complete_row_lacks_nothing(name):
    whole, lacking = make_candidature(), make_candidature()
    if name == "themes":
        lacking.themes.clear()
    else:
        Candidature.objects.filter(pk=lacking.pk).update(
            **{name: None if name == "commune" else ""}
        )
    assert again(lacking).missing == [name]
    assert found(desk.is_complete()) == {whole}


def test_what_is_not_understood_is_not_complete():
    whole, unread = make_candidature(), make_candidature(typed={"started_year": "vers 2020"})
    assert unread.missing == ["started_year"]
    assert found(desk.is_complete()) == {whole}


# Changes that are not deposited -----------------------------------------------------------------


def changes():
    return set(desk.with_changes(Candidature.objects).filter(has_changes=True))


CHANGES = {
    "title": {"title": "Autre"},
    "summary": {"summary": "Autre."},
    "organisation_name": {"organisation_name": "Autre (exemple)"},
    "organisation_kind": {"organisation_kind": "company"},
    "commune": {"commune": None, "department": None},
    "started_year": {"started_year": 2019},
    "need": {"need": "Un besoin.\n\nDeux lignes, « é » 😀."},
    "viability": {"viability": ""},
    "publishable": {"publishable": ["need"]},
    "typed": {"typed": {"started_year": "vers 2020"}},
}


@pytest.mark.parametrize("name", CHANGES)
def test_change_is_seen_then_forgotten_once_undone(name):
    candidature, other = make_deposited(), make_deposited()
    assert changes() == set()
    before = {column: getattr(candidature, column) for column in CHANGES[name]}
    Candidature.objects.filter(pk=candidature.pk).update(**CHANGES[name])
    assert again(candidature).has_undeposited_changes
    assert changes() == {candidature}
    Candidature.objects.filter(pk=candidature.pk).update(**before)
    assert not again(other).has_undeposited_changes
    assert changes() == set()


def test_other_commune_is_a_change():
    candidature = make_deposited()
    candidature = again(candidature)
    candidature.commune = make_commune(department="39")
    candidature.save()
    assert changes() == {candidature}


def test_themes_added_and_taken_away_are_changes():
    candidature = make_deposited()
    first, second = candidature.themes.get(), make_theme()
    candidature.themes.add(second)
    assert changes() == {candidature}
    candidature.themes.set([second])
    assert changes() == {candidature}
    candidature.themes.set([first])
    assert changes() == set()
    candidature.themes.clear()
    assert changes() == {candidature}


def test_files_joined_and_taken_away_are_changes():
    candidature = make_deposited()
    prepared = Prepared("a.pdf", Attachment.Kind.PDF, ContentFile(b"%PDF-1.4 %%EOF", "a.pdf"))
    kept = services.attach(candidature, prepared)
    assert again(candidature).has_undeposited_changes
    assert changes() == {candidature}
    services.detach(kept.piece)
    assert changes() == set()


def test_answers_to_requests_are_not_changes():
    candidature, team = make_deposited(), make_user(roles=["team"])
    asked = services.ask_piece(candidature, message="Le budget.", by=team)
    services.answer_piece(
        asked, text="Le voici.", files=[], by=candidature.holders.get(), received_at=ago(seconds=1)
    )
    assert changes() == set()
    assert not again(candidature).has_undeposited_changes


def test_only_the_last_deposit_counts_and_only_before_screening():
    candidature, other = make_deposited(title="Un"), make_eligible()
    Candidature.objects.update(title="Deux")
    assert changes() == {candidature}
    services.deposit(
        candidature=candidature, by=candidature.holders.get(), received_at=ago(seconds=1)
    )
    assert changes() == set()
    assert again(other).status == Status.ELIGIBLE


# Left behind ------------------------------------------------------------------------------------


def closed(**changes):
    return make_edition(**{"closes_at": ago(hours=1)} | changes)


def test_left_behind_are_the_complete_drafts_that_may_still_be_helped():
    left = make_candidature(edition=closed())
    no_jury = dict.fromkeys(["jury_opens_at", "jury_closes_at", "results_published_at"])
    also_left = make_candidature(edition=closed(**no_jury))
    make_candidature()  # open
    make_candidature(edition=closed(), need="")
    make_candidature(edition=closed(), extended_until=ahead(days=1))
    make_candidature(edition=make_reading_edition())
    make_deposited(edition=closed())
    over = make_candidature(edition=closed())
    Candidature.objects.filter(pk=over.pk).update(extended_until=ago(minutes=1))
    assert found(desk.is_left_behind()) == {left, also_left, over}


def test_order_is_by_what_needs_a_hand():
    rows = {
        "over": make_eligible(edition=make_reading_edition(year=2040)),
        "draft": make_candidature(edition=make_edition(year=2041)),
        "deposited": make_deposited(edition=make_edition(year=2042)),
        "to screen": make_deposited(edition=closed(year=2043)),
        "left": make_candidature(edition=closed(year=2044)),
        "too late": make_candidature(edition=make_reading_edition(year=2045)),
    }
    needs = Candidature.objects.annotate(rank=desk.need()).order_by("rank", "edition__year")
    names = {row.pk: name for name, row in rows.items()}
    assert [(names[row.pk], row.rank) for row in needs] == [
        ("left", 0),
        ("to screen", 1),
        ("deposited", 2),
        ("draft", 3),
        ("over", 4),
        ("too late", 4),
    ]


# Twins ------------------------------------------------------------------------------------------


def twins(candidature, user=None):
    row = again(candidature)
    desk.mark_twins([row], user or make_user(roles=["team"]))
    return set(row.twins)


def test_twins_have_the_same_structure_or_title_however_it_is_written():
    edition = make_edition()
    one = make_candidature(edition=edition, title="L’Été", organisation_name="Régie Saint-Jean")
    same_title = make_candidature(edition=edition, title="l'ete !", organisation_name="A")
    same_structure = make_candidature(
        edition=edition, title="Autre", organisation_name="REGIE SAINT JEAN"
    )
    make_candidature(edition=edition, title="L’étable", organisation_name="B")
    make_candidature(title="L’Été", organisation_name="Régie Saint-Jean")  # another edition
    assert twins(one) == {same_title, same_structure}
    assert twins(same_title) == {one}


def test_nameless_drafts_are_nobody_s_twins():
    edition = make_edition()
    one = make_candidature(edition=edition, title="", organisation_name=" ")
    make_candidature(edition=edition, title="", organisation_name="…")
    assert twins(one) == set()


def test_withdrawn_and_hidden_twins_are_not_named():
    edition, team = make_edition(), make_user(roles=["team"])
    one = make_candidature(edition=edition, title="L’été")
    other = make_deposited(edition=edition, title="L’été")
    assert twins(one, team) == {other}
    member = make_jury_member(edition=edition, user=team)
    ConflictOfInterest.objects.create(user=member.user, candidature=other, reason="Un ami.")
    assert twins(one, team) == set()
    ConflictOfInterest.objects.all().delete()
    services.change_status(other, "withdraw", by=team)
    assert twins(one, team) == set()
