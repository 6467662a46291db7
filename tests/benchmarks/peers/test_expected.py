"""The customers of a day are those of its valid messages, each once; differences are described."""

from math import nextafter

from tests.benchmarks.day import count_truth, generate_day
from tests.benchmarks.peers.expected import Expected, describe_differences, expect_customers, expect_profiles


def test_customers_have_all_touches_of_the_day() -> None:
    day = list(generate_day(500, seed=3, customers=40))
    customers = expect_customers(day)
    assert sum(customer.touches for customer in customers.values()) == count_truth(iter(day)).stored
    assert describe_differences(customers, [(name, one.touches, one.score) for name, one in customers.items()]) == ""


def test_differences_are_described() -> None:
    expected = {name: Expected(2, 10.0, 30.0) for name in ("same", "rounded", "fewer", "other", "missing")}
    found = [
        ("same", 2, 10.0), ("rounded", 2, nextafter(10.0, 11.0)), ("fewer", 1, 10.0), ("other", 2, 10.000001),
        ("same", 2, 10.0), ("unknown", 1, 1.0),
    ]  # fmt: skip
    text = describe_differences(expected, found)
    assert text.startswith("5 customers are wrong: fewer has 1 touches and score 10.0, due 2 and 10.0; other has")
    assert describe_differences({"one": Expected(1, 1.0, 1.0)}, []) == "1 customers are wrong: one is missing"


def test_profiles_of_a_run_are_those_of_the_next() -> None:
    found = [("email:a", 3, 17.5), ("email:a (negative)", 3, -1e300)]
    assert describe_differences(expect_profiles(found), found) == ""
    assert "email:a has 3 touches" in describe_differences(expect_profiles(found), [("email:a", 3, 17.6), found[1]])
