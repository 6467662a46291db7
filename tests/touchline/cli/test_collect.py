"""The command `touchline collect`; its process is tested in tests/touchline/collector/test_start.py."""

from tests.touchline.cli.running import WRONG_USE, run


def test_the_help_names_the_options() -> None:
    shown = run("collect", "--help")
    assert shown.exit_code == 0
    for option in (
        "--host",
        "--port",
        "--tls-cert",
        "--tls-key",
        "--cert",
        "--key",
        "--spool",
        "--access-log",
        "--data",
    ):
        assert option in shown.stdout


def test_a_port_that_cannot_be_is_wrong_use() -> None:
    assert run("collect", "--port", "70000").exit_code == WRONG_USE
