"""The queue of contributions: read, answered, written on the sheet; by whom, and how often."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError
from post_office.models import Email

from accounts.roles import Role
from initiatives.contributing import services
from initiatives.contributing.answers import REASON
from initiatives.contributing.differences import compared
from initiatives.contributing.refusals import NotPossible
from initiatives.models import Contribution, Initiative, SheetInvitation
from partners.models import Organisation
from places import loader
from places.models import Commune, Department, Epci
from tests.factories import (
    make_commune,
    make_contribution,
    make_edition,
    make_initiative,
    make_organisation,
    make_sheet_holder,
    make_theme,
    make_user,
)
from tests.initiatives.contributing import answer_to, moderation_url, text_of, typed_in
from tests.threads import in_parallel

pytestmark = pytest.mark.django_db
LIST = "/admin/initiatives/contribution/"


def accept(client, contribution, **changes):
    sent = answer_to(contribution, **{"online": "draft"} | changes)
    return client.post(moderation_url(contribution, "retenir"), sent)


def refuse(client, contribution, **changes):
    sent = answer_to(contribution, "non", **changes)
    return client.post(moderation_url(contribution, "ecarter"), sent)


def make_correction(**changes):
    fields = {"before": {"summary": "Un potager."}, "values": {"summary": "Un potager partagé."}}
    fields |= changes
    sheet = fields.pop("initiative", None) or make_initiative(
        title="Le jardin", slug="jardin", summary="Un potager.", need="Rien à manger."
    )
    holder = make_sheet_holder(sheet)
    return make_contribution(
        kind="correction", initiative=sheet, by=holder.user, email=holder.user.email, **fields
    )


# Who, and the list --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"), [(Role.TEAM, 200), (Role.EDITOR, 403), (Role.JURY, 403)]
)
def test_queue_is_for_the_team(client, sign_in, role, status):
    sign_in(role)
    contribution = make_contribution()
    assert client.get(LIST).status_code == status
    page = client.get(moderation_url(contribution)).status_code
    assert page == (200 if status == 200 else 404)
    if status != 200:
        assert accept(client, contribution).status_code == 404
        assert not Initiative.objects.exists()


def test_list_is_filtered_by_state(client, team):
    make_contribution(values={"title": "Le bus"})
    refuse(client, make_contribution(values={"title": "Le vélo"}))
    page = client.get(f"{LIST}?etat=pending")
    assert page.context["cl"].result_count == 1
    assert "Le bus" in text_of(page)
    assert client.get(LIST).context["cl"].result_count == 2
    assert client.get(f"{LIST}?q=bus").context["cl"].result_count == 1


def test_home_tells_what_waits(client, team):
    make_contribution()
    assert "contribution à lire" in text_of(client.get("/admin/"))


def test_nothing_is_added_changed_or_deleted_by_hand(client, team):
    contribution = make_contribution()
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.get(f"{LIST}{contribution.pk}/delete/").status_code == 403
    client.post(moderation_url(contribution), {"state": "accepted"})
    assert Contribution.objects.get().state == "pending"


def test_what_is_about_a_hidden_sheet_is_hidden(client, sign_in):
    make_edition(year=2031)
    sign_in(Role.TEAM)
    sheet = make_initiative(embargo_year=2031)
    contribution = make_contribution(kind="fault", initiative=sheet, message="Faux.")
    assert client.get(moderation_url(contribution)).status_code == 200
    viewer = make_user(roles=["editor"])
    assert not Contribution.objects.visible_to(viewer).exists()


# A proposal ---------------------------------------------------------------------------------------


def whole_proposal(**changes):
    told = {
        "title": "Le jardin des voisins",
        "summary": "Un potager.",
        "response": "Le samedi.",
        "commune": make_commune(name="Vesoul").pk,
        "organisation": "Les voisins",
        "themes": [make_theme(slug="jardin").slug],
        "website": "https://jardin.exemple.fr",
    }
    return make_contribution(values=told, email="ana@rallynov.example", **changes)


def test_proposal_becomes_a_draft(client, team):
    contribution = whole_proposal()
    page = client.get(moderation_url(contribution))
    assert "Le jardin des voisins" in text_of(page)
    response = accept(client, contribution)
    assert response.url == LIST
    sheet = Initiative.objects.get()
    assert (sheet.title, sheet.slug) == ("Le jardin des voisins", "le-jardin-des-voisins")
    assert sheet.published_at is None
    assert sheet.commune.name == "Vesoul"
    assert sheet.department == sheet.commune.department
    assert [link.theme.slug for link in sheet.theme_links.all()] == ["jardin"]
    assert [support.organisation.name for support in sheet.holders] == ["Les voisins"]
    contribution.refresh_from_db()
    assert (contribution.state, contribution.initiative) == ("accepted", sheet)
    mail = Email.objects.get()
    assert mail.to == ["ana@rallynov.example"]
    assert "Merci." in mail.message
    assert sheet.get_absolute_url() not in mail.message


def test_proposal_goes_online_if_the_moderator_says_so(client, team):
    accept(client, whole_proposal(), online="online")
    sheet = Initiative.objects.published().get()
    assert client.get(sheet.get_absolute_url()).status_code == 200
    assert sheet.get_absolute_url() in Email.objects.get().message


def test_known_organisation_is_found_and_not_made_again(client, team):
    known = make_organisation(name="LES VOISINS")
    accept(client, whole_proposal())
    assert Organisation.objects.get() == known


def test_unticked_fields_stay_out_but_title_and_sentence(client, team):
    accept(client, whole_proposal(), names=["commune"])
    sheet = Initiative.objects.get()
    assert (sheet.title, sheet.response, sheet.website) == ("Le jardin des voisins", "", "")
    assert sheet.commune.name == "Vesoul"


def test_word_of_the_site_is_no_address_of_a_sheet(client, team):
    accept(client, make_contribution(values={"title": "Proposer", "summary": "Un verbe."}))
    assert Initiative.objects.get().slug == "initiative-proposer"


def test_who_carries_it_is_invited_to_hold_it(client, team):
    accept(client, whole_proposal(carries_it=True), online="online")
    invitation = SheetInvitation.objects.get()
    assert invitation.email == "ana@rallynov.example"
    assert invitation.get_absolute_url() in Email.objects.get().message
    ana = make_user(email="ana@rallynov.example")
    client.force_login(ana)
    client.post(invitation.get_absolute_url())
    assert client.get("/mes-initiatives/le-jardin-des-voisins/").status_code == 200


def test_invited_to_a_draft_one_waits_for_it(client, team):
    accept(client, whole_proposal(carries_it=True))
    client.force_login(make_user(email="ana@rallynov.example"))
    client.post(SheetInvitation.objects.get().get_absolute_url())
    assert "se prépare" in text_of(client.get("/mes-initiatives/"))
    assert client.get("/mes-initiatives/le-jardin-des-voisins/").status_code == 404


def test_moderator_sees_probable_duplicates(client, team):
    make_initiative(title="Le jardin des voisines", published_at=None)
    assert "Le jardin des voisines" in text_of(client.get(moderation_url(whole_proposal())))


# A correction -------------------------------------------------------------------------------------


def test_differences_are_marked_by_more_than_colour(client, team):
    page = client.get(moderation_url(make_correction())).content.decode()
    assert "<del>potager.</del>" in page
    assert "<ins>potager partagé.</ins>" in page


def test_words_compared():
    assert compared("a b c", "a x c") == (
        [("a ", False), ("b ", True), ("c", False)],
        [("a ", False), ("x ", True), ("c", False)],
    )
    assert compared("", "a") == ([], [("a", True)])


def test_correction_is_written_with_its_history(client, team):
    contribution = make_correction()
    accept(client, contribution)
    sheet = Initiative.objects.get()
    assert sheet.summary == "Un potager partagé."
    assert sheet.need == "Rien à manger."
    assert sheet.verified_on is not None
    entry = LogEntry.objects.get(object_id=str(sheet.pk), content_type__model="initiative")
    assert "Un potager." in entry.change_message
    assert sheet.get_absolute_url() in Email.objects.get().message
    assert "Un potager." in text_of(client.get(moderation_url(contribution)))


def test_correction_field_by_field(client, team):
    both = {"before": {"summary": "Un potager.", "need": "Rien à manger."},
            "values": {"summary": "Un potager partagé.", "need": ""}}  # fmt: skip
    accept(client, make_correction(**both), names=["need"])
    sheet = Initiative.objects.get()
    assert (sheet.summary, sheet.need) == ("Un potager.", "")


def test_correction_with_nothing_ticked_is_told(client, team):
    contribution = make_correction()
    response = accept(client, contribution, names=[])
    assert "Rien n’est coché" in text_of(response)
    assert not Email.objects.exists()


def test_conflict_is_shown_and_not_overwritten(client, team):
    contribution = make_correction()
    Initiative.objects.update(summary="Un verger.")
    page = client.get(moderation_url(contribution))
    assert "La fiche a changé depuis." in text_of(page)
    assert "<ins>verger.</ins>" in page.content.decode()
    box = 'name="oui-names" value="summary" id="keep-summary"'
    assert f"{box} checked" not in page.content.decode()
    assert box in page.content.decode()
    accept(client, contribution)  # ticked knowingly
    assert Initiative.objects.get().summary == "Un potager partagé."


def test_change_while_reading_is_told(client, team):
    contribution = make_correction()
    sent = answer_to(contribution, answer="Mes mots à moi")
    Initiative.objects.update(summary="Un verger.")
    response = client.post(moderation_url(contribution, "retenir"), sent)
    assert "a changé pendant votre lecture" in text_of(response)
    assert typed_in(response, "oui-answer") == "Mes mots à moi"
    assert Initiative.objects.get().summary == "Un verger."
    assert not Email.objects.exists()


# A claim, an error --------------------------------------------------------------------------------


def test_claim_gives_the_sheet(client, team):
    former = make_sheet_holder()
    user = make_user()
    claim = make_contribution(
        kind="claim", initiative=former.initiative, by=user, email=user.email, values={}
    )
    accept(client, claim)
    assert former.initiative.sheet_holders.filter(user=user).exists()
    told = {mail.to[0]: mail.message for mail in Email.objects.all()}
    assert set(told) == {user.email, former.user.email}
    assert f"/mes-initiatives/{former.initiative.slug}/" in told[user.email]


def test_refused_claim_gives_nothing(client, team):
    user = make_user()
    sheet = make_initiative()
    claim = make_contribution(kind="claim", initiative=sheet, by=user, email=user.email, values={})
    refuse(client, claim, answer="Bonjour, non.")
    assert not sheet.sheet_holders.exists()
    assert "Bonjour, non." in Email.objects.get().message


def test_error_without_address_gets_a_note_and_no_mail(client, team):
    sheet = make_initiative()
    told = make_contribution(kind="fault", initiative=sheet, values={}, email="", message="Faux.")
    page = client.get(moderation_url(told))
    assert "rien ne part" in text_of(page)
    accept(client, told, answer="")
    assert Contribution.objects.get().state == "accepted"
    assert not Email.objects.exists()


def test_sheet_that_is_gone_is_told(client, team):
    contribution = make_correction()
    Initiative.objects.all().delete()
    response = accept(client, contribution)
    assert "n’existe plus" in text_of(response)
    assert refuse(client, contribution).status_code == 302


# Answering ----------------------------------------------------------------------------------------


def test_answer_is_written_and_made_one_s_own(client, team):
    contribution = whole_proposal(name="Ana")
    page = client.get(moderation_url(contribution))
    assert typed_in(page, "oui-answer").startswith("Bonjour Ana,")
    assert REASON in typed_in(page, "non-answer")


@pytest.mark.parametrize("answer", ["", f"Bonjour, {REASON}", "x" * 3001])
def test_refusal_needs_its_reason(client, team, answer):
    contribution = whole_proposal()
    response = refuse(client, contribution, answer=answer)
    assert "Rien n’est parti" in text_of(response)
    assert typed_in(response, "non-answer") == answer
    assert Contribution.objects.get().state == "pending"
    assert not Email.objects.exists()


def test_refused_proposal_makes_no_sheet(client, team):
    refuse(client, whole_proposal(), answer="Bonjour, c’est hors du territoire.")
    assert not Initiative.objects.exists()
    assert "hors du territoire" in Email.objects.get().message
    assert Contribution.objects.get().answered_by == team


def test_second_moderator_is_told(client, team):
    contribution = whole_proposal()
    sent = answer_to(contribution, online="draft")
    refuse(client, contribution)
    response = client.post(moderation_url(contribution, "retenir"), sent)
    assert "a déjà répondu" in text_of(response)
    assert not Initiative.objects.exists()
    assert Email.objects.count() == 1


@pytest.fixture
def places(transactional_db):
    """Tests in several connections commit, then empty every table."""
    loader.load(Department, Epci, Commune)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("places")
def test_two_moderators_at_once_make_one_sheet():
    contribution = whole_proposal()
    seen = services.version_of(contribution)

    def accept(by):
        asked = {"by": by, "seen": seen, "names": list(contribution.values), "answer": "Merci."}
        try:
            return services.accept(contribution=contribution, **asked)
        except (NotPossible, IntegrityError) as refusal:
            return refusal

    people = [make_user(), make_user()]
    made = in_parallel(*(lambda by=by: accept(by) for by in people), behind=contribution)
    assert sorted(isinstance(one, NotPossible) for one in made) == [False, True]
    assert Initiative.objects.count() == Email.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("places")
def test_correction_changed_while_it_is_accepted_is_one_or_the_other():
    contribution = make_correction()
    sheet, seen = contribution.initiative, services.version_of(contribution)

    def accept():
        asked = {"seen": seen, "names": ["summary"], "answer": "Merci."}
        try:
            return services.accept(contribution=contribution, by=make_user(), **asked)
        except NotPossible as refusal:
            return refusal

    def correct():
        told = {"before": {"summary": "Un potager."}, "after": {"summary": "Un verger."}}
        return services.correct(initiative=sheet, by=contribution.by, message="", **told)

    in_parallel(accept, correct, behind=sheet)
    sheet.refresh_from_db()
    states = sorted(Contribution.objects.values_list("state", flat=True))
    if states == ["pending"]:
        assert sheet.summary == "Un potager."
    else:
        assert states == ["accepted", "pending"]
        assert sheet.summary == "Un potager partagé."
