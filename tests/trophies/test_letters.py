"""Nobody's letter leaves before somebody of the team has read it, as it is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from post_office.models import Email

from accounts.roles import Role
from tests.factories import (
    ahead,
    end_readings,
    make_criterion,
    make_eligible,
    make_evaluation,
    make_initiative,
    make_jury_member,
    make_prize,
    make_reading_edition,
    make_user,
    publish_results,
)
from tests.html import Html
from tests.results import read_letters, work
from trophies import services
from trophies.models import ConflictOfInterest, Decision, Edition
from trophies.services.letters import is_finished
from trophies.workflow import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def sign_in(client):
    def sign_in(*roles):
        user = make_user(roles=list(roles))
        client.force_login(user)
        return user

    return sign_in


@pytest.fixture
def edition():
    edition = make_reading_edition(year=2042)
    end_readings(edition)
    return edition


@pytest.fixture
def reader(sign_in):
    return sign_in(Role.TEAM)


def decided(edition, outcome="not_selected", **changes):
    return services.decide(make_eligible(edition=edition, **changes), outcome=outcome)


def again(row):
    return type(row).objects.get(pk=row.pk)


def read(decision, letter="Bonjour, nous avons hésité.", *, by=None, version=None):
    version = version or services.version_of_letter(again(decision))
    by = by or make_user(roles=[Role.TEAM])
    return services.write_letter(decision, letter=letter, version=version, read_by=by)


def letters(edition):
    return reverse("admin:trophies_letters", args=[edition.pk])


def letter(decision):
    file = decision.candidature
    return reverse("admin:trophies_letter", args=[file.edition_id, file.pk])


def decide_page(decision):
    file = decision.candidature
    return reverse("admin:trophies_decide", args=[file.edition_id, file.pk])


def text(client, address):
    return Html(client.get(address).content.decode()).text("main")


def form_of(client, address, **changes):
    """What the page would send, with the changes of the person."""
    form = client.get(address).context["form"]
    return {name: form[name].value() for name in form.fields} | changes


# The mark -----------------------------------------------------------------------------------------


def test_mark_is_taken_away_by_any_other_text_and_by_nothing_else(edition):
    decision = read(decided(edition))
    assert decision.letter_read_by
    same = decision.letter.replace("\n", "\r\n")
    for version in [same, decision.letter]:
        services.decide(decision.candidature, outcome="not_selected", letter=version)
        assert again(decision).letter_read_at
    services.decide(decision.candidature, outcome="not_selected", letter="Un autre texte.")
    decision = again(decision)
    assert (decision.letter_read_at, decision.letter_read_by) == (None, None)


@pytest.mark.parametrize("outcome", ["reserve", "finalist", "laureate"])
def test_mark_is_taken_away_by_another_decision(edition, outcome):
    decision = read(decided(edition))
    prize = make_prize(edition=edition)
    by = make_user(roles=[Role.TEAM])
    services.decide(
        decision.candidature, outcome=outcome, prize=prize, letter=decision.letter, read_by=by
    )
    assert again(decision).letter_read_at is None
    assert again(decision).letter != decision.letter


def test_mark_stays_when_the_citation_of_a_prize_changes(edition):
    prize, file = make_prize(edition=edition), make_eligible(edition=edition)
    decision = services.decide(file, outcome="laureate", prize=prize)
    read(decision, decision.letter)
    services.decide(file, outcome="laureate", prize=prize, citation="Pour l’élan.")
    assert again(decision).letter_read_at


def test_letter_that_changed_meanwhile_is_not_marked(edition):
    decision = decided(edition)
    version = services.version_of_letter(decision)
    services.write_letter(decision, letter="De quelqu’un d’autre.", version=version)
    with pytest.raises(NotAllowed, match="a changé entre-temps"):
        read(decision, "De moi.", version=version)
    assert again(decision).letter == "De quelqu’un d’autre."
    assert again(decision).letter_read_at is None


def test_letter_that_left_changes_no_more(edition):
    decision = read(decided(edition))
    publish_results(edition)
    work()
    with pytest.raises(NotAllowed, match="est partie"):
        read(decision, "Trop tard.")


# What gives reasons -------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", ["reserve", "finalist", "not_selected"])
def test_draft_without_a_comment_says_what_is_missing_and_cannot_leave(edition, outcome):
    decision = decided(edition, outcome)
    assert "[… Aucun juré n’a laissé de mot" in decision.letter
    with pytest.raises(NotAllowed, match="Il reste"):
        read(decision, decision.letter)
    assert again(decision).letter_read_at is None


@pytest.mark.parametrize("words", ["", "  \n", "Un […] ici", "Un [… mot] ici", "Un [...] ici"])
def test_letter_is_not_finished(words):
    assert not is_finished(words)


@pytest.mark.parametrize("outcome", ["reserve", "finalist", "not_selected"])
def test_draft_with_a_comment_gives_it_as_the_reason(outcome):
    edition = make_reading_edition(year=2042)
    make_criterion(edition=edition)
    file, member = make_eligible(edition=edition), make_jury_member(edition=edition)
    reading = member.assignments.get(candidature=file)
    make_evaluation(reading, [2], comment_for_candidate="Le budget reste à trouver.")
    end_readings(edition)
    decision = services.decide(file, outcome=outcome)
    assert "Le budget reste à trouver." in decision.letter
    assert is_finished(decision.letter)


def test_letter_of_a_prize_needs_no_reason(edition):
    file = make_eligible(edition=edition)
    assert is_finished(
        services.decide(file, outcome="laureate", prize=make_prize(edition=edition)).letter
    )


def test_draft_offers_a_sheet_to_whom_has_none(edition):
    decision = decided(edition)
    assert f"/mes-candidatures/{decision.candidature.uuid}/fiche/" in decision.letter
    assert "/fiche/" not in decided(edition, initiative=make_initiative()).letter
    # A prize that is taken back takes its sheet with it.
    file = make_eligible(edition=edition)
    services.decide(file, outcome="laureate", prize=make_prize(edition=edition))
    assert "/fiche/" in services.decide(file, outcome="finalist").letter


# At the instant -----------------------------------------------------------------------------------


def told():
    return sorted(address for mail in Email.objects.all() for address in mail.to)


def test_letter_leaves_when_it_is_read_even_after_the_results(client, edition):
    early, late = decided(edition), decided(edition)
    read(early)
    Email.objects.all().delete()
    work()
    assert told() == []
    publish_results(edition)
    work()
    assert told() == [early.candidature.holders.get().email]
    client.force_login(late.candidature.holders.get())
    page = client.get(late.candidature.get_absolute_url()).content.decode()
    assert "Aucun juré" not in page
    assert "vous écrit bientôt" in page
    read(late, "Nous avons hésité.")
    assert "Nous avons hésité." in client.get(late.candidature.get_absolute_url()).content.decode()
    work()
    work()
    assert len(told()) == 2
    assert "Nous avons hésité." in Email.objects.order_by("pk").last().message


# The team's pages ---------------------------------------------------------------------------------


def test_letters_are_read_one_after_the_other(client, reader, edition):
    first, second, third = (decided(edition, title=f"Projet {name}") for name in "ABC")
    page = client.get(letters(edition)).content.decode()
    assert "3 lettres à relire" in Html(page).text("h2")
    assert letter(first) in page
    sent = form_of(client, letter(first), letter="Bonjour A.", read="1")
    answer = client.post(letter(first), sent)
    assert answer.url == letter(second)
    assert again(first).letter_read_by == reader
    sent = form_of(client, letter(third), letter="Bonjour C.", read="1")
    assert client.post(letter(third), sent).url == letter(second)
    sent = form_of(client, letter(second), letter="Bonjour B.", read="1")
    assert client.post(letter(second), sent).url == letters(edition)
    assert "relue par" in text(client, letters(edition))
    assert "à relire" not in Html(client.get(letters(edition)).content.decode()).text("td")


def test_text_is_kept_without_being_marked(client, reader, edition):
    decision = read(decided(edition))
    sent = form_of(client, letter(decision), letter="À revoir.")
    assert client.post(letter(decision), sent).url == letter(decision)
    assert (again(decision).letter, again(decision).letter_read_at) == ("À revoir.", None)


def test_page_refuses_a_draft_that_lacks_something(client, reader, edition):
    decision = decided(edition)
    sent = form_of(client, letter(decision), letter="Voici […] et une suite.", read="1")
    page = client.post(letter(decision), sent)
    html = Html(page.content.decode())
    assert "Il reste" in page.content.decode()
    assert "et une suite" in html.text("textarea")
    assert "et une suite" not in again(decision).letter


def test_page_says_when_another_wrote_meanwhile(client, reader, edition):
    decision = decided(edition)
    sent = form_of(client, letter(decision), letter="De moi.", read="1")
    read(decision, "D’une autre.")
    page = client.post(letter(decision), sent).content.decode()
    assert "a changé entre-temps" in page
    assert again(decision).letter == "D’une autre."


def test_decide_page_marks_the_letter_as_it_stands(client, reader, edition):
    decision = decided(edition)
    sent = form_of(client, decide_page(decision), letter="Bonjour à vous.", read="1", prize="")
    client.post(decide_page(decision), sent)
    assert again(decision).letter_read_by == reader
    assert "relue par" in text(client, decide_page(decision))
    other = form_of(client, decide_page(decision), outcome="reserve", read="1", prize="")
    page = client.post(decide_page(decision), other, follow=True).content.decode()
    assert "une autre lettre est écrite" in page
    assert again(decision).letter_read_at is None


def test_each_state_of_a_letter_is_told(client, reader, edition):
    make_eligible(edition=edition, title="Projet A")
    decided(edition, title="Projet B")
    ready = decided(edition, title="Projet C")
    services.write_letter(
        ready, letter="Entière.", version=services.version_of_letter(ready), read_by=None
    )
    read(decided(edition, title="Projet D"))
    cells = text(client, letters(edition))
    for words in ["écrite avec la décision", "à compléter", "à relire", "relue par"]:
        assert words in cells
    publish_results(edition)
    work()
    assert "partie le" in text(client, letters(edition))
    gone = Decision.objects.get(candidature__title="Projet D")
    page = client.get(letter(gone)).content.decode()
    assert "<textarea" not in page
    assert "nous avons hésité" in page


def test_file_that_is_not_decided_has_no_letter(client, reader, edition):
    file = make_eligible(edition=edition)
    address = reverse("admin:trophies_letter", args=[edition.pk, file.pk])
    assert client.get(address).status_code == 404


def test_letter_of_another_edition_is_not_there(client, reader, edition):
    decision, other = decided(edition), make_reading_edition()
    address = reverse("admin:trophies_letter", args=[other.pk, decision.candidature_id])
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("roles", [[], [Role.JURY], [Role.EDITOR]])
def test_letters_are_the_team_s(client, sign_in, edition, roles):
    decision = decided(edition)
    sign_in(*roles)
    for address in [letters(edition), letter(decision)]:
        assert client.get(address).status_code == 403
        assert client.post(address, {"letter": "Non.", "read": "1"}).status_code == 403
    assert "Non." not in again(decision).letter


def test_conflict_leaves_no_trace_of_a_letter(client, reader, edition):
    hidden = decided(edition, title="Le dossier caché")
    seen = decided(edition, title="Un dossier vu")
    publish_results(edition, ahead(hours=5))
    edition_page = reverse("admin:trophies_edition_change", args=[edition.pk])
    assert "Le dossier caché" in text(client, letters(edition))
    assert "2 lettres à relire" in client.get(edition_page).content.decode()
    ConflictOfInterest.objects.create(user=reader, candidature=hidden.candidature, reason="Ami.")
    page = text(client, letters(edition))
    assert "Le dossier caché" not in page
    assert "1 lettre à relire" in page
    assert "1 lettre à relire" in client.get(edition_page).content.decode()
    assert client.get(letter(hidden)).status_code == 404
    sent = {"letter": "Non.", "read": "1", "version": services.version_of_letter(hidden)}
    assert client.post(letter(hidden), sent).status_code == 404
    assert "Non." not in again(hidden).letter
    sent = form_of(client, letter(seen), letter="Bonjour.", read="1")
    assert client.post(letter(seen), sent).url == letters(edition)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ({"days": 8}, None),
        ({"days": 2}, "rien n’en part avec les résultats"),
        ({"minutes": -1}, "une lettre part dès qu’elle l’est"),
        (None, None),
    ],
)
def test_warning_comes_when_the_instant_is_near(client, reader, edition, at, words):
    decided(edition)
    at = at and ahead(**at)
    Edition.objects.filter(pk=edition.pk).update(results_published_at=at)
    addresses = [letters(edition), reverse("admin:trophies_edition_change", args=[edition.pk])]
    pages = [client.get(address).content.decode() for address in addresses]
    assert [words is not None and words in page for page in pages] == [words is not None] * 2
    read_letters(edition)
    pages = [client.get(address).content.decode() for address in addresses]
    assert not any("lettre à relire" in page for page in pages)


def test_letters_page_makes_the_same_queries(client, reader, edition):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(letters(edition))
        return len(captured)

    read(decided(edition))
    queries()
    one = queries()
    for _ in range(2):
        read(decided(edition))
    assert queries() == one


# Prizes that went to nobody -----------------------------------------------------------------------


def test_prize_given_to_nobody_is_told_from_the_instant(client, reader, edition):
    given, kept = make_prize(edition=edition), make_prize(edition=edition, name="Prix resté là")
    services.decide(make_eligible(edition=edition), outcome="laureate", prize=given)
    public = reverse("trophies:laureates", args=[2042])
    assert "on attribué" not in text(client, letters(edition))
    publish_results(edition)
    for address in [public, letters(edition)]:
        page = text(client, address)
        assert "on attribué cette année" in page
        assert kept.name in page
    publish_results(edition, ahead(minutes=1))
    assert "on attribué" not in text(client, letters(edition))
    assert client.get(public).status_code == 404


def test_edition_that_rewarded_nobody_says_so(client, edition):
    make_prize(edition=edition, name="Prix resté là")
    public = reverse("trophies:laureates", args=[2042])
    assert client.get(public).status_code == 404
    publish_results(edition)
    assert "Prix resté là" in text(client, public)
