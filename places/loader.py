"""Loads departments, intercommunalities and communes from the data files; safe to run again.

Sources: découpage administratif, Etalab (Licence Ouverte); positions, GeoNames (CC BY 4.0).
"""

import csv
from pathlib import Path

from places.map import features

COMMUNES = Path(__file__).parent / "data" / "communes_franche_comte.csv"

# Communes that stand, in the file, where a namesake is; so does the mean of their postal area.
MISPLACED = {
    "25032": "Autechaux-Roide",
    "25139": "La Chaux-du-Dombief",
    "70271": "Couthenans",
}


def load(department_model, epci_model, commune_model):
    """Insert or update every place, by code. The models may be a migration's historical ones."""
    upsert(department_model, [{"code": code, "name": name} for code, name, _ in features()])
    with COMMUNES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    repair(rows)
    epcis = {row["epci_code"]: french(row["epci_name"]) for row in rows}
    upsert(epci_model, [{"code": code, "name": name} for code, name in sorted(epcis.items())])
    upsert(commune_model, [commune_fields(row) for row in rows])


def repair(rows):
    """Give a misplaced commune, and its postal area, the mean of the area's other positions."""
    for area in {row["postal_codes"] for row in rows if row["code_insee"] in MISPLACED}:
        own = [row for row in rows if row["postal_codes"] == area]
        true = [
            row
            for row in own
            if row["coordinate_source"] == "geonames" and row["code_insee"] not in MISPLACED
        ]
        mean = {name: average(true, name) for name in ("latitude", "longitude")}
        for row in own:
            if row not in true:
                row.update(mean, coordinate_source="postal_area")


def average(rows, name):
    return round(sum(float(row[name]) for row in rows) / len(rows), 5)


def french(name):
    return name.replace("'", "’").replace("Coeur", "Cœur")


def commune_fields(row):
    return {
        "code": row["code_insee"],
        "name": french(row["name"]),
        "department_id": row["department_code"],
        "epci_id": row["epci_code"],
        "postal_codes": row["postal_codes"].replace(";", " ").replace("|", " ").split(),
        "population": int(row["population"]) if row["population"] else None,
        "latitude": float(row["latitude"]) if row["latitude"] else None,
        "longitude": float(row["longitude"]) if row["longitude"] else None,
        "coordinate_source": row["coordinate_source"],
    }


def upsert(model, rows):
    names = [name for name in rows[0] if name != "code"]
    model.objects.bulk_create(
        [model(**row) for row in rows],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=names,
        batch_size=500,
    )
