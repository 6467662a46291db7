"""Parents of identifiers, derived by hand."""

import pytest

from schemas.identity_messages import Claim, Unlink
from tests.chaos.load_meaning import Meaning
from tests.oracle.cases import CUSTOMER, EMAIL, NOON, PHONE, VISITOR, facts, oracle, sent
from tests.oracle.identity import Place


def places(*meanings: Meaning, **settings: int) -> dict[str, Place]:
    found = oracle(sent(*meanings), **settings).identities.places
    return {key.removeprefix("main|"): place for key, place in found.items()}


def claimed(parent: str, at_ms: int, *lost: str) -> Place:
    return Place(f"main|{parent}", at_ms, "claim", tuple(f"main|{one}" for one in lost))


ROOT = Place(None, 0, "none")


def test_a_chain_of_three_has_one_profile() -> None:
    chain = facts(EMAIL, VISITOR, event_id="1"), facts(CUSTOMER, EMAIL, event_id="2", at_ms=NOON - 1)
    expected = oracle(sent(*chain))
    assert places(*chain) == {CUSTOMER: ROOT, EMAIL: claimed(CUSTOMER, NOON - 1), VISITOR: claimed(EMAIL, NOON)}
    assert {key: profile.identifiers for key, profile in expected.profiles.items()} == {f"main|{CUSTOMER}": 3}
    assert expected.identities.depth(f"main|{VISITOR}") == 2


def test_the_earliest_claim_wins_and_a_repeat_may_be_earlier() -> None:
    one, other = facts("customer_id:1", EMAIL), facts("customer_id:2", EMAIL, at_ms=NOON - 5)
    assert places(one, other)[EMAIL] == claimed("customer_id:2", NOON - 5, "customer_id:1")
    again = facts("customer_id:1", EMAIL, at_ms=NOON - 9, event_id="again")
    assert places(one, other, again)[EMAIL] == claimed("customer_id:1", NOON - 9, "customer_id:2")


@pytest.mark.parametrize(
    ("commands", "place"),
    [
        ([Unlink(f"main|{EMAIL}", f"main|{CUSTOMER}", 1, True)], Place(None, 0, "vetoed")),
        ([Unlink(f"main|{EMAIL}", "*", 1, True)], Place(None, 0, "vetoed")),
        ([Unlink(f"main|{EMAIL}", "*", 1, True), Unlink(f"main|{EMAIL}", "*", 2, False)], claimed(CUSTOMER, NOON)),
        ([Unlink(f"main|{EMAIL}", "*", 1, True), Unlink(f"main|{EMAIL}", "*", 1, False)], Place(None, 0, "vetoed")),
        ([Unlink(f"main|{EMAIL}", "main|customer_id:else", 1, True)], claimed(CUSTOMER, NOON)),
        ([Claim("main|master_id:m", (f"main|{EMAIL}",), NOON - 1)], claimed("master_id:m", NOON - 1, CUSTOMER)),
    ],
)
def test_commands_override_claims(commands: list[Meaning], place: Place) -> None:
    assert places(facts(CUSTOMER, EMAIL), *commands)[EMAIL] == place
    assert places(*reversed(commands), facts(CUSTOMER, EMAIL))[EMAIL] == place


def test_an_identifier_shared_by_too_many_has_no_parent() -> None:
    crowd = [facts(f"customer_id:{number}", PHONE, event_id=str(number)) for number in range(4)]
    assert places(*crowd, targets=3)[PHONE] == Place(None, 0, "shared")
    assert places(*crowd, targets=4)[PHONE].parent == "main|customer_id:0"


def test_limited_links_go_to_the_earliest_claims() -> None:
    seen = [facts(CUSTOMER, f"anonymous_id:{n}", event_id=str(n), at_ms=NOON - n) for n in range(3)]
    expected = oracle(sent(*seen), links=2)
    assert expected.identities.uncertain == {"main|anonymous_id:0"}
    assert expected.profiles[f"main|{CUSTOMER}"].identifiers == 3
    assert oracle(sent(*seen, facts("anonymous_id:0", event_id="own")), links=2).identities.uncertain == set()
