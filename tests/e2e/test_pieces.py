"""Pieces sent from a telephone, on a connection that fails, without JavaScript."""

import re

import pytest

from tests.e2e.axe import violations
from tests.trophies.files import PDF, docx

pytestmark = pytest.mark.browser

TELEPHONE = {"viewport": {"width": 360, "height": 740}}
# A refusal or a cut is an error of the browser's console too.
REFUSED = TELEPHONE | {"watched": False}


def file(name, content=PDF):
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def heavy(name, megabytes=6):
    return file(name, PDF + bytes(megabytes * 1024 * 1024) + b"%%EOF\n")


@pytest.fixture
def pieces(signed_in):
    """Open the pieces of the draft of the example holder, as nobody had joined any."""

    def pieces(**options):
        page = signed_in("porteur de projet", "/mes-candidatures/", **options)
        draft = page.locator("main a[href$='/modifier/']").first.get_attribute("href")
        page.goto(draft.replace("modifier", "pieces"))
        while page.locator(".pieces__remove").count():
            left = page.locator(".pieces__remove").count() - 1
            page.locator(".pieces__remove button").first.click()
            page.wait_for_function(
                "left => document.querySelectorAll('.pieces__remove').length == left", arg=left
            )
        return page

    return pieces


def emulate(network, **changes):
    conditions = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    network.send("Network.emulateNetworkConditions", conditions | changes)


def listed(page):
    return page.locator(".pieces__name").all_inner_texts()


def test_files_are_sent_as_soon_as_they_are_chosen(pieces):
    page = pieces(**TELEPHONE)
    page.set_input_files("#id_files", [file("plan.pdf"), file("bilan.docx", docx())])
    page.get_by_role("heading", name="2 fichiers sur 5").wait_for()
    assert listed(page) == ["plan.pdf", "bilan.docx"]
    page.locator(".sending__row").first.wait_for(state="detached")
    assert page.locator("[role=status][data-said]").inner_text() == "bilan.docx est joint."
    assert page.input_value("#id_files") == ""
    page.reload()
    assert listed(page) == ["plan.pdf", "bilan.docx"]


def test_piece_is_removed_by_keyboard_without_leaving_the_page(pieces):
    page = pieces(**TELEPHONE)
    page.set_input_files("#id_files", file("plan.pdf"))
    button = page.get_by_role("button", name="Retirer plan.pdf")
    button.wait_for()
    page.evaluate("document.body.dataset.same = 'yes'")
    button.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Aucun fichier").wait_for()
    assert page.evaluate("document.body.dataset.same") == "yes"
    assert page.evaluate("document.activeElement.id") == "pieces-title"
    assert "plan.pdf est retiré" in page.locator("[data-said]").inner_text()


def test_connection_that_is_cut_while_sending_costs_one_click(pieces):
    page = pieces(**REFUSED)
    network = page.context.new_cdp_session(page)
    emulate(network, uploadThroughput=1_000_000)
    page.set_input_files("#id_files", [heavy("lourd.pdf"), file("plan.pdf")])
    page.wait_for_function("() => document.querySelector('.sending progress').value > 5")
    assert re.match(r"Envoi\s: \d+\s%", page.locator(".sending__state").first.inner_text())
    emulate(network, offline=True)
    failed = page.locator(".sending__row--failed")
    page.wait_for_function("() => document.querySelectorAll('.sending__row--failed').length == 2")
    assert "La connexion est coupée" in failed.first.inner_text()
    assert listed(page) == []
    assert violations(page) == []
    emulate(network)
    for _ in range(2):
        failed.first.get_by_role("button", name="Réessayer").focus()
        page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.className").startswith("sending__row")
    page.get_by_role("heading", name="2 fichiers sur 5").wait_for(timeout=60_000)
    assert sorted(listed(page)) == ["lourd.pdf", "plan.pdf"]
    assert failed.count() == 0
    page.wait_for_function("() => document.activeElement.id == 'pieces-title'")


def test_page_is_not_left_by_mistake_while_a_file_is_sent(pieces):
    page = pieces(**REFUSED)
    page.route(
        "**/pieces/", lambda route: None if route.request.method == "POST" else route.continue_()
    )
    page.set_input_files("#id_files", file("plan.pdf"))
    page.get_by_text("Envoi").first.wait_for()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator("h1").click()  # browsers ask those who touched the page only
    page.evaluate("setTimeout(() => location.assign('/mes-candidatures/'))")
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    assert page.url.endswith("/pieces/")
    page.unroute("**/pieces/")
    page.close(run_before_unload=False)


def test_refusal_is_said_beside_its_file(pieces):
    page = pieces(**REFUSED)
    page.set_input_files("#id_files", [file("page.pdf", b"<html>"), file("plan.pdf")])
    page.get_by_role("heading", name="1 fichier sur 5").wait_for()
    row = page.locator(".sending__row--failed")
    assert "contient une page web" in row.inner_text()
    assert row.get_by_role("button", name="Réessayer").is_hidden()
    assert violations(page) == []
    row.get_by_role("button", name="Fermer").click()
    assert row.count() == 0
    assert page.evaluate("document.activeElement.id") == "id_files"


def test_token_of_another_sign_in_is_renewed(pieces):
    page = pieces(**REFUSED)
    page.evaluate("document.querySelector('#pieces > input').value = 'x'.repeat(64)")
    page.set_input_files("#id_files", file("plan.pdf"))
    page.get_by_role("heading", name="1 fichier sur 5").wait_for()


def test_lost_session_is_said_and_the_file_is_kept(pieces, site):
    page = pieces(**REFUSED)
    cookies = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    page.set_input_files("#id_files", file("plan.pdf"))
    row = page.locator(".sending__row--failed")
    row.wait_for()
    assert "Votre session est finie" in row.inner_text()
    link = row.get_by_role("link", name="Se connecter de nouveau")
    assert "/compte/" in link.get_attribute("href")
    assert violations(page) == []
    page.context.add_cookies(cookies)
    row.get_by_role("button", name="Réessayer").click()
    page.get_by_role("heading", name="1 fichier sur 5").wait_for()


def test_files_are_dropped(pieces):
    page = pieces(**TELEPHONE)
    page.evaluate(
        """content => {
            const data = new DataTransfer();
            data.items.add(new File([content], "plan.pdf"));
            const form = document.querySelector("form[data-pieces]");
            form.dispatchEvent(new DragEvent("drop", { dataTransfer: data, cancelable: true }));
        }""",
        PDF.decode(),
    )
    page.get_by_role("heading", name="1 fichier sur 5").wait_for()


def test_page_works_without_javascript(pieces, signed_in):
    pieces(**TELEPHONE)  # nothing is joined
    page = signed_in("porteur de projet", "/mes-candidatures/", java_script_enabled=False)
    draft = page.locator("main a[href$='/modifier/']").first.get_attribute("href")
    page.goto(draft.replace("modifier", "pieces"))
    page.set_input_files("#id_files", [file("plan.pdf"), file("page.pdf", b"<html>")])
    page.get_by_role("button", name="Envoyer").click()
    text = page.locator("main").inner_text()
    assert "plan.pdf est joint." in text
    assert re.search(r"page\.pdf\s: Ce fichier contient une page web", text)
    assert listed(page) == ["plan.pdf"]
    page.get_by_role("button", name="Retirer plan.pdf").click()
    assert listed(page) == []


def test_body_that_is_too_heavy_is_answered_in_french_without_javascript(
    pieces, signed_in, tmp_path
):
    pieces(**TELEPHONE)
    options = {"java_script_enabled": False, "watched": False}
    page = signed_in("porteur de projet", "/mes-candidatures/", **options)
    draft = page.locator("main a[href$='/modifier/']").first.get_attribute("href")
    page.goto(draft.replace("modifier", "pieces"))
    path = tmp_path / "enorme.pdf"
    with path.open("wb") as made:
        made.truncate(60 * 1024 * 1024)
    page.set_input_files("#id_files", path)
    page.get_by_role("button", name="Envoyer").click()
    assert "Cet envoi est trop lourd" in page.locator("[role=alert]").inner_text()


def test_document_is_downloaded_and_picture_is_shown(pieces):
    from tests.trophies.files import picture

    page = pieces(**TELEPHONE)
    page.set_input_files("#id_files", [file("plan.pdf"), file("photo.png", picture())])
    page.get_by_role("heading", name="2 fichiers sur 5").wait_for()
    with page.expect_download() as waited:
        page.get_by_role("link", name="plan.pdf").click()
    assert waited.value.suggested_filename == "plan.pdf"
    assert waited.value.path().read_bytes() == PDF
    page.get_by_role("link", name="photo.webp").click()
    page.wait_for_url("**/pieces/*/")
    assert page.evaluate("document.images[0].naturalWidth") == 40


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_page_is_sound(pieces, scheme, width):
    options = {"color_scheme": scheme, "viewport": {"width": width, "height": 740}}
    page = pieces(**options)
    assert violations(page) == []
    name = "Un-nom-sans-aucune-espace-" * 3 + ".pdf"
    page.set_input_files("#id_files", [file(name), file("plan.docx", docx())])
    page.get_by_role("heading", name="2 fichiers sur 5").wait_for()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
