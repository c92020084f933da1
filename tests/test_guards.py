"""The conventions of the house, held for everyone."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.template import engines
from django.urls import reverse
from pghistory.models import Event

from tests.conftest import ROOT
from tests.factories import (
    make_archive,
    make_event,
    make_figure,
    make_initiative,
    make_laureate,
    make_news_item,
    make_page,
    make_partnership,
    make_photo,
    make_prize,
    make_regulation,
    make_theme,
)
from tests.html import Html

# Lowest first: an app imports from those before it. `rallynov`'s composing modules import them all
# and nobody imports them.
LAYERS = ["audience", "places", "accounts", "partners", "initiatives", "events", "news", "trophies"]
BASE_MODULES = {
    "bars", "calendars", "dates", "editing", "embedded", "feeds", "fields", "formguard", "locks",
    "numbers", "outbox", "patterns", "pdf", "picture_sizes", "pictures", "publishing", "richtext",
    "search", "sorting", "spreadsheets", "storage", "typesetting",
}  # fmt: skip
OUR_APPS = [*LAYERS, "rallynov"]
CODE = [
    path
    for name in [*OUR_APPS, "tests"]
    for path in sorted((ROOT / name).rglob("*.py"))
    if "migrations" not in path.parts
]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


@pytest.fixture
def site(db):
    """One published row of each kind, and the addresses of all their pages."""
    initiative = make_initiative(themes=[make_theme()])
    make_photo(initiative)
    laureate = make_laureate(
        initiative=initiative, prize=make_prize(edition=make_archive(year=2031))
    )
    make_figure(edition=laureate.prize.edition)
    make_regulation(edition=laureate.prize.edition)
    news_item = make_news_item()
    make_photo(news_item)
    partner = make_partnership().organisation
    pages = [make_page(key=key) for key in ["rallynov", "europe", "contact"]]
    rows = [initiative, laureate.prize.edition, news_item, make_event(), partner, *pages]
    names = [
        "home", "initiatives:list", "initiatives:map", "conditions", "trophies:list",
        "events:list", "news:list", "partners:list", "search", "site-map",
    ]  # fmt: skip
    return [
        *(reverse(name) for name in names),
        *(row.get_absolute_url() for row in rows),
        reverse("trophies:laureates", args=[2031]),
        reverse("trophies:regulation", args=[2031]),
    ]


def faults_of(html):
    """The conventions that a public page breaks, in words."""
    checks = {
        "one h1": len(html.all("h1")) == 1,
        "lang": html.first("html").get("lang") == "fr",
        "title": bool(html.text("title")),
        "description": bool(html.meta("description")),
        "alt": all("alt" in image for image in html.all("img")),
        "image size": all("width" in i and "height" in i for i in html.all("img")),
        "no style": not html.all("style") and not any("style" in tag for tag in html.tags),
        "no handler": not any(name.startswith("on") for tag in html.tags for name in tag),
        "script in a file": all(
            "src" in script or script.get("type") == "application/ld+json"
            for script in html.all("script")
        ),
    }
    return [name for name, holds in checks.items() if not holds]


def test_public_pages_keep_the_conventions(client, site):
    faults = {a: faults_of(Html(client.get(a).content.decode())) for a in site}
    assert {address: found for address, found in faults.items() if found} == {}


def test_public_pages_have_their_own_titles(client, site):
    titles = [Html(client.get(address).content.decode()).text("title") for address in site]
    assert sorted(set(titles)) == sorted(titles)


def test_public_pages_are_the_same_for_everyone(client, site):
    """No session, no cookie, nothing random: a page can be kept whole and served again."""
    for address in site:
        first, second = client.get(address), client.get(address)
        assert first.content == second.content, address
        assert "Cookie" not in first.get("Vary", ""), address
        assert not first.cookies, address
        assert "nonce" not in first["Content-Security-Policy"], address


def test_policy_is_strict(client, db):
    policy = client.get("/")["Content-Security-Policy"]
    directives = dict(part.split(maxsplit=1) for part in policy.split("; "))
    own = ["script", "style", "img", "font", "connect", "manifest"]
    assert {name for name, value in directives.items() if value == "'none'"} == {
        "default-src",
        "base-uri",
        "frame-ancestors",
    }
    assert all(directives[f"{name}-src"] == "'self'" for name in own)
    assert directives["form-action"] == "'self'"


def test_error_pages_need_no_database(client):
    # This test has no access to the database: a query would raise.
    response = client.get("/une/adresse/inconnue/")
    assert response.status_code == 404
    assert faults_of(Html(response.content.decode())) in ([], ["description"])


@pytest.mark.parametrize("status", [400, 403, 404, 413, 429, 500, 503])
def test_error_page_renders_without_context(status):
    html = Html(engines["django"].get_template(f"{status}.html").render())
    assert len(html.all("h1")) == 1
    assert html.first("html").get("lang") == "fr"


def test_no_migration_is_pending(db):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_verbose_names_are_lower_case():
    names = [
        (f"{model.__name__}.{getattr(thing, 'name', 'Meta')}", str(thing.verbose_name))
        for model in our_models()
        for thing in [model._meta, *model._meta.fields]
        if getattr(thing, "editable", True) and not getattr(thing, "primary_key", False)
    ]
    upper = {where for where, text in names if text[:1].isupper()}
    assert upper == ACRONYMS


ACRONYMS = {"Organisation.siren"}


def our_models():
    """Those that people meet: not the events of the history, which triggers write."""
    for name in LAYERS:
        for model in apps.get_app_config(name).get_models():
            if not issubclass(model, Event):
                yield model


def test_every_model_says_its_name_in_french():
    missing = [
        f"{model.__name__}.{field.name}"
        for model in our_models()
        for field in model._meta.fields
        if field.editable
        and field.verbose_name == field.name.replace("_", " ")
        and field.name not in SAME_IN_BOTH_LANGUAGES
        and not field.is_relation
    ]
    assert missing == []


SAME_IN_BOTH_LANGUAGES = {
    "code", "id", "image", "latitude", "longitude", "organisation", "perspectives", "population",
    "presentation", "quorum", "source", "verdict", "version",
}  # fmt: skip


def test_no_template_is_unused():
    sources = [path.read_text() for path in [*CODE, *TEMPLATES]]
    text = "\n".join(sources)
    unused = []
    for path in TEMPLATES:
        name = str(path.relative_to(ROOT / "templates"))
        if f'"{name}"' in text or f"'{name}'" in text or name in default_names():
            continue
        if not overrides_a_library(name) and not re.fullmatch(r"\d{3}\.html", name):
            unused.append(name)
    assert unused == []


def default_names():
    """What Django's generic views and admin ask for when a view names no template."""
    models = [model._meta for name in LAYERS for model in apps.get_app_config(name).get_models()]
    suffixes = ["list", "detail"]
    pages = {f"{m.app_label}/{m.model_name}_{suffix}.html" for m in models for suffix in suffixes}
    return pages | {f"admin/{m.app_label}/{m.model_name}/change_form.html" for m in models}


def overrides_a_library(name):
    folders = [Path(config.path) / "templates" for config in apps.get_app_configs()]
    return any((folder / name).exists() for folder in folders)


def imported_modules(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_imports_go_one_way():
    wrong = []
    for path in CODE:
        app = path.relative_to(ROOT).parts[0]
        if app not in LAYERS:
            continue
        for module in imported_modules(path):
            top, _, rest = module.partition(".")
            if top in LAYERS and LAYERS.index(top) > LAYERS.index(app):
                wrong.append(f"{path.relative_to(ROOT)} imports {module}")
            if top == "rallynov" and rest and rest.split(".")[0] not in BASE_MODULES:
                wrong.append(f"{path.relative_to(ROOT)} imports {module}")
    assert wrong == []


def test_foreign_keys_go_one_way():
    wrong = [
        f"{model.__name__}.{field.name}"
        for name in LAYERS
        for model in apps.get_app_config(name).get_models()
        for field in model._meta.get_fields()
        if field.is_relation
        and field.concrete
        and field.related_model
        and field.related_model._meta.app_label in LAYERS
        and LAYERS.index(field.related_model._meta.app_label) > LAYERS.index(name)
    ]
    assert wrong == []


def test_sizes_stay_readable():
    limits = {".py": 400, ".html": 130, ".css": 200, ".js": 200}
    files = [*CODE, *TEMPLATES, *(ROOT / "static").rglob("*.css"), *(ROOT / "static").rglob("*.js")]
    wrong = []
    for path in files:
        limit = 800 if path.is_relative_to(ROOT / "tests") else limits[path.suffix]
        lines = path.read_text().count("\n")
        if lines > limit:
            wrong.append(f"{path.relative_to(ROOT)}: {lines} lines")
    assert wrong == []


def test_functions_stay_short():
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= 50
    ]
    assert wrong == []


def test_no_inline_code_in_templates():
    wrong = [
        f"{path.relative_to(ROOT)}: {found}"
        for path in TEMPLATES
        for found in re.findall(r"""\s(?:style|on[a-z]+)=["']|javascript:""", path.read_text())
    ]
    assert wrong == []
