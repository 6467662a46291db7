"""A database is for the Kafka whose touches it holds, and for no other."""

import pytest

from sinks.clickhouse import parse_address
from touchline.errors import Trouble
from touchline.store_side import refuse_lost_database, refuse_other_log

ADDRESS = parse_address("http://writer:secret@127.0.0.1:8123/touches")


@pytest.mark.parametrize("known", [[], ["abc/"], ["abc/", "def/"]])
def test_a_new_database_and_the_right_one_are_taken(known: list[str]) -> None:
    refuse_other_log(known, "abc/", ADDRESS)
    refuse_lost_database(["abc/"], True, ADDRESS)
    refuse_lost_database(known, False, ADDRESS)


def test_a_database_of_another_kafka_is_refused() -> None:
    with pytest.raises(Trouble, match=r"filled from another Kafka.*def/.*not abc/"):
        refuse_other_log(["def/"], "abc/", ADDRESS)


def test_an_empty_database_after_stored_touches_is_refused() -> None:
    with pytest.raises(Trouble, match="is empty, but these workers have stored touches") as found:
        refuse_lost_database([], True, ADDRESS)
    assert found.value.code == 78
    assert "secret" not in str(found.value)
