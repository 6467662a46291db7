"""Options that several commands share."""

import click

data_option = click.option("--data", metavar="FOLDER", help="Data folder (default: TOUCHLINE_DATA or ~/.touchline).")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
tenant_option = click.option("--tenant", default="main", show_default=True, help="Whose customers.")
