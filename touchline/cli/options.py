"""Options that several commands share."""

import click

from schemas.identifiers.identifier import is_name


class TenantType(click.ParamType):
    """The name of a tenant."""

    name = "tenant"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name. An invalid one ends the command with exit code 2."""
        if not is_name(value):
            self.fail(f"{value!r} is not a tenant: a name is 1 to 64 of a-z, 0-9, _ and -.", param, ctx)
        return value


data_option = click.option("--data", metavar="FOLDER", help="Data folder (default: TOUCHLINE_DATA or ~/.touchline).")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
tenant_option = click.option(
    "--tenant",
    default="main",
    show_default=True,
    type=TenantType(),
    metavar="NAME",
    help="The tenant of the customers.",
)
