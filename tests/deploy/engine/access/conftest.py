"""A secret file, and tables of the database `shop`, for the tests of read-only users."""

from pathlib import Path

import pytest

from tests.deploy.engine.access.reader_queries import SECRET
from tests.deploy.engine.engine_processes import Engine


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("secret") / "secret.txt"
    file.write_text(SECRET)
    return file


@pytest.fixture(scope="module")
def shop_tables(engine: Engine) -> None:
    writer = engine.client()
    writer.command("CREATE TABLE kept (id UInt8, name String) ENGINE = MergeTree ORDER BY id")
    writer.command("INSERT INTO kept VALUES (1, 'a')")
    writer.command("CREATE TABLE kept_ids ENGINE = Memory AS SELECT id FROM kept")
    writer.command("CREATE VIEW named AS SELECT count() AS n FROM kept WHERE name = {wanted:String}")
    writer.close()
