"""The grid that an edition begins with: the house's own, which the team then makes its own."""

import json
from pathlib import Path

from django.db import transaction

from trophies.models import Criterion, Edition

GRID = Path(__file__).parent.parent / "data" / "grid.json"


@transaction.atomic
def propose_grid(edition):
    """Write the house's grid for an edition without criteria; tell whether it was written."""
    edition = Edition.objects.select_for_update(of=["self"]).get(pk=edition.pk)
    if edition.criteria.exists():
        return False
    Criterion.objects.bulk_create(
        Criterion(edition=edition, position=position, **row)
        for position, row in enumerate(json.loads(GRID.read_text()))
    )
    return True
