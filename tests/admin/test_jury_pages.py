"""The team follows the jury, notes what it decides, and follows the prizes."""

from datetime import date

import pytest
from django.utils import timezone

from accounts.roles import Role
from news.models import NewsItem
from tests.admin.forms import page_values
from tests.factories import (
    ahead,
    end_readings,
    make_criterion,
    make_eligible,
    make_evaluation,
    make_jury_member,
    make_laureate,
    make_prize,
    make_reading_edition,
    publish_results,
)
from tests.html import Html
from trophies import services
from trophies.models import (
    ConflictOfInterest,
    Decision,
    Edition,
    JuryMember,
    Laureate,
)


@pytest.fixture
def edition(db):
    edition = make_reading_edition(year=2051)
    make_criterion(edition=edition)
    return edition


@pytest.fixture
def read(edition):
    """A file read by two jurors, whose mean is 2.5."""
    candidature = make_eligible(edition=edition, title="Le four commun")
    for level in (2, 3):
        member = make_jury_member(edition=edition)
        comment = f"Commentaire {level}"
        make_evaluation(member.assignments.get(), [level], comment_for_jury=comment)
    return candidature


def jury(edition):
    return f"/admin/trophies/edition/{edition.pk}/jury/"


def text(client, address):
    return client.get(address).content.decode()


def test_means_are_hidden_while_the_jury_reads(client, team, edition, read):
    page = text(client, jury(edition))
    assert "Le four commun" in page
    assert "2,50" not in page
    assert client.get(f"{jury(edition)}{read.pk}/").status_code == 404
    end_readings(edition)
    assert "2,50" in text(client, jury(edition))


def rank_files(edition, levels):
    """A file for each row of levels, a level for each juror; the jury has ended."""
    files = [
        make_eligible(edition=edition, title=f"Dossier {place}") for place in range(len(levels))
    ]
    members = [make_jury_member(edition=edition) for _ in levels[0]]
    for file, row in zip(files, levels, strict=True):
        for member, level in zip(members, row, strict=True):
            make_evaluation(member.assignments.get(candidature=file), [level])
    end_readings(edition)
    return files, members


LEVELS = [[4, 3, 4], [1, 0, 1], [2, 1, 2], [3, 1, 3]]


def test_severity_and_rank_stand_beside_the_mean(client, team, edition):
    rank_files(edition, LEVELS)
    page = text(client, jury(edition))
    assert "Sans la sévérité des lecteurs" in page
    assert "3,67" in page
    assert page.index("Dossier 0") < page.index("Dossier 3") < page.index("Dossier 1")


def test_calibration_that_does_not_apply_says_why(client, team, edition, read):
    end_readings(edition)
    page = text(client, jury(edition))
    assert "Sans la sévérité" not in page
    assert "moins de trois lectures" in page


def test_file_of_a_conflict_leaves_no_gap_in_the_ranks(client, team, edition):
    """The best file is hidden from this member of the team: nothing counts it."""
    files, _ = rank_files(edition, LEVELS)
    member = JuryMember.objects.create(edition=edition, user=team)
    ConflictOfInterest.objects.create(user=member.user, candidature=files[0], reason="Un ami.")
    assert "Dossier 0" not in text(client, jury(edition))
    ranking = services.ranking(edition, by=team)
    assert [row.file for row in ranking.files] == [files[3].pk, files[2].pk, files[1].pk]
    assert ranking.files[0].rank_low == 1
    assert max(row.rank_high for row in ranking.files) == 3


def test_decision_is_noted_then_changed(client, team, edition, read):
    prize = make_prize(edition=edition, name="Prix du village")
    end_readings(edition)
    address = f"{jury(edition)}{read.pk}/"
    assert "Commentaire 3" in text(client, address)
    data = {"outcome": "laureate", "prize": prize.pk, "citation": "Pour le pain."}
    page = client.post(address, data, follow=True).content.decode()
    assert "Décision notée" in page
    assert Laureate.objects.get(candidature=read).citation == "Pour le pain."
    assert "Prix du village" in text(client, jury(edition))
    client.post(address, data | {"letter": "Une lettre relue."})
    assert Decision.objects.get().letter == "Une lettre relue."
    client.post(address, {"outcome": "finalist", "letter": "Une lettre relue."})
    assert "finalistes" in Decision.objects.get().letter
    assert not Laureate.objects.filter(candidature=read).exists()


def test_laureate_without_a_prize_is_refused(client, team, edition, read):
    end_readings(edition)
    page = client.post(f"{jury(edition)}{read.pk}/", {"outcome": "laureate"}).content.decode()
    assert "Choisissez le prix" in page
    assert not Decision.objects.exists()


def test_prize_that_is_gone_is_refused(client, team, edition, read):
    other = make_eligible(edition=edition)
    prize = make_prize(edition=edition, quantity=1)
    end_readings(edition)
    for file in (other, read):
        data = {"outcome": "laureate", "prize": prize.pk}
        page = client.post(f"{jury(edition)}{file.pk}/", data, follow=True)
    assert "est déjà attribué" in page.content.decode()
    assert Laureate.objects.get().candidature == other


def test_decision_does_not_change_once_published(client, team, edition, read):
    end_readings(edition)
    address = f"{jury(edition)}{read.pk}/"
    client.post(address, {"outcome": "reserve"})
    publish_results(edition)
    page = client.post(address, {"outcome": "finalist"}).content.decode()
    assert "Le jury décide entre" in page
    assert Decision.objects.get().outcome == "reserve"


@pytest.mark.parametrize("role", [Role.EDITOR, Role.JURY])
def test_others_see_nothing_of_the_jury(client, sign_in, edition, read, role):
    end_readings(edition)
    sign_in(role)
    assert client.get(jury(edition)).status_code == 403
    assert client.get(f"{jury(edition)}{read.pk}/").status_code == 403
    assert client.post(f"{jury(edition)}annoncer/").status_code == 403


def test_news_of_the_results_is_prepared_once(client, team, edition, read):
    prize = make_prize(edition=edition)
    end_readings(edition)
    client.post(f"{jury(edition)}annoncer/")
    assert not NewsItem.objects.filter(embargo_year=2051).exists()
    client.post(f"{jury(edition)}{read.pk}/", {"outcome": "laureate", "prize": prize.pk})
    for _ in range(2):
        response = client.post(f"{jury(edition)}annoncer/")
    item = NewsItem.objects.get(embargo_year=2051)
    assert response.url == f"/admin/news/newsitem/{item.pk}/change/"
    assert "Le four commun" in item.body
    page = client.get(response.url)
    assert "Avec les résultats de 2051" in page.content.decode()
    client.post(response.url, page_values(page) | {"title": "Trois lauréats"})
    item.refresh_from_db()
    assert (item.title, item.embargo_year) == ("Trois lauréats", 2051)
    assert not NewsItem.objects.published().filter(pk=item.pk).exists()


def test_moving_the_results_moves_the_date_of_what_waits(client, team, edition, read):
    prize = make_prize(edition=edition)
    end_readings(edition)
    client.post(f"{jury(edition)}{read.pk}/", {"outcome": "laureate", "prize": prize.pk})
    page = client.get(f"/admin/trophies/edition/{edition.pk}/change/")
    day = ahead(days=90)
    values = page_values(page) | {"results_published_at_0": day.strftime("%d/%m/%Y")}
    assert client.post(page.request["PATH_INFO"], values).status_code == 302
    sheet = Laureate.objects.get().initiative
    assert sheet.published_at == Edition.objects.get(pk=edition.pk).results_published_at
    assert timezone.localdate(sheet.published_at) == day.date()


def test_prize_is_followed_up(client, team):
    laureate = make_laureate(place=1)
    address = f"/admin/trophies/laureate/{laureate.pk}/change/"
    listed = text(client, "/admin/trophies/laureate/")
    assert "à signer" in listed
    assert "à verser" in listed
    values = page_values(client.get(address)) | {
        "follow_up-TOTAL_FORMS": 1,
        "follow_up-0-laureate": laureate.pk,
        "follow_up-0-convention_signed_on": "02/03/2051",
    }
    half = values | {"follow_up-0-paid_on": "05/03/2051"}
    assert "Un versement a une date et un montant." in client.post(address, half).content.decode()
    whole = half | {"follow_up-0-paid_amount": "2000", "follow_up-0-payment_reference": "VIR 12"}
    assert client.post(address, whole).status_code == 302
    assert laureate.follow_up.convention_signed_on == date(2051, 3, 2)
    listed = text(client, "/admin/trophies/laureate/")
    assert "signée le 2 mars 2051" in listed
    assert "2\u202f000\u00a0€ le 5 mars 2051" in listed
    waiting = Html(text(client, "/admin/trophies/laureate/?suivi=versement"))
    assert laureate.initiative.title not in waiting.text("main")


def test_laureate_of_a_jury_is_not_changed_by_hand(client, team, edition, read):
    prize, other = make_prize(edition=edition), make_prize(edition=edition)
    end_readings(edition)
    client.post(f"{jury(edition)}{read.pk}/", {"outcome": "laureate", "prize": prize.pk})
    laureate = Laureate.objects.get()
    address = f"/admin/trophies/laureate/{laureate.pk}/"
    assert client.get(f"{address}delete/").status_code == 403
    values = page_values(client.get(f"{address}change/"))
    client.post(f"{address}change/", values | {"prize": other.pk, "citation": "Mieux dit."})
    laureate.refresh_from_db()
    assert (laureate.prize, laureate.citation) == (prize, "Mieux dit.")
