"""What a clustering comes to."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """What a clustering came to, among the records it looked at."""

    records: int
    persons: int
    new_persons: int
    retired_persons: int
    reviews: int
