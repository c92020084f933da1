"""How a project holder fills in a candidature, page after page."""

import re

from trophies.questions import QUESTIONS


def save_and_go_on(page, following):
    page.get_by_role("button", name=re.compile("^(Enregistrer et|Continuer)")).first.click()
    page.wait_for_url(re.compile(following))


def begin(page, *, answer="Oui", name="Association La Clé de douze (exemple)"):
    """The rules and the first step, up to the page that asks for an address."""
    for question in page.locator("fieldset").all():
        question.get_by_label(answer).check()
    page.get_by_role("button", name="Commencer").click()
    page.wait_for_url("**/structure/")
    page.fill("#id_organisation_name", name)
    page.fill("#id_commune", "Champagney (70)")
    page.get_by_role("button", name="Continuer").click()
    page.wait_for_url("**/compte/code/demander/**")


def write(page, title, plan=None):
    """From the second step to the page where everything is read again."""
    page.fill("#id_title", title)
    page.fill("#id_summary", "On y apporte ce qui ne marche plus, on en repart avec le geste.")
    page.fill("#id_started_year", "2022")
    page.get_by_label("Solidarité").check()
    save_and_go_on(page, "/etapes/besoin/")
    answers(page, ["need", "response"], "/etapes/personnes/")
    answers(page, ["people", "effects"], "/etapes/suite/")
    answers(page, ["risks", "spread", "viability"], "/pieces/")
    if plan:
        page.set_input_files("input[type=file]", plan)
        page.get_by_role("link", name=plan.name).wait_for()
    page.goto(re.sub("pieces/.*", "etapes/accord/", page.url))
    page.get_by_label("Le besoin").check()
    save_and_go_on(page, "/deposer/")


def answers(page, names, following):
    titles = {question.name: question.title for question in QUESTIONS}
    for name in names:
        page.fill(f"#id_{name}", f"{titles[name]}\u202f: ce que nous avons vu.")
    save_and_go_on(page, following)
