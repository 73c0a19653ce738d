"""The migrations build the tables that the models describe."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine

from registry.database import upgrade
from registry.schema import METADATA, is_of_the_queue


def differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "include_name": lambda name, kind, _: (
                    not (kind == "table" and is_of_the_queue(name))
                ),
            },
        )
        return list(compare_metadata(context, METADATA))


@pytest.mark.core
def test_migrated_database_is_what_the_models_say(engine: Engine) -> None:
    assert differences(engine) == []


@pytest.mark.core
def test_down_and_up_again_gives_the_same(engine: Engine) -> None:
    upgrade(engine, "base")
    assert differences(engine) != []
    upgrade(engine)
    assert differences(engine) == []
