"""What staff do, through the forms of the admin."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from events.models import Event
from initiatives.models import Initiative
from news.models import NewsItem, Page
from partners.models import Organisation
from places.models import Commune
from rallynov import outbox
from tests import factories
from tests.admin.forms import page_values

ADD_NEWS = "/admin/news/newsitem/add/"


def upload(data, name="photo.png", content_type="image/png"):
    return SimpleUploadedFile(name, data, content_type)


def news_values(client, **changes):
    values = {
        "title": "L’appel est ouvert !",
        "summary": "Vous avez jusqu’en janvier.",
        "body": "<h2>Quand</h2><p>Avant le <strong>29</strong>.</p>",
        "publication": "now",
    }
    return page_values(client.get(ADD_NEWS)) | values | changes


def test_news_item_with_a_picture_is_published(client, team):
    photo = {
        "photos-0-image": upload(factories.picture_file()),
        "photos-0-alt": "Un atelier",
        "photos-0-credit": "Photo : Anne Exemple",
    }
    assert client.post(ADD_NEWS, news_values(client, **photo)).status_code == 302
    item = NewsItem.objects.published().get()
    assert item.slug == "lappel-est-ouvert"
    assert item.photo.image.name.endswith(".webp")
    change = client.get(f"/admin/news/newsitem/{item.pk}/change/").content.decode()
    assert item.photo.get_absolute_url() in change
    assert 'href="/actualites/lappel-est-ouvert/"' in change


def test_news_item_is_scheduled_by_day_and_hour(client, team):
    values = news_values(
        client, publication="later", published_at_0="01/03/2090", published_at_1="08:30"
    )
    assert client.post(ADD_NEWS, values).status_code == 302
    item = NewsItem.objects.get()
    assert timezone.localtime(item.published_at).isoformat() == "2090-03-01T08:30:00+01:00"
    page = client.get("/admin/news/newsitem/").content.decode()
    assert "programmé le 1er mars 2090 à 8" in page
    assert not NewsItem.objects.published().exists()


def test_scheduling_without_a_date_says_so_and_loses_nothing(client, team):
    page = client.post(ADD_NEWS, news_values(client, publication="later")).content.decode()
    assert "Indiquez le jour et l’heure de la publication." in page
    assert "L’appel est ouvert !" in page
    assert "&lt;strong&gt;29&lt;/strong&gt;" in page
    assert not NewsItem.objects.exists()


def test_draft_stays_draft_and_has_a_preview(client, team):
    client.post(ADD_NEWS, news_values(client, publication="draft"))
    item = NewsItem.objects.get()
    assert item.published_at is None
    page = client.get(f"/admin/news/newsitem/{item.pk}/change/").content.decode()
    assert f"/actualites/{item.slug}/apercu/" in page
    assert "Voir sur le site" not in page


def test_saving_what_is_online_keeps_its_date(client, team):
    item = factories.make_news_item(published_at=factories.ago(days=9))
    address = f"/admin/news/newsitem/{item.pk}/change/"
    values = page_values(client.get(address))
    assert values["publication"] == "now"
    client.post(address, values | {"title": "Titre corrigé"})
    published_at = item.published_at
    item.refresh_from_db()
    assert (item.title, item.published_at) == ("Titre corrigé", published_at)


def test_same_title_twice_makes_two_addresses(client, team):
    for changes in ({}, {}, {"slug": "lappel-est-ouvert"}):
        client.post(ADD_NEWS, news_values(client, **changes))
    slugs = set(NewsItem.objects.values_list("slug", flat=True))
    assert slugs == {"lappel-est-ouvert", "lappel-est-ouvert-2", "lappel-est-ouvert-3"}


def test_rich_text_keeps_only_what_is_allowed(client, team):
    body = (
        "<p onclick='x()'>Un <em>mot</em> <a href='javascript:x()'>ici</a>"
        "<a href='/agenda/' style='color:red'>là</a></p><script>x()</script><h1>Non</h1>"
    )
    client.post(ADD_NEWS, news_values(client, body=body))
    assert NewsItem.objects.get().body == (
        '<p>Un <em>mot</em> <a rel="noopener">ici</a>'
        '<a href="/agenda/" rel="noopener">là</a></p>Non'
    )


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (factories.picture_file(format="GIF"), "photo.gif", "n’est pas une image lisible"),
        (factories.picture_file(format="TIFF"), "photo.tiff", "n’est pas une image lisible"),
        (b"pas une image", "photo.png", "n’est pas une image lisible"),
        (factories.picture_file(size=(9000, 5000)), "photo.png", "trop de pixels"),
    ],
    ids=["GIF", "TIFF", "text", "huge PNG"],
)
def test_unfit_picture_is_refused_in_french_and_nothing_is_lost(client, team, data, name, message):
    photo = {"photos-0-image": upload(data, name), "photos-0-alt": "A", "photos-0-credit": "B"}
    page = client.post(ADD_NEWS, news_values(client, **photo)).content.decode()
    assert message in page
    assert "L’appel est ouvert !" in page
    assert not NewsItem.objects.exists()


def test_picture_without_words_is_refused(client, team):
    photo = {"photos-0-image": upload(factories.picture_file())}
    page = client.post(ADD_NEWS, news_values(client, **photo)).content.decode()
    assert page.count("Ce champ est obligatoire.") == 2
    assert not NewsItem.objects.exists()


def test_sheet_is_corrected_and_its_department_follows(client, team):
    sheet = factories.make_initiative(themes=[factories.make_theme()])
    factories.make_photo(sheet)
    commune = Commune.objects.filter(department_id="70").first()
    address = f"/admin/initiatives/initiative/{sheet.pk}/change/"
    values = page_values(client.get(address)) | {"summary": "Corrigé.", "commune": commune.pk}
    assert client.post(address, values).status_code == 302
    sheet.refresh_from_db()
    assert (sheet.summary, sheet.department_id) == ("Corrigé.", "70")
    assert sheet.photo is not None


def test_reserved_address_is_refused_with_its_reason(client, team):
    address = "/admin/initiatives/initiative/add/"
    values = {"title": "La carte", "summary": "x", "slug": "carte", "publication": "draft"}
    page = client.post(address, page_values(client.get(address)) | values).content.decode()
    assert "Ce mot est déjà une adresse du site." in page
    assert not Initiative.objects.exists()


def test_event_that_ends_before_it_starts_is_refused_with_its_reason(client, team):
    address = "/admin/events/event/add/"
    values = {
        "title": "Rencontre",
        "kind": "meeting",
        "publication": "draft",
        "starts_at_0": "02/03/2090",
        "starts_at_1": "10:00",
        "ends_at_0": "01/03/2090",
        "ends_at_1": "10:00",
    }
    page = client.post(address, page_values(client.get(address)) | values).content.decode()
    assert "La fin vient après le début." in page
    assert not Event.objects.exists()


def test_fixed_page_is_edited_and_can_be_neither_added_nor_deleted(client, team):
    page = factories.make_page(key=Page.Key.CONTACT)
    address = "/admin/news/page/contact/change/"
    values = page_values(client.get(address))
    assert "key" not in values
    client.post(address, values | {"body": "<p>Écrivez-nous.</p>"})
    page.refresh_from_db()
    assert page.body == "<p>Écrivez-nous.</p>"
    assert client.get("/admin/news/page/contact/delete/").status_code == 403


def test_edition_is_prepared_with_prize_regulation_and_figure(client, team):
    edition = factories.make_edition(year=2031)
    address = f"/admin/trophies/edition/{edition.pk}/change/"
    figure = {"label": "visiteurs", "value": "3000", "source": "Lettre de janvier", "position": 0}
    parts = {
        "figures-TOTAL_FORMS": 1,
        **{f"figures-0-{name}": value for name, value in figure.items()},
        "regulations-TOTAL_FORMS": 1,
        "regulations-0-version": 1,
        "regulations-0-text": "<p>Article premier.</p>",
        "prizes-TOTAL_FORMS": 1,
        "prizes-0-name": "Prix de l’audace",
        "prizes-0-quantity": 4,
        "prizes-0-position": 0,
        "departments": ["25", "70"],
    }
    response = client.post(address, page_values(client.get(address)) | parts)
    assert response.status_code == 302
    assert edition.figures.get().key == "visiteurs"
    assert edition.regulations.get().text == "<p>Article premier.</p>"
    assert edition.prizes.get().quantity == 4
    assert edition.departments.count() == 2


def test_organisation_is_found_without_its_accents(client, team):
    wanted = factories.make_organisation(name="Fédération des Œuvres")
    factories.make_organisation(name="Autre")
    page = client.get("/admin/partners/organisation/", {"q": "federation oeuvres"})
    assert list(page.context["cl"].queryset) == [wanted]
    found = client.get(
        "/admin/autocomplete/",
        {
            "term": "FEDERATION",
            "app_label": "initiatives",
            "model_name": "support",
            "field_name": "organisation",
        },
    ).json()
    assert [row["id"] for row in found["results"]] == [str(wanted.pk)]
    assert Organisation.objects.count() == 2


def test_person_is_added_without_a_password_and_mails_hide_their_words(client, team):
    address = "/admin/accounts/user/add/"
    values = {"email": "Jo@Rallynov.example", "name": "Jo", "roles": ["jury"], "is_active": "on"}
    assert client.post(address, values).status_code == 302
    mail = outbox.queue(to="jo@rallynov.example", subject="Votre code", text="Code : 314159")
    for page in ("/admin/post_office/email/", f"/admin/post_office/email/{mail.pk}/change/"):
        text = client.get(page).content.decode()
        assert "jo@rallynov.example" in text
        assert "en attente" in text
        assert "314159" not in text


def test_new_address_of_a_person_shuts_the_former_one(client, team):
    user = factories.make_user(email="avant@rallynov.example", name="Jo")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    address = f"/admin/accounts/user/{user.pk}/change/"
    values = page_values(client.get(address)) | {"email": "apres@rallynov.example"}
    assert client.post(address, values).status_code == 302
    client.post("/compte/code/demander/", {"email": "avant@rallynov.example"})
    user.refresh_from_db()
    assert user.email == "apres@rallynov.example"
    assert not EmailAddress.objects.filter(user=user).exists()


def test_pages_speak_french_only(client, team):
    factories.make_news_item()
    item = NewsItem.objects.get()
    pages = ["", "news/newsitem/", f"news/newsitem/{item.pk}/change/", "post_office/email/"]
    english = re.compile(r"\b(Add|Change|Delete|Save|View|Home|History|Email|Search|Select)\b")
    for page in pages:
        html = client.get(f"/admin/{page}").content.decode()
        text = re.sub(r"<script.*?</script>|<[^>]*>", " ", html, flags=re.DOTALL)
        assert not english.findall(text)
