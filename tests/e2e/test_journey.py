"""A candidature, on a telephone, on a bad connection, on the last evening."""

import os
import re
import time
from collections import Counter

import pytest

from rallynov.mailbox import messages_of
from tests.e2e.axe import violations
from tests.e2e.journey import begin, save_and_go_on, write

pytestmark = pytest.mark.browser

TELEPHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}


@pytest.fixture
def mailed_code(example_site):
    """The next code that is mailed to an address, read where mails end on an example site."""
    known = Counter()

    def codes(email):
        files = sorted((example_site.folder / "mail").glob("*.log"), key=os.path.getmtime)
        bodies = [
            body_of(mail) for file in files for mail in messages_of(file) if mail["To"] == email
        ]
        return [found[0] for body in bodies if (found := re.search(r"^\s*(\d{6})\s*$", body, re.M))]

    def mailed_code(email):
        deadline = time.monotonic() + 60
        while len(codes(email)) <= known[email]:
            assert time.monotonic() < deadline, f"no code for {email}"
            time.sleep(0.2)
        known[email] += 1
        return codes(email)[known[email] - 1].strip()

    return mailed_code


def body_of(mail):
    """Its text; nothing yet while it is being written."""
    body = mail.get_body(("plain",))
    return body.get_content() if body else ""


@pytest.fixture
def enter(mailed_code):
    """Sign in by code, from the page that asks for an address."""

    def enter(page, email):
        page.fill("input[name=email]", email)
        page.get_by_role("button", name="Recevoir un code").click()
        page.wait_for_url(re.compile("/compte/code/(?!demander)"))
        page.fill("input[name=code]", mailed_code(email))
        page.locator("main button[type=submit]").first.click()
        page.wait_for_url(re.compile("/mes-candidatures/"))

    return enter


@pytest.fixture
def draft(open_page, enter):
    """A page on the second step of a fresh draft, of this person."""

    def draft(email, **options):
        page = open_page("/trophees/candidater/", **TELEPHONE | options)
        page.get_by_role("link", name="Commencer ma candidature").click()
        begin(page)
        enter(page, email)
        page.wait_for_url("**/etapes/projet/")
        return page

    return draft


def saved(page):
    """Wait until the page says that it is saved."""
    page.locator("[data-saving]", has_text="Enregistré à").wait_for()


def said(page, words):
    page.locator("[data-saving]", has_text=words).wait_for()


def is_silent(page):
    assert violations(page) == [], page.url


def has_no_scroll(page):
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], page.url


def test_journey_on_a_telephone_from_the_call_to_the_receipt(open_page, enter):
    page = open_page("/trophees/candidater/", **TELEPHONE)
    is_silent(page)
    page.get_by_role("link", name="Commencer ma candidature").click()
    page.wait_for_url("**/commencer/**")
    is_silent(page)
    page.get_by_role("button", name="Commencer").click()
    page.get_by_text("Il manque une réponse").wait_for()
    is_silent(page)
    for question in page.locator("fieldset").all():
        question.get_by_label("Non").check()
    page.get_by_role("button", name="Commencer").click()
    page.get_by_text("Cela demande un mot d’explication").wait_for()
    is_silent(page)
    page.get_by_role("button", name="Continuer quand même").click()
    page.wait_for_url("**/structure/")
    is_silent(page)
    page.fill("#id_organisation_name", "Les Brodeuses (exemple)")
    page.fill("#id_commune", "Champagney")
    page.get_by_role("button", name="Continuer").click()
    enter(page, "brodeuse@rallynov.example")
    page.wait_for_url("**/etapes/structure/")
    page.get_by_text("Précisez laquelle").first.wait_for()
    is_silent(page)
    page.fill("#id_commune", "Champagney (70)")
    saved(page)
    assert not page.locator(".field--error").count()
    save_and_go_on(page, "/etapes/projet/")
    write(page, "Le fil " + "retrouvé" * 8)
    read_again = page.url
    for name in ["", "etapes/projet/", "etapes/besoin/", "pieces/", "etapes/accord/", "porteurs/"]:
        page.goto(read_again.replace("deposer/", name))
        is_silent(page)
        has_no_scroll(page)
    page.goto(read_again)
    is_silent(page)
    has_no_scroll(page)
    page.get_by_role("button", name="Déposer").click(click_count=2)
    page.wait_for_url("**/depots/1/")
    is_silent(page)
    has_no_scroll(page)
    assert page.locator(".digest").count()


def test_text_survives_a_connection_cut_while_typing(draft):
    page = draft("tunnel@rallynov.example", watched=False)
    page.context.set_offline(True)
    page.fill("#id_title", "Écrit dans un tunnel")
    said(page, "Pas de connexion")
    is_silent(page)
    page.context.set_offline(False)
    saved(page)  # by itself, once the connection is back
    page.reload()
    assert page.input_value("#id_title") == "Écrit dans un tunnel"
    assert not page.locator(".kept").count()


def test_text_that_never_left_is_offered_back(draft):
    page = draft("panne@rallynov.example", watched=False)
    page.fill("#id_title", "Enregistré")
    saved(page)
    tries = []
    page.route("**/etapes/**", lambda route: tries.append(route.abort()))
    page.fill("#id_title", "Jamais parti")
    said(page, "Pas de connexion")
    before = len(tries)
    page.get_by_role("button", name="Réessayer maintenant").click()
    for _ in range(100):
        if len(tries) > before:
            break
        page.wait_for_timeout(100)
    assert len(tries) > before
    said(page, "Nouvel essai dans")
    page.unroute("**/etapes/**")
    page.reload()
    notice = page.locator(".kept")
    notice.wait_for()
    assert page.input_value("#id_title") == "Enregistré"
    is_silent(page)
    notice.get_by_role("button", name="Reprendre ce texte").click()
    assert page.input_value("#id_title") == "Jamais parti"
    saved(page)
    page.reload()
    assert page.input_value("#id_title") == "Jamais parti"


def test_text_survives_a_lost_session(draft, enter):
    email = "oubli@rallynov.example"
    page = draft(email, watched=False)
    page.context.clear_cookies(name="sessionid")
    page.fill("#id_title", "Écrit sans session")
    said(page, "Votre session est finie")
    is_silent(page)
    page.get_by_role("link", name="Se connecter de nouveau").click()
    enter(page, email)
    page.wait_for_url("**/etapes/projet/")
    page.get_by_role("button", name="Reprendre ce texte").click()
    saved(page)
    page.reload()
    assert page.input_value("#id_title") == "Écrit sans session"


def test_session_renewed_in_another_tab_is_taken_up(draft, enter):
    email = "deux-onglets@rallynov.example"
    page = draft(email, watched=False)
    page.context.clear_cookies()
    other = page.context.new_page()
    other.goto(page.url)
    enter(other, email)
    page.fill("#id_title", "Le jeton a changé")
    saved(page)


def test_two_tabs_are_both_kept(draft):
    page = draft("jumeaux@rallynov.example", watched=False)
    other = page.context.new_page()
    other.goto(page.url)
    page.fill("#id_title", "Le premier onglet")
    saved(page)
    other.fill("#id_title", "Le second onglet")
    said(other, "Cette étape a changé ailleurs")
    other.get_by_role("link", name="Comparer les deux textes").click()
    main = other.locator("main").inner_text()
    assert "Le premier onglet" in main
    assert "Le second onglet" in main
    is_silent(other)
    other.get_by_role("button", name="Prendre l’autre texte").click()
    other.wait_for_url("**/etapes/projet/")
    assert other.input_value("#id_title") == "Le second onglet"
    assert not other.locator(".kept").count()


def test_step_is_written_by_keyboard_alone(draft):
    page = draft("clavier@rallynov.example")
    page.focus("#id_title")
    page.keyboard.type("Au clavier")
    page.keyboard.press("Tab")
    page.keyboard.type("Une phrase.")
    page.keyboard.press("Tab")
    page.keyboard.type("2020")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/etapes/besoin/")
    page.go_back()
    assert page.input_value("#id_title") == "Au clavier"
    assert page.locator("#id_themes input").first.is_checked()


def test_journey_without_javascript(open_page, enter, draft):
    page = draft("sans-script@rallynov.example", java_script_enabled=False, viewport=None)
    page.fill("#id_title", "Sans script")
    page.fill("#id_started_year", "bientôt")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.get_by_text("à reprendre avant de déposer").wait_for()
    assert page.input_value("#id_started_year") == "bientôt"
    write(page, "Sans script")
    page.get_by_role("button", name="Déposer").click()
    page.wait_for_url("**/depots/1/")


def test_counter_counts_as_the_server_does(draft):
    page = draft("compteur@rallynov.example")
    page.goto(page.url.replace("projet", "besoin"))
    page.fill("#id_need", "é🚲\nà")
    assert page.locator("#id_need_count").inner_text().startswith("4 /")
    page.fill("#id_need", " \u202f\n un  deux\u00a0\n")
    assert page.locator("#id_need_count").inner_text().startswith("8 /")
    page.fill("#id_need", "🚲" * 2501)
    assert "count--over" in page.locator("#id_need_count").get_attribute("class")
    page.get_by_text("il y en a 1 de trop").wait_for()
    page.goto(page.url.replace("besoin", "projet"))
    page.fill("#id_summary", "un  deux\n\ntrois ")
    assert page.locator("#id_summary_count").inner_text().startswith("13 /")


def test_session_lost_before_depositing_costs_one_code(draft, enter):
    email = "dernier-soir@rallynov.example"
    page = draft(email, watched=False)
    write(page, "Presque déposé")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Déposer").click()
    enter(page, email)
    page.wait_for_url("**/deposer/")
    page.get_by_role("button", name="Déposer").click()
    page.wait_for_url("**/depots/1/")
