"""The wheel holds all that an installation needs."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOAD = """
import sys
from pathlib import Path
import api, linkage, migrations, registry
from registry.lists import imports
from registry.cli.demo import SAMPLES
from registry.database import connect, transaction, upgrade
site, url = sys.argv[1:]
for package in (api, linkage, migrations, registry):
    assert Path(package.__file__).is_relative_to(site), package.__file__
engine = connect(url)
upgrade(engine, "base")
upgrade(engine)
folder = Path(registry.__file__).parent / "samples" / "lists"
assert all((folder / name).is_file() for name in (*SAMPLES, "truth.csv"))
batch = imports.parse_file(engine, "disability", folder / "disability.csv").batch
print(batch.rows_accepted)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing but the unpacked wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_installed_wheel_takes_a_list_from_any_folder(
    site: Path, database_url: str, tmp_path: Path
) -> None:
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", LOAD, str(site), database_url],
        env={"PYTHONPATH": str(site), "PATH": "",
             "REGISTRY_MASTER_KEY": os.environ["REGISTRY_MASTER_KEY"]}, cwd=tmp_path,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "362"


def test_wheel_carries_its_licence_and_types(site: Path) -> None:
    assert list(site.glob("*.dist-info/licenses/LICENSE"))
    for package in ("api", "linkage", "registry"):
        assert (site / package / "py.typed").is_file()
