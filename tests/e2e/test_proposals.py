"""Proposals, played end to end: by whoever knows an initiative, who carries it, and the team."""

import re

import pytest

from tests.e2e.axe import violations

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}}
QUEUE = "/admin/initiatives/contribution/"


def is_sound(page, width=None):
    assert violations(page) == []
    if width:
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def found_in_mail(open_page, address, pattern):
    """What the pattern finds in the last mail to `address` that holds it, once it was sent."""
    page = open_page("/courrier/")
    mails = page.locator("article.mail", has_text=address).locator("pre")
    for _ in range(120):
        for words in mails.all_inner_texts():
            if found := re.search(pattern, words, re.MULTILINE):
                return found[1]
        page.wait_for_timeout(500)
        page.reload()
    return pytest.fail(f"no mail to {address} holds {pattern}")


def enter_code(page, open_page, email):
    """Sign in by the code of a mail, from the page that asks for the address."""
    page.fill("input[name=email]", email)
    page.get_by_role("button", name="Recevoir un code").click()
    page.wait_for_url(re.compile("/compte/code/(?!demander)"))
    page.fill("input[name=code]", found_in_mail(open_page, email, r"^\s*(\d{6})\s*$"))
    page.locator("main button[type=submit]").first.click()


def fill_proposal(page, title, email):
    page.get_by_label("Son nom").fill(title)
    page.get_by_label("En une phrase").fill("Un four à pain que le village rallume le samedi.")
    page.get_by_label("Où").fill("Champagney (70)")
    page.get_by_label("Qui la porte").fill("Les enfournés")
    page.get_by_label("Votre adresse électronique").fill(email)
    page.wait_for_timeout(3000)  # what a person takes, at least


def test_proposal_is_answered_and_its_sheet_corrected(open_page, signed_in):
    email = "camille.four@exemple.invalid"
    page = open_page("/initiatives/", **PHONE)
    page.get_by_role("link", name="Proposer une initiative").first.click()
    page.get_by_role("button", name="Envoyer à l’équipe").press("Enter")
    assert "Écrivez le nom de l’initiative." in page.locator("[role=alert]").inner_text()
    is_sound(page, 360)
    fill_proposal(page, "Le four qui rassemble", email)
    page.get_by_label("Je porte cette initiative").press("Space")
    page.get_by_role("button", name="Envoyer à l’équipe").press("Enter")
    page.get_by_role("heading", name="Merci, c’est arrivé").wait_for()
    is_sound(page, 360)

    staff = signed_in("équipe", f"{QUEUE}?etat=pending", watched=False)
    is_sound(staff)
    staff.get_by_role("link", name="Le four qui rassemble").click()
    is_sound(staff)
    staff.get_by_label("En ligne tout de suite").check()
    staff.locator("[name=oui-answer]").fill("Bonjour,\n\nBienvenue dans l’annuaire.")
    staff.get_by_role("button", name="Faire la fiche").press("Enter")
    staff.wait_for_url(f"**{QUEUE}")
    assert "La réponse part à" in staff.locator(".messagelist").inner_text()

    invitation = found_in_mail(
        open_page, email, r"https?://[^/\s]+(/mes-initiatives/invitations/[-0-9a-f]{36}/)"
    )
    page.goto(invitation)
    enter_code(page, open_page, email)
    page.get_by_role("button", name="Accepter").wait_for()
    is_sound(page, 360)
    page.get_by_role("button", name="Accepter").press("Enter")
    page.get_by_role("link", name="Corriger la fiche").click()
    is_sound(page, 360)
    page.get_by_label("Le besoin").fill("Chacun mangeait son pain de son côté.")
    page.get_by_role("button", name="Envoyer à relire").press("Enter")
    page.get_by_text("attendent d’être relues").first.wait_for()
    is_sound(page, 360)

    staff.goto(f"{QUEUE}?etat=pending")
    staff.get_by_role("link", name="Le four qui rassemble").click()
    staff.set_viewport_size({"width": 360, "height": 740})
    is_sound(staff, 360)
    staff.get_by_role("button", name="Publier ce qui est coché").press("Enter")
    staff.wait_for_url(f"**{QUEUE}")
    page.goto("/initiatives/le-four-qui-rassemble/")
    assert "Chacun mangeait son pain" in page.locator("main").inner_text()


def test_duplicates_are_shown_while_typing(open_page):
    page = open_page("/initiatives/proposer/")
    page.get_by_label("Son nom").press_sequentially("le bus dse aidants")
    page.locator(".close__sheet", has_text="Le bus des aidants").wait_for()
    is_sound(page)
    page.get_by_label("Son nom").fill("Zzzz tout autre chose")
    page.locator(".close__sheet").wait_for(state="detached")


def test_duplicates_are_shown_without_script_and_nothing_is_lost(open_page):
    page = open_page("/initiatives/proposer/", java_script_enabled=False, watched=False)
    fill_proposal(page, "Le bus dse aidants", "sans.script@exemple.invalid")
    page.get_by_role("button", name="Envoyer à l’équipe").click()
    asked = page.get_by_role("alert")
    assert "Est-ce l’une de celles-ci" in asked.inner_text()
    assert asked.get_by_role("link", name="Le bus des aidants").count() == 1
    assert page.get_by_label("Son nom").input_value() == "Le bus dse aidants"
    page.get_by_role("button", name="Non, c’en est une autre").click()
    page.get_by_role("heading", name="Merci, c’est arrivé").wait_for()


def test_error_is_told_from_the_sheet(open_page):
    page = open_page("/initiatives/le-bus-des-aidants/", **PHONE)
    page.get_by_role("link", name="Signalez-la").click()
    is_sound(page, 360)
    page.get_by_label("Ce qui ne va pas").fill("Le bus ne passe plus le mardi.")
    page.wait_for_timeout(3000)
    page.get_by_role("button", name="Envoyer à l’équipe").press("Enter")
    page.get_by_role("heading", name="Merci de votre œil").wait_for()
    is_sound(page, 360)


def test_claim_then_people(open_page, signed_in):
    page = signed_in("porteur de projet", "/initiatives/vadapad/revendiquer/", **PHONE)
    is_sound(page, 360)
    page.get_by_label("Qui êtes-vous").fill("J’en suis la trésorière depuis 2013.")
    page.get_by_role("button", name="Demander à tenir la fiche").press("Enter")
    page.get_by_role("heading", name="Votre demande est arrivée").wait_for()
    is_sound(page, 360)
    staff = signed_in("équipe", f"{QUEUE}?etat=pending&kind__exact=claim", watched=False)
    staff.locator("#result_list tbody a").first.click()
    is_sound(staff)
    staff.get_by_role("button", name="Confier la fiche").click()
    staff.wait_for_url(f"**{QUEUE}")
    page.goto("/mes-initiatives/vadapad/personnes/")
    is_sound(page, 360)
    page.get_by_label("Son adresse électronique").fill("sacha.relais@exemple.invalid")
    page.get_by_label("À ma place").press("Space")
    page.get_by_role("button", name="Envoyer l’invitation").press("Enter")
    page.get_by_text("Une invitation part vers").wait_for()
    is_sound(page, 360)
    page.get_by_role("link", name="Ne plus tenir cette fiche").click()
    is_sound(page, 360)
    page.goto("/mes-initiatives/")
    is_sound(page, 360)
