"""The command `touchline serve`; its process is tested in tests/touchline/api/test_start.py."""

from tests.touchline.cli.running import WRONG_USE, run


def test_the_help_names_the_options() -> None:
    shown = run("serve", "--help")
    assert shown.exit_code == 0
    for option in ("--host", "--port", "--tls-cert", "--tls-key", "--cert", "--key", "--access-log", "--data"):
        assert option in shown.stdout


def test_a_port_that_cannot_be_is_wrong_use() -> None:
    assert run("serve", "--port", "70000").exit_code == WRONG_USE
