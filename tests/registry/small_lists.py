"""Small lists for tests, as a scheme would send them."""

from collections.abc import Sequence
from pathlib import Path

HEADINGS = (
    "patient_no", "last_name", "first_name", "name_kh", "sex", "dob", "age_years", "village_code",
    "equity_card_no", "national_id", "phone", "facility_code", "registered_on",
)  # fmt: skip
SOKHA = ("P1", "Sok", "Kha", "សុខ ខា", "F", "1990-05-04", "", "05090203", "", "123456789", "", "",
         "2025-01-02")  # fmt: skip
SOKHA_AGAIN = ("P2", "Sok", "Kha", "", "F", "1990-05-04", "", "05090203", "", "123456789", "", "",
               "2025-06-02")  # fmt: skip
DARA = ("P3", "Chan", "Dara", "ចាន់ ដារា", "M", "1971-11-23", "", "01020304", "", "", "", "",
        "2025-01-02")  # fmt: skip
NAMELESS = ("P4", "", "", "", "M", "1980-01-01", "", "", "", "", "", "", "2025-01-02")


def hef(folder: Path, rows: Sequence[Sequence[str]], name: str = "hef.csv") -> Path:
    """Write a list of the health equity fund and say where."""
    path = folder / name
    path.write_text("\n".join(",".join(row) for row in (HEADINGS, *rows)) + "\n", "utf-8")
    return path


def csv_of(path: Path, *rows: Sequence[str]) -> Path:
    """Write rows as CSV, whatever they are."""
    path.write_text("\n".join(",".join(row) for row in rows) + "\n", "utf-8")
    return path
