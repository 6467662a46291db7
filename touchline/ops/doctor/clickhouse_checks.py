"""Checks of ClickHouse: the server, its tables, the stored rows. They return what they find."""

from typing import Final

from clickhouse_connect.driver.exceptions import ClickHouseError

from sinks.clickhouse import migrations
from sinks.clickhouse.client import StoreUnavailableError, connect, parse_address
from sinks.clickhouse.errors import describe_error
from touchline.errors import CliError
from touchline.local.discovery import running_here
from touchline.ops.doctor.findings import CheckError, SkippedCheckError
from touchline.ops.status import read_groups
from touchline.ops.store_check import compare_tables
from touchline.settings import Settings

_NO_ANSWER: Final = "ClickHouse does not answer: see above"
_UNKNOWN_DATABASE: Final = 81  # ClickHouse's code


def check_clickhouse(settings: Settings) -> str:
    """Check that ClickHouse answers. Raises CheckError, and SkippedCheckError if no address is set."""
    if not settings.clickhouse:
        raise SkippedCheckError("no address is set: `touchline up` runs the embedded engine")
    try:
        connect(parse_address(settings.clickhouse), "read").close()
    except StoreUnavailableError as error:
        if error.code == _UNKNOWN_DATABASE:
            return "reachable, without Touchline's database: `touchline migrate` creates it"
        raise CheckError(f"{error}.") from error
    except ValueError as error:
        raise CheckError(f"TOUCHLINE_CLICKHOUSE: {error}.") from error
    return "run by `touchline up`" if running_here(settings) else str(parse_address(settings.clickhouse))


def check_tables(settings: Settings) -> str:
    """Check that all migrations are applied. Raises CheckError, SkippedCheckError."""
    if not settings.clickhouse:
        raise SkippedCheckError("no address is set")
    try:
        client = connect(parse_address(settings.clickhouse), "read")
    except (StoreUnavailableError, ValueError) as error:
        raise SkippedCheckError(_NO_ANSWER) from error
    try:
        missing = [one.name for one in migrations.status(client) if not one.applied]
    except migrations.IncompatibleSchemaError as error:
        raise CheckError(f"{error}.") from error
    except ClickHouseError as error:
        raise CheckError(f"ClickHouse did not answer: {describe_error(error)}: see its log.") from error
    finally:
        client.close()
    if missing:
        raise CheckError(f"migrations are missing ({', '.join(missing)}): run `touchline migrate`.")
    return "up to date"


def check_stored_rows(settings: Settings) -> str:
    """Check that no stored rows are missing and no parts of tables are set aside.

    Raises CheckError, SkippedCheckError.
    """
    try:
        check_tables(settings)
    except CheckError as error:
        raise SkippedCheckError("the tables are not up to date: see above") from error
    try:
        damage = compare_tables(settings, lambda: _is_settled(settings))
    except CliError as error:
        raise CheckError(str(error)) from error
    except ClickHouseError as error:
        raise CheckError(f"ClickHouse did not answer: {describe_error(error)}: see its log.") from error
    if sentences := damage.sentences():
        raise CheckError(" ".join(sentences))
    return "none is missing, by counts alone since rows are being stored" if damage.busy else "none is missing"


def _is_settled(settings: Settings) -> bool:
    """Return whether no records wait for any stage, as far as Kafka answers."""
    try:
        return not any(lag.waiting for lag in read_groups(settings).values())
    except CliError:
        return False
