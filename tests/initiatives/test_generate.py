import pytest
from django.core.management import CommandError, call_command

from initiatives.models import Initiative
from tests.factories import make_initiative, make_theme
from tests.initiatives.asking import ask


def test_invented_sheets_are_examples_that_the_directory_finds(db):
    theme = make_theme()
    call_command("generate_initiatives", 30, verbosity=0)
    call_command("generate_initiatives", 5, verbosity=0)
    assert Initiative.objects.filter(is_example=True).count() == 35
    assert ask("").count == ask(f"theme={theme.slug}").count == 35
    sheet = Initiative.objects.first()
    title = sheet.title.partition(",")[0]
    assert sheet in ask(f"q={title}").ordered
    holder = sheet.supports.get().organisation.name.partition(" ")[0]
    assert sheet in ask(f"q={holder}").ordered


def test_nothing_is_invented_beside_real_sheets(db):
    make_initiative(is_example=False)
    with pytest.raises(CommandError, match="vraies initiatives"):
        call_command("generate_initiatives", 1)
    assert Initiative.objects.count() == 1
