"""Set-up of ClickHouse: tables are created or upgraded, and a database of another Kafka is refused."""

import logging
from collections.abc import Callable, Sequence
from functools import partial

from clickhouse_connect.driver.exceptions import ClickHouseError

from sinks.clickhouse.client import Address, Client, StoreUnavailableError, connect, connect_server, parse_address
from sinks.clickhouse.errors import is_transient
from sinks.clickhouse.migrations import IncompatibleSchemaError, migrate
from sinks.store.intent_log import known_logs
from touchline.errors import CliError
from touchline.settings import Settings

log = logging.getLogger(__name__)


def refuse_other_log(known: Sequence[str], log_name: str, address: Address) -> None:
    """Raise CliError if the database was filled from another Kafka: its offsets have no meaning in this one."""
    if known and log_name not in known:
        raise CliError(
            f"The database {address.database} at {address.host}:{address.port} was filled from another Kafka or with "
            f"another TOUCHLINE_TOPIC_PREFIX ({', '.join(known)}, not {log_name}): set another database in "
            f"TOUCHLINE_CLICKHOUSE, or go back to that Kafka."
        )


def refuse_lost_database(known: Sequence[str], stored_before: bool, address: Address) -> None:
    """Raise CliError if the database is empty although touches were stored: acknowledged records are not read again."""
    if stored_before and not known:
        raise CliError(
            f"The database {address.database} at {address.host}:{address.port} is empty, but these workers have stored "
            f"touches of this Kafka before, and those are not read again: set TOUCHLINE_CLICKHOUSE to the database "
            f"with them, restore it from a backup, fill it from Kafka (`touchline rebuild`), or start afresh with "
            f"another TOUCHLINE_TOPIC_PREFIX and TOUCHLINE_GROUP."
        )


def create_tables(address: Address, log_name: str, stored_before: bool) -> None:
    """Create or upgrade the tables. Raises StoreUnavailableError, and CliError for a database of another site."""
    client = connect_server(address)
    try:
        for name in migrate(client, address.database):
            log.info("applied migration %s", name)
        known = known_logs(client)
        refuse_other_log(known, log_name, address)
        refuse_lost_database(known, stored_before, address)
    except IncompatibleSchemaError as newer:
        raise CliError(f"{newer}.") from newer
    finally:
        client.close()


def prepare_store(settings: Settings, log_name: str, stored_before: bool) -> Callable[[], Client]:
    """Create or upgrade the tables, and return a function that connects a writer.

    If ClickHouse is unreachable or fails temporarily, records wait on `timeline`, and the first writer creates the
    tables. Raises CliError for what waiting does not solve: a wrong address or password, tables of a newer version, a
    database other than the one that was written to before (`stored_before`).
    """
    try:
        address = parse_address(settings.clickhouse)
    except ValueError as error:
        raise CliError(f"TOUCHLINE_CLICKHOUSE: {error}.") from error
    connect_writer = partial(connect, address, "write")
    try:
        create_tables(address, log_name, stored_before)
    except (StoreUnavailableError, ClickHouseError, OSError) as away:
        if isinstance(away, StoreUnavailableError) and not is_transient(away):
            raise CliError(f"{away}.") from away
        if not is_transient(away):
            raise
        log.warning("%s. Touches are accepted and scored meanwhile; their rows wait on the topic timeline.", away)
        return _after(partial(create_tables, address, log_name, stored_before), connect_writer)
    return connect_writer


def _after(prepare: Callable[[], None], connect_writer: Callable[[], Client]) -> Callable[[], Client]:
    """Return a function that connects a writer once `prepare` has succeeded. Several threads may call it."""
    prepared = [False]

    def connect_prepared() -> Client:
        if not prepared[0]:
            prepare()  # may run twice: every statement is idempotent
            prepared[0] = True
        return connect_writer()

    return connect_prepared
