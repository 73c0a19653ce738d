"""The exchange of docs/dci.md, as it stands there."""

import json
import re
from pathlib import Path

from api.dci.queries import ATTRIBUTE_NAMES
from tests.api.dci import standard
from tests.api.dci.conftest import Partner

TEXT = (Path(__file__).parents[3] / "docs" / "dci.md").read_text("utf-8")


def test_exchange_of_the_document(partner: Partner) -> None:
    [sent] = re.findall(r"<<'JSON'\n(.*?)\n    JSON", TEXT, re.DOTALL)
    [path] = re.findall(r"http://127.0.0.1:8000(/registry\S+)", TEXT)
    body = json.loads(sent)
    standard.check_request(path, body)
    answer = partner.send(path, body)
    assert answer.status_code == 200
    [response] = answer.json()["message"]["search_response"]
    assert [group["group_size"] for group in response["data"]["reg_records"]] == [2]
    assert "payment list of June" in partner.audited()[-1][2]


def test_every_attribute_of_the_document_is_known() -> None:
    table = TEXT.split("| attribute |")[1].split("\n\n")[0]
    names = {name for line in table.splitlines()[2:] for name in re.findall(
        r"`(\w+)`", "|".join(line.split("|")[:3])
    )}  # fmt: skip
    assert len(names) > 20
    assert {name.lower() for name in names} <= ATTRIBUTE_NAMES.keys()


def test_every_path_of_the_door_is_in_the_document(partner: Partner) -> None:
    described = partner.http.get("/registry/openapi.json").json()["paths"]
    assert described
    for path in described:
        assert f"`{path.removeprefix('/')}`" in TEXT
