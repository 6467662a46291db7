"""Options that several commands share."""

import click
import pytest
from click.testing import CliRunner

from touchline.cli.options import tenant_option


@click.command()
@tenant_option
def show(tenant: str) -> None:
    """Print the tenant."""
    click.echo(tenant)


@pytest.mark.parametrize(("words", "tenant"), [([], "main"), (["--tenant", "shop-2_b"], "shop-2_b")])
def test_tenant_is_main_by_default(words: list[str], tenant: str) -> None:
    assert CliRunner().invoke(show, words).output == f"{tenant}\n"


@pytest.mark.parametrize("name", ["", "Shop", "a b", "x" * 65, "a|b"])
def test_invalid_tenant_is_a_usage_error(name: str) -> None:
    done = CliRunner().invoke(show, ["--tenant", name])
    assert done.exit_code == 2
    assert "is not a tenant: a name is 1 to 64 of a-z, 0-9, _ and -." in done.output
