"""Profile keys by Python and by ClickHouse, before and after a join."""

import pytest

from dashboards.answers.identities import root_of
from dashboards.answers.profile_keys import identifier_of, profile_key
from dashboards.answers.scope import Scope
from sinks.clickhouse.client import Client
from tests.dashboards.answers.test_identities import known
from tests.dashboards.conftest import Place

MAIN = Scope()
MAIL = "email:ada@example.org"


def test_both_languages_compute_the_same_key(lived: Client) -> None:
    rows = lived.query("SELECT tenant, identifier, lower(hex(profile_key)) FROM identities").result_rows
    assert len(rows) > 100
    assert {key for _, _, key in rows} == {profile_key(tenant, identifier) for tenant, identifier, _ in rows}


def test_key_of_a_profile_that_was_joined_leads_to_the_new_one(place: Place) -> None:
    known(place, (MAIL, "", 1))
    key = profile_key("main", MAIL)
    assert identifier_of(place.reader, MAIN, key) == MAIL
    known(place, (MAIL, "customer_id:c", 2), ("customer_id:c", "", 3))
    assert root_of(place.reader, MAIN, identifier_of(place.reader, MAIN, key) or "") == "customer_id:c"


@pytest.mark.parametrize("key", ["", "ada@example.org", "0" * 19, "0" * 21, "G" * 20, "0" * 20, "' OR 1 = 1 --"])
def test_text_that_is_no_key_leads_nowhere(place: Place, key: str) -> None:
    known(place, (MAIL, "", 1))
    assert identifier_of(place.reader, MAIN, key) is None


def test_key_of_another_tenant_leads_nowhere(place: Place) -> None:
    known(place, (MAIL, "", 1))
    assert identifier_of(place.reader, Scope("other"), profile_key("main", MAIL)) is None
    assert identifier_of(place.reader, Scope("other"), profile_key("other", MAIL)) is None
