"""Identity commands are processed like touches, and the sums of profiles follow them."""

import json

from tests.journeys.crowd import Raw
from tests.journeys.site import Site
from tests.journeys.waiting import wait_for

AT = "2026-03-01T10:00:00Z"


def call(number: int, **ids: str) -> Raw:
    touch = {"event_id": f"i{number}", "type": "answered", "direction": "inbound", "occurred_at": AT, **ids}
    return Raw("calls", number % 2, json.dumps(touch).encode())


def sums(site: Site, *identifiers: str) -> dict[str, int]:
    """Return the touches of those identifiers that are profiles."""
    roots = f"SELECT identifier, touches FROM profiles FINAL WHERE parent = '' AND identifier IN {identifiers}"
    return dict(site.rows(roots))


def wait_sums(site: Site, expected: dict[str, int], among: tuple[str, ...]) -> None:
    site.wait_drained()
    wait_for(lambda: sums(site, *among) == expected, f"the sums {expected}")


def test_sums_follow_unlink_undo_and_join(running_site: Site) -> None:
    one, two, mail, master = "customer_id:ada-1", "customer_id:ada-2", "email:ada@example.com", "master_id:ada"
    among = (one, two, mail, master)
    running_site.feed(
        [
            call(1, customer_id="ada-1"),
            call(2, customer_id="ada-1", email="ada@example.com"),
            *(call(number, email="ada@example.com") for number in (3, 4, 5)),
            *(call(number, customer_id="ada-2") for number in (6, 7)),
        ]
    )
    wait_sums(running_site, {one: 5, two: 2}, among)

    done = running_site.run("identity", "unlink", mail, one)
    assert done.returncode == 0, done.stderr
    wait_sums(running_site, {one: 2, two: 2, mail: 3}, among)

    done = running_site.run("identity", "unlink", mail, one, "--undo")
    assert done.returncode == 0, done.stderr
    wait_sums(running_site, {one: 5, two: 2}, among)

    done = running_site.run("identity", "join", one, two, "--master", "ada")
    assert done.returncode == 0, done.stderr
    wait_sums(running_site, {master: 7}, among)
    assert running_site.audit().wrong.count == 0


def test_commands_refuse_invalid_identifiers(running_site: Site) -> None:
    done = running_site.run("identity", "join", "what is this", "--master", "m")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "write it as namespace:value" in done.stderr
