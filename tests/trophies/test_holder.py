"""The project holder's space, page by page."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from post_office.models import Email

from accounts.roles import Role
from places.models import Commune, Department
from tests.factories import (
    ago,
    ahead,
    end_readings,
    make_candidature,
    make_deposited,
    make_edition,
    make_eligible,
    make_jury_member,
    make_prize,
    make_reading_edition,
    make_regulation,
    make_theme,
    make_user,
    picture_file,
    publish_results,
)
from tests.html import Html
from trophies import services
from trophies.models import Attachment, Candidature, ConflictOfInterest, Decision
from trophies.questions import QUESTIONS

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
CODE = "/compte/code/demander/"


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def holder(client):
    user = make_user()
    client.force_login(user)
    return user


def url(name, candidature, *args):
    return reverse(f"candidatures:{name}", args=[candidature.uuid, *args])


def text_of(response):
    return Html(response.content.decode()).text("main")


def form_data(candidature, **changes):
    """What the browser sends of a candidature, as it stands."""
    fields = {
        "organisation_name": candidature.organisation_name,
        "organisation_kind": candidature.organisation_kind,
        "commune": str(candidature.commune or ""),
        "title": candidature.title,
        "summary": candidature.summary,
        "started_year": candidature.started_year or "",
        "themes": [theme.pk for theme in candidature.themes.all()],
        "may_publish": "on",
    } | {question.name: getattr(candidature, question.name) for question in QUESTIONS}
    return fields | changes


def save(client, candidature, **changes):
    """Send the form, and read the row again."""
    response = client.post(url("edit", candidature), form_data(candidature, **changes))
    candidature.refresh_from_db()
    return response


def upload(content, name):
    return SimpleUploadedFile(name, content)


# Doors ------------------------------------------------------------------------------------------


def test_sign_in_by_code_leads_back_to_where_one_was_going(client):
    address = reverse("candidatures:start", args=[make_edition().year])
    door = client.get(address)
    assert door.url == f"{CODE}?next={address}"
    client.post(CODE, {"email": "camille@rallynov.example", "next": address})
    code = re.search(r"^ +(\d{6})$", Email.objects.get().message, re.MULTILINE)[1]
    page = client.post("/compte/code/", {"code": code, "next": address}, follow=True)
    assert page.redirect_chain[-1][0] == address
    assert "Commencer" in text_of(page)


def test_sign_in_leads_a_holder_to_their_candidatures(client):
    client.post(CODE, {"email": "camille@rallynov.example"})
    code = re.search(r"^ +(\d{6})$", Email.objects.get().message, re.MULTILINE)[1]
    assert client.post("/compte/code/", {"code": code}).url == reverse("candidatures:list")


NAMES = ["detail", "edit", "deposit", "withdraw"]


@pytest.mark.parametrize("fields", [{}, {"roles": [Role.TEAM]}, {"is_superuser": True}])
def test_candidature_of_another_is_as_absent_as_an_unknown_one(client, settings, fields):
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(make_user(**fields))
    other = make_deposited()
    unknown = Candidature(edition=other.edition)
    for name, args in [*((name, []) for name in NAMES), ("receipt", [1])]:
        for method in [client.get, client.post]:
            theirs, nobodys = (method(url(name, row, *args)) for row in (other, unknown))
            assert theirs.status_code == nobodys.status_code
            assert theirs.content == nobodys.content
        assert client.get(url(name, other, *args)).status_code == 404
    other.refresh_from_db()
    assert other.status == "submitted"


def test_pages_are_never_kept(client, holder):
    candidature = make_candidature(holder=holder)
    for address in [reverse("candidatures:list"), url("edit", candidature)]:
        assert "no-store" in client.get(address)["Cache-Control"]


# List and start ---------------------------------------------------------------------------------


def test_list_says_where_each_candidature_stands(client, holder):
    edition = make_edition()
    make_candidature(holder=holder, edition=edition, title="Commencée")
    make_deposited(holder=holder, edition=edition, title="Partie")
    changed = make_deposited(holder=holder, edition=edition, title="Reprise")
    Candidature.objects.filter(pk=changed.pk).update(need="Autre chose.")
    make_candidature(title="Celle d’un autre", edition=edition)
    text = text_of(client.get(reverse("candidatures:list")))
    assert "Brouillon : rien n’est déposé" in text
    assert len(re.findall("Déposée le", text)) == 2
    assert len(re.findall("avec des modifications non déposées", text)) == 1
    assert "Celle d’un autre" not in text


def test_empty_list_points_to_the_call(client, holder):
    page = client.get(reverse("candidatures:list"))
    assert "Aucune candidature" in text_of(page)
    links = [a["href"] for a in Html(page.content.decode()).all("a")]
    assert links.count(reverse("trophies:apply-now")) == 2


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_list_makes_the_same_queries_for_many(client, holder):
    address = reverse("candidatures:list")
    make_deposited(holder=holder)
    one = queries_of(client, address)
    for _ in range(3):
        make_deposited(holder=holder, themes=[make_theme(), make_theme()])
    assert queries_of(client, address) == one <= 12


def test_detail_makes_the_same_queries_for_many_deposits(client, holder):
    candidature = make_deposited(holder=holder)
    one = queries_of(client, url("detail", candidature))
    for number in range(3):
        save(client, candidature, need=f"Réponse {number}.")
        client.post(url("deposit", candidature))
    assert candidature.deposits.count() == 4
    assert queries_of(client, url("detail", candidature)) == one <= 12


def test_start_makes_one_draft(client, holder):
    edition = make_edition()
    address = reverse("candidatures:start", args=[edition.year])
    assert "Sept réponses" in text_of(client.get(address))
    assert not Candidature.objects.exists()
    first, second = client.post(address), client.post(address)
    draft = Candidature.objects.held_by(holder).get()
    assert first.url == second.url == client.get(address).url == url("edit", draft)


@pytest.mark.parametrize(
    "dates",
    [
        {"opens_at": ahead(days=1)},
        {"opens_at": ago(days=9), "closes_at": ago(days=1)},
    ],
)
def test_start_refuses_when_the_call_is_not_open(client, holder, dates):
    address = reverse("candidatures:start", args=[make_edition(**dates).year])
    page = client.get(address)
    assert page.status_code == 200
    assert not [b for b in Html(page.content.decode()).all("button") if b.get("type") == "submit"]
    assert client.post(address).status_code == 409
    assert not Candidature.objects.exists()


def test_start_of_an_edition_that_nobody_knows_is_absent(client, holder):
    for year in [2099, make_edition(published_at=None).year]:
        assert client.get(reverse("candidatures:start", args=[year])).status_code == 404


# The form ---------------------------------------------------------------------------------------


def test_form_saves_a_draft_that_lacks_everything(client, holder):
    draft = services.start(edition=make_edition(), by=holder)
    response = client.post(url("edit", draft), {"organisation_kind": "association"})
    assert response.url == url("edit", draft)
    assert "Votre texte est enregistré." in text_of(client.get(response.url))


def test_form_saves_what_is_typed(client, holder):
    candidature = make_candidature(holder=holder, commune=None)
    theme = make_theme()
    response = save(
        client,
        candidature,
        title="  Le Car\r\nà coudre ",
        commune="Lons-le-Saunier",
        started_year="2021",
        themes=[theme.pk],
        need="Un besoin.\r\nDeux lignes.",
        review="1",
    )
    assert response.url == url("deposit", candidature)
    assert candidature.title == "Le Car à coudre"
    assert candidature.need == "Un besoin.\nDeux lignes."
    assert (candidature.commune.code, candidature.department_id) == ("39300", "39")
    assert (candidature.started_year, list(candidature.themes.all())) == (2021, [theme])


def test_form_takes_back_commune_and_consent(client, holder):
    candidature = make_candidature(holder=holder)
    data = form_data(candidature, commune="")
    del data["may_publish"]
    client.post(url("edit", candidature), data)
    candidature.refresh_from_db()
    assert (candidature.commune, candidature.department) == (None, None)
    assert candidature.may_publish is False


def test_form_with_errors_loses_nothing_and_saves_nothing(client, holder):
    candidature = make_candidature(holder=holder, title="Avant")
    typed = {"title": "Après", "need": "Tout\nneuf <b>.", "commune": "Atlantide"}
    page = save(client, candidature, started_year="1515", **typed)
    assert candidature.title == "Avant"
    html = Html(page.content.decode())
    fields = {field.get("name"): field for field in html.all("input") + html.all("textarea")}
    assert fields["title"]["value"] == "Après"
    assert (fields["commune"]["value"], fields["started_year"]["value"]) == ("Atlantide", "1515")
    assert typed["need"] in [text.removeprefix("\n") for _, text in html.texts]
    alert = next(tag for tag in html.tags if tag.get("role") == "alert")
    assert alert["tabindex"] == "-1"
    links = [a["href"] for a in html.all("a") if a["href"].startswith("#id_")]
    assert links == ["#id_commune", "#id_started_year"]
    for name in ["commune", "started_year"]:
        assert f"id_{name}_error" in fields[name]["aria-describedby"].split()
        assert fields[name]["aria-invalid"] == "true"
    assert f"id_{'commune'}_error" in [tag.get("id") for tag in html.all("ul")]


def test_form_ignores_what_is_not_asked(client, holder):
    candidature = make_candidature(holder=holder)
    before = Candidature.objects.filter(pk=candidature.pk)
    columns = ["status", "reference", "edition", "submitted_at", "uuid", "reason", "organisation"]
    kept = before.values_list(*columns).get()
    save(
        client,
        candidature,
        title="Nouveau titre",
        status="eligible",
        reference="2027-001",
        edition=make_edition().pk,
        submitted_at="2027-01-01",
        uuid="0" * 32,
        reason="Parce que.",
        holders=[make_user().pk],
    )
    assert candidature.title == "Nouveau titre"
    assert before.values_list(*columns).get() == kept
    assert list(candidature.holders.all()) == [holder]


def test_form_does_not_undo_a_deposit_made_meanwhile(client, holder):
    """The form was read as a draft, and is written once it has been deposited elsewhere."""
    from trophies.forms import CandidatureForm

    candidature = make_candidature(holder=holder)
    form = CandidatureForm(form_data(candidature, title="Plus tard"), instance=candidature)
    assert form.is_valid()
    services.deposit(
        candidature=Candidature.objects.get(pk=candidature.pk), by=holder, received_at=ago(days=0)
    )
    form.save()
    candidature.refresh_from_db()
    assert (candidature.status, candidature.title) == ("submitted", "Plus tard")
    assert candidature.reference


@pytest.mark.parametrize(
    ("count", "is_saved"), [(2500, True), (2501, False)]
)  # as browsers send it, 2 500 lines
def test_line_ends_count_once(client, holder, count, is_saved):
    candidature = make_candidature(holder=holder)
    text = "\r\n".join("é" * (count // 2)) + "🚲" * (count - 2 * (count // 2) + 1)
    assert len(text.replace("\r\n", "\n")) == count
    response = save(client, candidature, need=text)
    assert (response.status_code == 302) is is_saved
    assert (candidature.need == text.replace("\r\n", "\n")) is is_saved
    if not is_saved:
        assert "il y en a 1 de trop" in text_of(response)


def test_texts_have_no_maxlength(client, holder):
    html = Html(client.get(url("edit", make_candidature(holder=holder))).content.decode())
    assert not [f for f in html.all("textarea") + html.all("input") if "maxlength" in f]
    assert "2 500 signes au plus" in html.text("p")


def test_form_is_closed_with_the_call(client, holder):
    edition = make_edition()
    candidature = make_candidature(holder=holder, edition=edition, title="Avant")
    edition.closes_at = ago(seconds=1)
    edition.save()
    assert client.get(url("edit", candidature)).url == url("detail", candidature)
    response = save(client, candidature, title="Après")
    assert "rien n’a été enregistré" in text_of(client.get(response.url))
    assert candidature.title == "Avant"


def test_form_says_that_changes_are_not_deposited(client, holder):
    candidature = make_deposited(holder=holder)
    assert "n’est pas déposé tant que" in text_of(client.get(url("edit", candidature)))


# Communes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("dole", "39198"),
        ("  SAINT CLAUDE", "39478"),
        ("Champagney (70)", "70120"),
        ("Champagney, Haute-Saône", "70120"),
        ("champagney, 39", "39096"),
        ("39198", "39198"),
        ("90000", "90010"),
    ],
)
def test_commune_is_found(client, holder, typed, code):
    candidature = make_candidature(holder=holder, commune=None)
    save(client, candidature, commune=typed)
    assert candidature.commune.code == code


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Champagney", "Champagney (25), Champagney (39), Champagney (70)."),
        ("Lons", "Lons-le-Saunier (39)"),
        ("Atlantide", "Nous ne trouvons pas cette commune"),
        ("???", "Nous ne trouvons pas cette commune"),
        ("(", "Nous ne trouvons pas cette commune"),
        ("00000", "Nous ne trouvons pas cette commune"),
        ("Saint", "…"),
    ],
)
def test_commune_in_doubt_is_asked_again(client, holder, typed, said):
    candidature = make_candidature(holder=holder)
    errors = save(client, candidature, commune=typed).context["form"].errors["commune"]
    assert said in errors[0]


def test_commune_outside_the_call_is_refused(client, holder):
    edition = make_edition()
    edition.departments.set(Department.objects.filter(code="90"))
    candidature = make_candidature(holder=holder, edition=edition, commune=None)
    response = save(client, candidature, commune="Dole")
    assert "parmi celles de l’appel : Territoire de Belfort (90)" in text_of(response)
    save(client, candidature, commune="Belfort")
    assert candidature.commune == Commune.objects.get(code="90010")


# Files ------------------------------------------------------------------------------------------


def test_file_is_kept_replaced_and_removed(client, holder):
    candidature = make_candidature(holder=holder)
    save(client, candidature, file=upload(PDF, "projet.pdf"))
    save(client, candidature, file=upload(picture_file(), "..\\photo.png"))
    piece = candidature.attachments.kept().get()
    assert (piece.name, piece.kind) == ("photo.webp", "image/webp")
    assert "photo.webp" in text_of(client.get(url("edit", candidature)))
    save(client, candidature, remove="on")
    assert not candidature.attachments.exists()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("dessin.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Envoyez un PDF"),
        ("page.pdf", b"<!doctype html><script>1</script>", "pas un PDF lisible"),
        ("polyglotte.png", picture_file(format="GIF") + b"<script>1</script>", "pas une image"),
        ("vide.pdf", b"", "vide"),
        ("gros.pdf", PDF + b" " * 10 * 1024 * 1024, "dépasse 10 Mo"),
        ("programme", b"MZ", "Envoyez un PDF"),
    ],
)
def test_file_is_refused(client, holder, name, content, said):
    candidature = make_candidature(holder=holder)
    response = save(client, candidature, file=upload(content, name), title="Tapé")
    assert said in response.context["form"].errors["file"][0]
    assert response.context["form"]["title"].value() == "Tapé"
    assert not Attachment.objects.exists()


def test_good_file_beside_an_error_is_asked_again(client, holder):
    candidature = make_candidature(holder=holder)
    response = save(client, candidature, file=upload(PDF, "projet.pdf"), started_year="abc")
    assert "Choisissez aussi votre fichier de nouveau" in text_of(response)
    assert not Attachment.objects.exists()


def make_piece(candidature, name="projet.pdf", content=PDF):
    from trophies import attachments

    return services.attach(candidature, attachments.prepare(upload(content, name)))


def test_holder_opens_their_file(client, holder):
    candidature = make_candidature(holder=holder)
    response = client.get(make_piece(candidature, "Été 2026.pdf").get_absolute_url())
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    picture = make_piece(candidature, "photo.png", picture_file())
    response = client.get(picture.get_absolute_url())
    assert response["Content-Type"] == "image/webp"
    assert response["Content-Disposition"].startswith("inline")
    assert io.BytesIO(b"".join(response.streaming_content)).getvalue()[8:12] == b"WEBP"
    picture.file.storage.delete(picture.file.name)
    assert client.get(picture.get_absolute_url()).status_code == 404


def status_for(client, user, piece):
    client.force_login(user)
    response = client.get(piece.get_absolute_url())
    b"".join(response)  # which closes the file
    return response.status_code


def test_file_is_closed_to_others(client):
    piece = make_piece(make_candidature())
    address = piece.get_absolute_url()
    assert client.get(address).url == f"{CODE}?next={address}"
    assert status_for(client, make_user(), piece) == 404


def test_file_opens_to_staff_once_deposited(client, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    holder, team = make_user(), make_user(roles=[Role.TEAM])
    candidature = make_candidature(holder=holder)
    piece = make_piece(candidature)
    assert status_for(client, team, piece) == 404
    services.deposit(candidature=candidature, by=holder, received_at=ago(days=1))
    assert status_for(client, team, piece) == 200
    assert status_for(client, make_user(roles=[Role.EDITOR]), piece) == 404
    settings.SECOND_FACTOR_REQUIRED = True
    assert status_for(client, team, piece) == 404


def deposited_twice(edition):
    """A candidature in front of its jury: its first file was replaced, then deposited again."""
    holder = make_user()
    candidature = make_candidature(holder=holder, edition=edition)
    pieces = []
    for name in ["un.pdf", "deux.pdf"]:
        pieces.append(make_piece(candidature, name))
        fresh = Candidature.objects.get(pk=candidature.pk)
        services.deposit(candidature=fresh, by=holder, received_at=ago(days=50))
    services.change_status(fresh, "accept", by=make_user(roles=[Role.TEAM]))
    return candidature, *pieces


def test_file_of_the_last_deposit_opens_to_its_jurors(client, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    edition = make_reading_edition()
    candidature, first, last = deposited_twice(edition)
    member = make_jury_member(edition=edition)
    stranger = make_jury_member(edition=make_reading_edition())
    assert status_for(client, member.user, last) == 200
    assert status_for(client, member.user, first) == 404
    assert status_for(client, make_user(roles=[Role.TEAM]), first) == 200
    assert status_for(client, stranger.user, last) == 404
    ConflictOfInterest.objects.create(
        jury_member=member, candidature=candidature, reason="Ma sœur y travaille."
    )
    assert status_for(client, member.user, last) == 404


# Deposit and receipt ----------------------------------------------------------------------------


def test_deposit_page_lists_what_is_missing(client, holder):
    candidature = make_candidature(holder=holder, need=" ", commune=None)
    page = client.get(url("deposit", candidature))
    hrefs = [a["href"] for a in Html(page.content.decode()).all("a")]
    edit = url("edit", candidature)
    assert f"{edit}#id_need" in hrefs
    assert f"{edit}#id_commune" in hrefs
    assert "Déposer" not in Html(page.content.decode()).text("button")


def test_deposit_leads_to_its_receipt(client, holder):
    edition = make_edition()
    make_regulation(edition=edition, version=3)
    candidature = make_candidature(holder=holder, edition=edition)
    piece = make_piece(candidature)
    page = client.get(url("deposit", candidature))
    assert "Déposer" in Html(page.content.decode()).text("button")
    response = client.post(url("deposit", candidature))
    assert response.url == url("receipt", candidature, 1)
    candidature.refresh_from_db()
    deposit = candidature.deposits.get()
    Candidature.objects.filter(pk=candidature.pk).update(need="Changé depuis.")
    text = text_of(client.get(response.url))
    for said in [
        candidature.reference, deposit.sha256, piece.sha256, "version 3", candidature.need,
        candidature.spread, piece.name,
    ]:  # fmt: skip
        assert said in text
    assert "Changé depuis." not in text
    assert Email.objects.get(to=holder.email)


def test_second_click_leads_to_the_same_receipt(client, holder):
    candidature = make_candidature(holder=holder)
    first, second = (client.post(url("deposit", candidature)) for _ in range(2))
    assert first.url == second.url
    assert candidature.deposits.count() == 1
    assert "Tout est déposé" in text_of(client.get(url("deposit", candidature)))


def test_deposit_again_after_a_change(client, holder):
    candidature = make_deposited(holder=holder)
    save(client, candidature, need="Mieux dit.")
    page = client.get(url("deposit", candidature))
    assert "Déposer de nouveau" in Html(page.content.decode()).text("button")
    assert client.post(url("deposit", candidature)).url == url("receipt", candidature, 2)
    assert "Un dépôt plus récent existe" in text_of(client.get(url("receipt", candidature, 1)))


@pytest.mark.parametrize("changes", [{"need": ""}, {"late": True}])
def test_refused_deposit_says_why_and_loses_nothing(client, holder, changes):
    edition = make_edition()
    candidature = make_candidature(holder=holder, edition=edition, need=changes.get("need", "Oui."))
    if "late" in changes:
        edition.closes_at = ago(seconds=1)
        edition.save()
    response = client.post(url("deposit", candidature))
    assert response.status_code == 409
    said = "L’appel est clos." if "late" in changes else "Il reste des réponses à écrire ou à reprendre."
    assert said in text_of(response)
    candidature.refresh_from_db()
    assert candidature.status == "draft"
    assert candidature.effects in text_of(response)


def test_receipt_of_no_deposit_is_absent(client, holder):
    assert client.get(url("receipt", make_candidature(holder=holder), 1)).status_code == 404


# Following it -----------------------------------------------------------------------------------


def test_detail_tells_the_screening(client, holder):
    team = make_user(roles=[Role.TEAM])
    candidature = make_deposited(holder=holder)
    services.change_status(candidature, "refuse", by=team, reason="Hors du territoire.")
    text = text_of(client.get(url("detail", candidature)))
    assert "Non recevable" in text
    assert "Hors du territoire." in text


def test_withdrawal_asks_first(client, holder):
    candidature = make_deposited(holder=holder)
    hrefs = [
        a["href"] for a in Html(client.get(url("detail", candidature)).content.decode()).all("a")
    ]
    assert url("withdraw", candidature) in hrefs
    client.get(url("withdraw", candidature))
    candidature.refresh_from_db()
    assert candidature.status == "submitted"
    page = client.post(url("withdraw", candidature), follow=True)
    assert "Retirée le" in text_of(page)
    candidature.refresh_from_db()
    assert candidature.status == "withdrawn"


def test_draft_is_not_withdrawn(client, holder):
    candidature = make_candidature(holder=holder)
    assert client.get(url("withdraw", candidature)).url == url("detail", candidature)
    page = client.post(url("withdraw", candidature), follow=True)
    assert "La candidature est « brouillon »" in text_of(page)


def decided(holder):
    """Two files of one edition that deliberates: one will be laureate, the other is not decided."""
    edition = make_reading_edition()
    chosen, waiting = (make_eligible(holder=holder, edition=edition) for _ in range(2))
    end_readings(edition)
    chosen = Candidature.objects.get(pk=chosen.pk)
    prize = make_prize(edition=edition, name="Prix de l’audace")
    services.decide(chosen, outcome="laureate", prize=prize, citation="Pour l’élan.")
    Decision.objects.filter(candidature=chosen).update(letter="Bravo à vous.")
    return chosen, waiting


def neutral(response, candidature):
    """The page without what tells one file from another: its names, and the session's token."""
    page = response.content.decode()
    for own in [candidature.title, candidature.reference, str(candidature.uuid)]:
        page = page.replace(own, "…")
    return page


def test_nothing_of_a_decision_shows_before_its_instant(client, holder):
    chosen, waiting = decided(holder)
    for name in ["detail", "withdraw"]:
        pages = [client.get(url(name, row), follow=True) for row in (chosen, waiting)]
        assert neutral(pages[0], chosen) == neutral(pages[1], waiting)
    answers = [client.post(url("withdraw", row), follow=True) for row in (chosen, waiting)]
    assert neutral(answers[0], chosen) == neutral(answers[1], waiting)
    chosen.refresh_from_db()
    assert chosen.status == "eligible"


def test_decision_shows_at_its_instant(client, holder):
    chosen, _ = decided(holder)
    publish_results(chosen.edition, ahead(seconds=60))
    assert "Bravo à vous." not in text_of(client.get(url("detail", chosen)))
    publish_results(chosen.edition)
    page = client.get(url("detail", chosen))
    assert "lauréate" in text_of(page)
    assert "Bravo à vous." in text_of(page)
    hrefs = [a["href"] for a in Html(page.content.decode()).all("a")]
    assert chosen.laureate.initiative.get_absolute_url() in hrefs
    assert reverse("trophies:laureates", args=[chosen.edition.year]) in hrefs


def test_call_leads_to_the_form_while_it_is_open(client):
    edition = make_edition()
    address = reverse("trophies:apply", args=[edition.year])
    start = reverse("candidatures:start", args=[edition.year])
    assert start in [a["href"] for a in Html(client.get(address).content.decode()).all("a")]
    edition.closes_at = ago(seconds=1)
    edition.save()
    assert start not in [a["href"] for a in Html(client.get(address).content.decode()).all("a")]
