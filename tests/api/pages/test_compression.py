"""Pages are small on the line, and answers for programs are left alone."""

import gzip
from pathlib import Path

from fastapi.testclient import TestClient

from api.app import create_app
from registry.settings import Settings


def test_pages_and_style_are_compressed_for_who_reads_that(
    database_url: str, tmp_path: Path
) -> None:
    settings = Settings(database_url=database_url, home=tmp_path)
    with TestClient(create_app(settings), headers={"Accept": "text/html"}) as http:
        page = http.get("/", headers={"Accept-Encoding": "gzip"})
        assert page.headers["content-encoding"] == "gzip"
        assert "Accept-Encoding" in page.headers["vary"]
        plain = http.get("/", headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert len(gzip.compress(plain.content)) < len(plain.content) / 2
        assert page.text.startswith("<!doctype html>")
        style = plain.text.split('rel="stylesheet" href="')[1].split('"')[0]
        answer = http.get(style, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["content-encoding"] == "gzip"
        assert ":root" in answer.text
        missing = http.get("/nothing", headers={"Accept-Encoding": "gzip"})
        assert (missing.status_code, missing.headers["content-encoding"]) == (404, "gzip")
        program = http.get("/openapi.json", headers={"Accept": "*/*", "Accept-Encoding": "gzip"})
        assert "content-encoding" not in program.headers
