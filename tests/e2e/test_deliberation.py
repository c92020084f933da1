"""A meeting of the jury, in Chromium: its secretary's page and the screen of the room."""

import re
import subprocess
import sys
from itertools import count
from types import SimpleNamespace

import pytest

from tests.conftest import ROOT
from tests.e2e.axe import violations
from tests.e2e.conftest import running_site
from tests.e2e.test_reading import tab_to

pytestmark = pytest.mark.browser

LONG = "Réseau d’entraide et de formation des aidants familiaux isolés des vallées du haut Doubs"
# A jury that has read, its president, and a juror who has a tie with the second file.
SCENE = """
from itertools import count
from tests import factories
from tests.trophies.meeting import *
factories.numbers = count({year} * 1000)  # each scene is made by a process of its own
edition = make_read_edition(
    year={year}, files={files}, jurors={jurors}, level={level}, titles=[{long!r}, "Radio"]
)
edition.jury_members.filter(user=users_of(edition)[0]).update(role="president")
tie(users_of(edition)[2], files_of(edition)[1])
{more}
print(edition.pk, *(user.pk for user in users_of(edition)))
"""
OPEN = "session = make_session(edition, present=users_of(edition)[:2])"
VOTE = "ballot = make_ballot(session, files=files_of(edition)[:2], prize=edition.prizes.get())"
COUNTED = "services.close_ballot(ballot, votes=voices(ballot, 2, 0), abstentions=0)"
RECUSED = "services.move(session, user=users_of(edition)[2], state=IN)"
LONELY = "tie(users_of(edition)[1], files_of(edition)[0])"  # too few readings are left

# As good by three: the fourth of the prizes is between the files of the second three.
BY_THREE = "lambda place, rank: max(0, min(4, 4 - place // 3 + (rank + place) % 2))"

years = count(2032)


@pytest.fixture(scope="module")
def running():
    with running_site() as (address, environment):
        yield SimpleNamespace(address=address, environment=environment)


@pytest.fixture(scope="module")
def site(running):
    return running.address


@pytest.fixture
def scene(running):
    """Make an edition in this state: the address of its sessions, the keys of its jurors."""

    def scene(*more, files=4, jurors=3, level="better_first"):
        more, year = "\n".join(more), next(years)
        code = SCENE.format(
            year=year, files=files, jurors=jurors, level=level, long=LONG, more=more
        )
        done = subprocess.run(
            [sys.executable, "manage.py", "shell", "-v", "0", "-c", code],
            cwd=ROOT, env=running.environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        edition, *people = done.stdout.split()
        return f"/admin/trophies/edition/{edition}/jury/seances/", people

    return scene


def told(page, text):
    page.locator(".messagelist").get_by_text(text).wait_for()


def test_session_is_held_by_keyboard_alone(signed_in, scene):
    address, people = scene()
    page = signed_in("équipe", address)
    tab_to(page, "#id_starts_at_0")
    page.keyboard.type("20/12/2031")
    tab_to(page, "#id_starts_at_1")
    page.keyboard.type("14h")
    page.keyboard.press("Enter")
    told(page, "La séance 1 est convoquée.")
    tab_to(page, "button[value=open]")
    page.keyboard.press("Enter")
    told(page, "La séance est ouverte.")
    for person in people[:2]:
        tab_to(page, f"#personne-{person} button[value=present]")
        page.keyboard.press("Enter")
        page.locator(f"#personne-{person} button[value=present][aria-pressed=true]").wait_for()
    assert "2 jurés dans la salle" in page.locator(".quorum").inner_text()
    tab_to(page, ".ballot [name=candidatures]")
    for box in page.locator(".ballot [name=candidatures]").all()[:2]:
        box.focus()
        if not box.is_checked():
            page.keyboard.press("Space")
    for box in page.locator(".ballot [name=candidatures]").all()[2:]:
        box.focus()
        if box.is_checked():
            page.keyboard.press("Space")
    tab_to(page, ".ballot [type=submit]")
    page.keyboard.press("Enter")
    told(page, "Le scrutin 1 est ouvert")
    for field in page.locator(".voices input").all()[:2]:
        field.focus()
        page.keyboard.type("1")
    tab_to(page, "button[value=count]")
    page.keyboard.press("Enter")
    # As many voices: the president separates the two.
    page.locator(".errorlist", has_text="a voix prépondérante").wait_for()
    assert page.locator(".voices input").first.input_value() == "1"
    tab_to(page, ".casting input")
    page.keyboard.press("Space")
    tab_to(page, "button[value=count]")
    page.keyboard.press("Enter")
    told(page, "Le scrutin 1 est dépouillé.")
    assert "la voix prépondérante de Juré 0. Passe." in page.locator(".result").inner_text()
    tab_to(page, ".result a")
    page.keyboard.press("Enter")
    page.get_by_label("Lauréate", exact=True).wait_for()


def test_everything_works_without_javascript(signed_in, scene):
    address, people = scene(OPEN)
    page = signed_in("équipe", f"{address}1/", java_script_enabled=False)
    page.locator(f"#personne-{people[2]} button[value=present]").click()
    told(page, "Juré 2")
    assert "Radio" in page.locator(".recusals").inner_text()
    page.goto(f"{address}1/ecran/")
    assert page.get_by_text("Dossier masqué").is_visible()
    assert page.get_by_text("Radio").count() == 0
    page.goto(f"{address}1/")
    page.locator(f"#personne-{people[2]} button[value=out]").click()
    page.get_by_role("button", name="Ouvrir le scrutin").click()
    told(page, "Le scrutin 1 est ouvert")
    page.goto(f"{address}1/ecran/")
    assert page.get_by_text("2 jurés votent").is_visible()
    page.goto(f"{address}1/")
    page.get_by_text("Abandonner ce scrutin").click()
    page.get_by_role("button", name="Abandonner", exact=True).click()
    told(page, "est abandonné")
    page.locator("summary", has_text="Lever la séance").click()
    page.get_by_role("button", name="Lever pour de bon").click()
    told(page, "La séance est levée.")


def test_screen_follows_the_room(signed_in, scene):
    """Who has a tie comes in: the title leaves the screen by itself, and the ranking with it."""
    address, people = scene(OPEN)
    page = signed_in("équipe", f"{address}1/", viewport={"width": 1280, "height": 720})
    screen = page.context.new_page()
    screen.goto(f"{address}1/ecran/")
    file = page.context.new_page()
    file.goto(f"{address}1/ecran/")
    file.get_by_role("link", name="Radio").click()
    file.get_by_role("heading", name="Radio").wait_for()
    link = screen.get_by_role("link", name=LONG)
    link.focus()
    page.locator(f"#personne-{people[2]} button[value=present]").click()
    screen.get_by_text("Dossier masqué").wait_for(timeout=20000)
    assert screen.get_by_text("Radio").count() == 0
    assert screen.locator(".mean, .plot, .rank, .place").count() == 0
    assert "Dossier masqué" not in screen.title()
    # The reader of the screen stays where they were.
    assert link.evaluate("link => link === document.activeElement")
    # The page of the file itself gives way to the screen.
    file.wait_for_url(lambda url: url.endswith("/ecran/"), timeout=20000)
    page.locator(f"#personne-{people[2]} button[value=out]").click()
    screen.locator(".rank").first.wait_for(timeout=20000)
    assert screen.get_by_text("Radio").is_visible()


def test_old_screen_says_so_then_hides_itself(signed_in, scene):
    address, _ = scene(OPEN)
    page = signed_in("équipe", f"{address}1/ecran/", watched=False)
    page.clock.install()
    page.reload()
    page.context.set_offline(True)
    page.clock.run_for(20000)
    page.get_by_text("ne se met plus à jour").wait_for()
    page.clock.run_for(60000)
    page.locator("main[hidden]").wait_for(state="attached")
    page.context.set_offline(False)
    page.clock.run_for(10000)
    page.locator("main:not([hidden])").wait_for()


def test_keys_walk_through_the_files(signed_in, scene):
    address, _ = scene(OPEN)
    page = signed_in("équipe", f"{address}1/ecran/")
    page.get_by_role("link", name=LONG).click()
    for title, key in [(LONG, "ArrowRight"), ("Radio", "ArrowLeft"), (LONG, "Escape")]:
        page.get_by_role("heading", name=title).wait_for()
        page.wait_for_load_state()
        page.keyboard.press(key)
    page.get_by_role("heading", name="Délibération").wait_for()


STATES = {
    "ranked": (OPEN,),
    "recused": (OPEN, RECUSED),
    "vote": (OPEN, VOTE),
    "result": (OPEN, VOTE, COUNTED),
    "planned": ("session = make_session(edition, is_open=False)",),
    "closed": (OPEN, "services.close_session(session)"),
    "uncalibrated": (LONELY, "session = make_session(edition, present=users_of(edition)[:1])"),
    "many": (OPEN,),
}
SIZES = [("light", 360, 800), ("dark", 768, 1024), ("light", 1280, 720)]


@pytest.mark.parametrize("state", STATES)
def test_axe_is_silent_and_nothing_overflows(signed_in, scene, state):
    # Not watched: axe itself writes inline styles, which the policy blocks.
    size = {"files": 14} if state == "many" else {}
    address, _ = scene(*STATES[state], **size)
    found = {}
    for scheme, width, height in SIZES:
        viewport = {"width": width, "height": height}
        page = signed_in("équipe", address, color_scheme=scheme, viewport=viewport, watched=False)
        shown = [address, f"{address}1/", f"{address}1/ecran/"]
        page.goto(shown[-1])
        files = page.locator("a.file__title")
        if files.count():
            shown.append(files.first.get_attribute("href"))
        for url in shown:
            page.goto(url)
            for summary in page.locator("main summary").all():
                summary.click()
            assert page.locator("h1").count() == 1
            assert page.evaluate("document.documentElement.scrollWidth") <= width, url
            found[url, width] = violations(page)
            if "ecran" in url:
                found[url, width] += too_small(page)
    assert {where: rules for where, rules in found.items() if rules} == {}


def too_small(page):
    """Texts of the screen that the back of a room cannot read: under 16 px."""
    return page.evaluate(
        """[...document.querySelectorAll("main *")]
        .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
        .filter((e) => parseFloat(getComputedStyle(e).fontSize) < 16)
        .map((e) => e.outerHTML)"""
    )


def test_screen_is_read_from_the_back_of_the_room(signed_in, scene):
    """At 1280 × 720: titles of 22 px, figures of 24, the undecided files without scrolling."""
    address, _ = scene("edition.prizes.update(quantity=4)", OPEN, files=14, level=BY_THREE)
    page = signed_in("équipe", f"{address}1/ecran/", viewport={"width": 1280, "height": 720})

    def smallest(selector):
        sizes = "all => Math.min(...all.map((e) => parseFloat(getComputedStyle(e).fontSize)))"
        return page.locator(selector).evaluate_all(sizes)

    assert smallest(".file__title") >= 22
    assert smallest("td.mean, td.place, td.rank") >= 24
    undecided = page.locator("tr.undecided")
    assert undecided.count() >= 1
    box = undecided.last.bounding_box()
    assert box["y"] + box["height"] <= 720
    assert re.search(r"\d,\d\d", page.locator("td.mean").first.inner_text())
