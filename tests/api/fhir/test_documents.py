"""The exchange of docs/fhir.md, as it stands there."""

import json
import re
from pathlib import Path

from api.fhir import systems
from api.fhir.pdqm import PARAMETERS
from tests.api.fhir.conftest import Hospital

TEXT = (Path(__file__).parents[3] / "docs" / "fhir.md").read_text("utf-8")


def test_exchange_of_the_document(hospital: Hospital) -> None:
    commands = [each for each in TEXT.split("    curl ") if "<<'JSON'" in each]
    bodies = [
        re.findall(r"/fhir(/\S*?)'? -H.*<<'JSON'\n(.*?)\n    JSON", each, re.DOTALL)[0]
        for each in commands
    ]
    assert [path for path, _ in bodies] == ["/Patient/$ihe-pix", "/CoverageEligibilityRequest"]
    pix, coverage = (
        hospital.resource("POST", path, json=json.loads(body)) for path, body in bodies
    )
    assert len(pix["parameter"]) == 4
    assert coverage["outcome"] == "complete"
    form = dict(each.split("=") for each in re.findall(r"-d '(\w+=[\w-]+)'", TEXT))
    found = hospital.resource("POST", "/Patient/_search", data=form)
    assert found["total"] == 1


def test_tables_of_the_document_are_whole() -> None:
    for system in systems.SYSTEMS:
        assert f"`{system}`" in TEXT or f"`:{system.rsplit(':', 1)[1]}`" in TEXT
    row = next(line for line in TEXT.splitlines() if line.startswith("| PDQm"))
    assert set(PARAMETERS) <= set(re.findall(r"[\w-]+", row))
