"""The chain, played by three people in Chromium: from an open call to a badge on a sheet.

On a site of its own: the dates of its edition are moved, as rows, and not the clock.
"""

import re
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests.conftest import ROOT
from tests.e2e.axe import violations
from tests.e2e.conftest import running_site
from tests.e2e.journey import begin, write
from trophies.steps import WRITTEN

pytestmark = pytest.mark.browser

HOLDER = "josephine@rallynov.example"
JUROR = "jury@rallynov.example"
TITLE = "Le grenier à pannes"
SLUG = "le-grenier-a-pannes"
NAMING = ["/", "/initiatives/flux.atom", "/actualites/flux.atom", "/sitemap.xml"]
CITATION = "Pour avoir rendu la panne hospitalière."


@pytest.fixture(scope="module")
def running():
    with running_site() as (address, environment):
        yield SimpleNamespace(address=address, environment=environment)


@pytest.fixture(scope="module")
def site(running):
    return running.address


@pytest.fixture
def manage(running):
    def manage(*arguments):
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=running.environment, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    return manage


@pytest.fixture
def move(manage):
    """Set the dates of an example edition, in minutes from now; return its key and its year.

    The first is the one whose call was open, the second the one in front of its jury.
    """

    def move(rank=0, **minutes):
        dates = ", ".join(f"{name}=now + timedelta(minutes={m})" for name, m in minutes.items())
        code = (
            "from datetime import timedelta; from django.utils import timezone; "
            "from trophies.models import Edition; now = timezone.now(); "
            "rows = Edition.objects.filter(is_example=True).order_by('-year'); "
            f"row = rows[{rank}]; rows.filter(pk=row.pk).update({dates}); print(row.pk, row.year)"
        )
        return manage("shell", "-v", "0", "-c", code).split()

    return move


@pytest.fixture
def mail(open_page, manage):
    """The last mail to somebody whose subject holds these words, read where mails end."""

    def mail(words, *, to=HOLDER):
        manage("worker", "--once")
        page = open_page("/courrier/")
        found = page.locator("article.mail", has_text=to).filter(
            has=page.locator("h2", has_text=words)
        )
        for _ in range(20):  # the site's own worker may have it in hand
            if found.count():
                break
            page.wait_for_timeout(500)
            page.reload()
        return found.first.locator("pre").inner_text()

    return mail


@pytest.fixture
def plan(tmp_path):
    path = tmp_path / "Plan du grenier.pdf"
    path.write_bytes(b"%PDF-1.4\n%%EOF\n")
    return path


def enter_by_code(page, mail):
    page.fill("input[name=email]", HOLDER)
    page.get_by_role("button", name="Recevoir un code").click()
    page.wait_for_url(re.compile("/compte/code/(?!demander)"))
    page.fill("input[name=code]", re.search(r"\d{6}", mail("code"))[0])
    page.locator("main button[type=submit]").first.click()


def deposit(page, mail, plan):
    """The holder signs in, writes, saves, reads again and deposits; returns the reference."""
    page.locator("main").get_by_role("link", name="Commencer ma candidature").click()
    begin(page)
    enter_by_code(page, mail)
    page.wait_for_url("**/etapes/projet/")
    write(page, TITLE, plan)
    page.get_by_role("button", name="Déposer").click(click_count=2)
    page.wait_for_url("**/depots/1/")
    reference = re.search(r"\d{4}-\d{3}", page.locator("main").inner_text())[0]
    receipt = mail(reference)
    digest = page.locator(".digest").first.inner_text()
    assert digest in receipt
    assert len(digest) == 64
    return reference


def screen(page, mail, reference):
    """The team finds the candidature and declares it eligible."""
    page.goto(f"/admin/trophies/candidature/?q={reference}")
    page.locator("#result_list").get_by_role("link", name=TITLE).click()
    assert "Le besoin\u202f: ce que nous avons vu." in page.locator("#content").inner_text()
    page.get_by_role("link", name="Déclarer recevable").click()
    page.get_by_role("button", name="Déclarer recevable").click()
    page.get_by_text("c’est fait").wait_for()
    assert reference in mail("recevable")


def appoint(page, mail, edition):
    """The team invites a juror, from the page of the jury."""
    page.goto(f"/admin/trophies/edition/{edition}/jury/inviter/")
    page.get_by_label("Adresse électronique").fill(JUROR)
    page.get_by_label("Prénom et nom").fill("Claude Exemple")
    page.get_by_role("button", name="Inviter").click()
    page.get_by_text(f"part à {JUROR}").wait_for()
    assert "Vous avez déjà un mot de passe" in mail("Voulez-vous lire avec nous", to=JUROR)


def declare(page, year):
    """The juror declares their ties, before any file is open."""
    page.goto(f"/admin/trophies/assignment/liens/{year}/")
    page.get_by_role("button", name="Je déclare sur l’honneur").click()
    page.wait_for_url("**/assignment/")


def read_and_sign(page, year):
    """The juror reads, scores with the keyboard alone, and signs."""
    section = page.locator("section", has=page.get_by_role("heading", name=f"Jury {year}"))
    section.get_by_role("link", name=TITLE).click()
    assert "Champagney" in page.locator("main, #content").first.inner_text()
    page.locator("fieldset.criterion input").first.focus()
    for level in "432110":
        page.keyboard.press(level)
    page.fill(
        "#id_comment_for_candidate", "Votre établi nous a donné envie de casser quelque chose."
    )
    page.get_by_role("button", name="Signer cette lecture").click()
    page.get_by_text("Lecture signée le").wait_for()


def decide(page, edition, year):
    """The team notes the laureate, and prepares the news."""
    page.goto(f"/admin/trophies/edition/{edition}/jury/")
    row = page.locator("tr", has_text=TITLE)
    assert "2,10" in row.inner_text()
    row.get_by_role("link", name=TITLE).click()
    page.get_by_label("Lauréate").check()
    page.get_by_label("Le prix").select_option(index=1)
    page.get_by_label("Pourquoi ce prix").fill(CITATION)
    page.get_by_role("button", name="Noter la décision").click()
    page.get_by_text("Décision notée").wait_for()
    assert "envie de casser" in page.get_by_label("La lettre au porteur").input_value()
    read_letter(page, edition)
    page.goto(f"/admin/trophies/edition/{edition}/jury/")
    page.get_by_role("button", name="Préparer l’actualité").click()
    page.wait_for_url("**/newsitem/*/change/")
    assert page.get_by_text(f"Avec les résultats de {year}").is_visible()


def read_letter(page, edition):
    """The team reads the letter as it is, and lets it leave."""
    page.goto(f"/admin/trophies/edition/{edition}/jury/lettres/")
    page.get_by_role("link", name="Relire la première").click()
    page.get_by_role("button", name="Relue").click()
    page.locator(".messagelist li", has_text="elle peut partir").wait_for()


def public_addresses(year):
    return [
        f"/initiatives/{SLUG}/",
        f"/trophees/{year}/laureats/",
        f"/actualites/les-laureats-des-trophees-{year}/",
    ]


def traces(page, year):
    """Where the public finds the laureate: addresses that open, pages that name it."""
    opened = {a for a in public_addresses(year) if page.request.get(a).status == 200}
    naming = [*NAMING, f"/trophees/{year}/"]
    texts = {a: page.request.get(a).text() for a in naming}
    marks = [TITLE, SLUG, "les-laureats-des-trophees"]
    return opened | {a for a, text in texts.items() if any(mark in text for mark in marks)}


def follow_up(page):
    """The team signs the convention and pays."""
    page.goto("/admin/trophies/laureate/?q=grenier")
    page.locator("#result_list").get_by_role("link", name=TITLE).click()
    values = {
        "convention_signed_on": "02/03/2027",
        "paid_on": "15/03/2027",
        "paid_amount": "3000",
        "payment_reference": "VIR 2027-12",
    }
    for name, value in values.items():
        page.fill(f"#id_follow_up-0-{name}", value)
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    row = page.locator("#result_list tr", has_text=TITLE)
    assert "signée le 2 mars 2027" in row.inner_text()
    assert "le 15 mars 2027" in row.inner_text()


def test_chain_is_played_by_three_people(open_page, signed_in, mail, move, manage, plan):
    edition, year = move(opens_at=-60 * 24 * 50)
    holder = open_page(f"/trophees/{year}/candidater/")
    reference = deposit(holder, mail, plan)
    team = signed_in("équipe", "/admin/")
    appoint(team, mail, edition)
    screen(team, mail, reference)

    move(closes_at=-30, jury_opens_at=-20, jury_closes_at=60)
    juror = signed_in("jury", "/admin/trophies/assignment/")
    declare(juror, year)
    read_and_sign(juror, year)

    move(jury_closes_at=-1)
    decide(team, edition, year)
    candidature = holder.url.partition("depots/")[0]
    visitor = open_page("/")
    assert traces(visitor, year) == set()
    holder.goto(candidature)
    assert "lauréat" not in holder.locator("main").inner_text().lower()
    assert TITLE not in mail_subjects(open_page, manage)

    move(results_published_at=0)
    assert traces(visitor, year) == {*public_addresses(year), *NAMING, f"/trophees/{year}/"}
    visitor.goto(f"/initiatives/{SLUG}/")
    assert re.search(f"auréat des trophées {year}", visitor.locator("main").inner_text())
    assert "Le besoin\u202f: ce que nous avons vu." in visitor.locator("main").inner_text()
    visitor.goto(f"/trophees/{year}/laureats/")
    assert CITATION in visitor.locator("main").inner_text()
    holder.reload()
    assert "lauréat" in holder.locator("main").inner_text().lower()
    assert "envie de casser" in mail("La décision du jury")
    follow_up(team)


def mail_subjects(open_page, manage):
    """The subjects of the letters that have left so far."""
    manage("worker", "--once")
    subjects = open_page("/courrier/").locator("article.mail h2").all_inner_texts()
    return " ".join(subject for subject in subjects if "décision" in subject)


def links(page, words):
    """The addresses on a page that hold these words."""
    found = page.locator(f"main a[href*='{words}'], #content a[href*='{words}']")
    return [link.get_attribute("href") for link in found.all()]


def faults(page, addresses):
    found = {}
    for address in addresses:
        page.goto(address)
        found[address] = violations(page)
    return {address: rules for address, rules in found.items() if rules}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_is_silent_on_the_pages_of_the_team(signed_in, move, scheme):
    options = {"color_scheme": scheme, "watched": False}
    page = signed_in("équipe", "/admin/trophies/candidature/", **options)
    candidature = links(page, "/change/")[-1]
    edition, _ = move(1, jury_closes_at=-1)
    jury = f"/admin/trophies/edition/{edition}/jury/"
    page.goto(jury)
    addresses = [
        "/admin/trophies/candidature/",
        candidature,
        candidature.replace("change/", "geste/refuse/").partition("?")[0],
        jury,
        links(page, "/jury/")[-1],
        "/admin/trophies/conflictofinterest/",
        "/admin/trophies/laureate/",
    ]
    assert faults(page, addresses) == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_is_silent_in_the_holder_s_space(signed_in, move, scheme):
    dates = ["opens_at", "closes_at", "jury_opens_at", "jury_closes_at", "results_published_at"]
    move(**dict(zip(dates, [-90_000, 10_000, 20_000, 30_000, 40_000], strict=True)))
    options = {"color_scheme": scheme, "watched": False}
    page = signed_in("porteur de projet", "/mes-candidatures/", **options)
    rows = {"/".join([*link.split("/")[:3], ""]) for link in links(page, "/mes-candidatures/")}
    assert len(rows) == 2
    steps = [f"etapes/{slug}/" for slug in WRITTEN]
    names = ["", *steps, "pieces/", "deposer/", "porteurs/", "porteurs/quitter/"]
    addresses = [f"{row}{name}" for row in rows for name in names]
    assert faults(page, ["/mes-candidatures/", *addresses]) == {}


COMPLETE = """
from trophies.models import Candidature
from trophies.questions import QUESTIONS
rows = Candidature.objects.filter(holders__email="porteur@rallynov.example")
row = rows.exclude(status="withdrawn").order_by("status").first()
for question in QUESTIONS:
    setattr(row, question.name, getattr(row, question.name) or "Une réponse.")
row.save()
print(row.uuid)
"""


def test_file_that_the_closing_overtakes_joins_the_deposit(signed_in, move, manage, tmp_path):
    move(opens_at=-90_000, closes_at=10_000, jury_opens_at=20_000, jury_closes_at=30_000,
         results_published_at=40_000)  # fmt: skip
    own = f"/mes-candidatures/{manage('shell', '-v', '0', '-c', COMPLETE)}/"
    heavy = tmp_path / "Bilan.pdf"
    heavy.write_bytes(b"%PDF-1.4\n" + bytes(6_000_000) + b"%%EOF\n")
    page = signed_in("porteur de projet", f"{own}pieces/")
    network = page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 100_000}
    network.send("Network.emulateNetworkConditions", slow)
    page.set_input_files("#id_files", heavy)
    page.wait_for_function("() => document.querySelector('.sending progress').value > 0")
    other = page.context.new_page()
    other.goto(f"{own}deposer/")
    other.get_by_role("button", name="Déposer").click()
    other.wait_for_url("**/depots/*/")
    assert "Bilan.pdf" not in other.locator("main").inner_text()
    move(closes_at=0)
    other.goto(f"{own}deposer/")
    assert other.get_by_role("button", name="Déposer").count() == 0
    network.send("Network.emulateNetworkConditions", slow | {"uploadThroughput": -1})
    page.get_by_text("a rejoint votre candidature").first.wait_for(state="attached")
    page.get_by_role("link", name="Bilan.pdf").wait_for()
    other.goto(own)
    other.locator("main").get_by_role("link", name="Reçu n°").first.click()
    assert "Bilan.pdf" in other.locator("main").inner_text()
