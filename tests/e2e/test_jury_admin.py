"""The team invites a juror, in Chromium, who opens the mail and comes in; then it follows the jury.

On a site that asks for the second factor, as in production.
"""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.e2e.axe import violations
from tests.e2e.conftest import running_site

pytestmark = pytest.mark.browser

ADDRESS = "lea@rallynov.example"
PASSWORD = "une phrase assez longue"
LIST = "/admin/trophies/edition/"
SIZES = [("light", 360), ("dark", 768), ("light", 1440)]


@pytest.fixture(scope="module")
def site():
    with running_site(DJANGO_SETTINGS_MODULE="tests.e2e.strict") as (address, _):
        yield address


@pytest.fixture(scope="module")
def kept():
    """The cookies of the team, signed in once: each code of a second factor serves once."""
    return {}


def come_in(open_page, email, password):
    """Sign in with a password the first time, up to the codes of rescue of the second factor."""
    page = open_page("/compte/connexion/?next=/admin/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(re.compile("second-facteur/activer"))
    secret = page.locator("code.secret").inner_text()
    page.fill("input[name=code]", format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.get_by_role("button", name="Mettre en place").click()
    page.wait_for_url(re.compile("second-facteur/secours"))
    return page


@pytest.fixture
def team(open_page, kept):
    def team(**options):
        if not kept:
            page = come_in(open_page, "equipe@rallynov.example", "sapin-bleu-equipe")
            kept["storage_state"] = page.context.storage_state()
        return open_page("/admin/", **kept, **options)

    return team


def jury_of(page):
    """Open the jury page of the edition that reads now; return its address."""
    page.goto(LIST)
    links = page.locator("#result_list tbody th a").all()
    for href in [link.get_attribute("href").partition("?")[0] for link in links]:
        address = href.replace("change/", "jury/")
        page.goto(address)
        if page.get_by_role("button", name="Relancer ceux").count():
            return address
    pytest.fail("no edition reads")


def mail_to(open_page, address, words):
    """The text of the last mail to `address` whose subject holds `words`."""
    page = open_page("/courrier/")
    found = page.locator("article.mail", has_text=address).filter(
        has=page.locator("h2", has_text=words)
    )
    for _ in range(40):
        if found.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    return found.first.locator("pre").inner_text()


def test_invited_juror_opens_the_mail_and_comes_in(team, open_page):
    page = team()
    jury = jury_of(page)
    page.get_by_role("link", name="Inviter un juré").click()
    page.get_by_label("Adresse électronique").fill(ADDRESS)
    page.get_by_label("Prénom et nom").fill("Léa Exemple")
    page.get_by_label("Membre", exact=True).check()
    page.get_by_role("button", name="Inviter").dblclick()
    page.get_by_text(f"part à {ADDRESS}").wait_for()
    assert "Invitation du" in page.locator("#content").inner_text()

    text = mail_to(open_page, ADDRESS, "Voulez-vous lire avec nous")
    assert "Camille Exemple, de l’équipe de Rally’nov" in text
    juror = open_page(re.search(r"http\S+/compte/mot-de-passe/oublie/\w+-\S+", text)[0])
    for field in juror.locator("input[type=password]").all():
        field.fill(PASSWORD)
    juror.get_by_role("button", name="Choisir ce mot de passe").click()
    juror.get_by_text("Votre nouveau mot de passe est en place").wait_for()

    juror = come_in(open_page, ADDRESS, PASSWORD)
    assert juror.locator("ul.codes li").count() == 10
    juror.get_by_role("link", name="Continuer").click()
    juror.get_by_role("link", name="Lire les candidatures").click()
    # Ties first: no file is open before.
    juror.get_by_role("link", name="Déclarer mes liens").wait_for()
    assert juror.locator(".stop").count() == 0
    page.goto(jury)
    row = page.locator("#jures li.board__row", has_text="Léa Exemple")
    assert "Liens pas encore déclarés" in row.inner_text()
    # Where everyone reads everything, the files wait for the new juror.
    assert re.search(r"0 sur \d+ signée", row.inner_text())


def test_reminder_leaves_once(team, open_page):
    page = team()
    page.goto(jury_of(page))
    for answer in (re.compile(r"rappels? part"), re.compile("l’ont déjà reçu|l’a déjà reçu")):
        page.get_by_role("button", name="Relancer ceux").click()
        page.locator(".messagelist", has_text=answer).wait_for()
    assert page.locator(".state", has_text="relancé aujourd’hui").count()
    text = mail_to(open_page, "@rallynov.example", "il vous reste")
    assert re.search("lectures? à signer", text)


def test_everything_works_without_javascript(team):
    page = team(java_script_enabled=False)
    jury = jury_of(page)
    page.locator("#jures h3 a").first.click()
    page.get_by_label("Lectures au plus").fill("0")
    page.get_by_role("button", name="Enregistrer sa place").click()
    assert page.get_by_role("alert").inner_text() == (
        "Rien n’est enregistré\u202f: corrigez ce qui suit."
    )
    page.get_by_label("Lectures au plus").fill("40")
    page.get_by_label("Au titre de").fill("Personne de connu")
    page.get_by_role("button", name="Enregistrer sa place").click()
    assert "Aucune organisation ne porte ce nom" in page.locator("#content").inner_text()
    page.get_by_label("Au titre de").fill("")
    page.get_by_role("button", name="Enregistrer sa place").click()
    assert "Sa place est enregistrée." in page.locator(".messagelist").inner_text()
    page.goto(jury)
    page.get_by_role("button", name="Relancer ceux").click()
    assert page.url.endswith(jury)


@pytest.mark.parametrize(("scheme", "width"), SIZES)
def test_axe_is_silent_on_the_jury_and_nothing_overflows(team, scheme, width):
    # Not watched: axe itself writes inline styles, which the policy blocks.
    size = {"width": width, "height": 800}
    page = team(color_scheme=scheme, viewport=size, watched=False)
    jury, found = jury_of(page), {}
    juror = page.locator("#jures h3 a").first.get_attribute("href")
    edition = jury.replace("jury/", "change/")
    for address in [jury, f"{jury}inviter/", juror, edition]:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert page.locator("h1").count() == 1, address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        found[address] = violations(page)
    page.goto(f"{jury}inviter/")
    page.get_by_role("button", name="Inviter").click()
    page.get_by_role("alert").wait_for()
    found["errors"] = violations(page)
    assert {address: rules for address, rules in found.items() if rules} == {}
