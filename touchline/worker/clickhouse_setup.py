"""What is asked of ClickHouse outside the stream: the tables, made when they are missing, and whose they are."""

import logging
from collections.abc import Callable, Sequence
from functools import partial

from clickhouse_connect.driver.exceptions import ClickHouseError

from sinks.clickhouse.client import Address, Client, StoreUnavailable, connect, connect_server, parse_address
from sinks.clickhouse.errors import passes
from sinks.clickhouse.migrations import NewerSchema, migrate
from sinks.store.intent_log import known_logs
from touchline.errors import CliError
from touchline.settings import Settings

log = logging.getLogger(__name__)


def refuse_other_log(known: Sequence[str], log_name: str, address: Address) -> None:
    """Offsets of one Kafka say nothing about another's. Raises CliError."""
    if known and log_name not in known:
        raise CliError(
            f"The database {address.database} at {address.host}:{address.port} was filled from another Kafka or with "
            f"another TOUCHLINE_TOPIC_PREFIX ({', '.join(known)}, not {log_name}): name another database in "
            f"TOUCHLINE_CLICKHOUSE, or go back to that Kafka."
        )


def refuse_lost_database(known: Sequence[str], stored_before: bool, address: Address) -> None:
    """What was stored elsewhere and acknowledged does not come again. Raises CliError."""
    if stored_before and not known:
        raise CliError(
            f"The database {address.database} at {address.host}:{address.port} is empty, but these workers have stored "
            f"touches of this Kafka before, and those do not come again: name the database that has them in "
            f"TOUCHLINE_CLICKHOUSE, restore it, fill it with what Kafka still has (`touchline rebuild`), or begin anew "
            f"with another TOUCHLINE_TOPIC_PREFIX and TOUCHLINE_GROUP."
        )


def make_tables(address: Address, log_name: str, stored_before: bool) -> None:
    """Make or upgrade the tables. Raises StoreUnavailable, and CliError for a database that is not for this worker."""
    client = connect_server(address)
    try:
        for name in migrate(client, address.database):
            log.info("applied migration %s", name)
        known = known_logs(client)
        refuse_other_log(known, log_name, address)
        refuse_lost_database(known, stored_before, address)
    except NewerSchema as newer:
        raise CliError(f"{newer}.") from newer
    finally:
        client.close()


def prepare_store(settings: Settings, log_name: str, stored_before: bool) -> Callable[[], Client]:
    """Make or upgrade the tables, and return what makes writers.

    If ClickHouse is away, or in a trouble that passes, records wait on `timeline` until it takes them, and the first
    writer makes the tables. Raises CliError for what waiting does not mend: a wrong address or password, tables of a
    newer version, a database that is not the one that was written to before (`stored_before`).
    """
    try:
        address = parse_address(settings.clickhouse)
    except ValueError as error:
        raise CliError(f"TOUCHLINE_CLICKHOUSE: {error}.") from error
    connect_writer = partial(connect, address, "write")
    try:
        make_tables(address, log_name, stored_before)
    except (StoreUnavailable, ClickHouseError, OSError) as away:
        if isinstance(away, StoreUnavailable) and not passes(away):
            raise CliError(f"{away}.") from away
        if not passes(away):
            raise
        log.warning("%s. Touches are taken in and scored meanwhile; rows wait on the timeline topic.", away)
        return _after(partial(make_tables, address, log_name, stored_before), connect_writer)
    return connect_writer


def _after(prepare: Callable[[], None], connect_writer: Callable[[], Client]) -> Callable[[], Client]:
    """Writers, before the first of which `prepare` has succeeded once. Several may be asked for at a time."""
    prepared = [False]

    def connect_prepared() -> Client:
        if not prepared[0]:
            prepare()  # every statement may be carried out twice
            prepared[0] = True
        return connect_writer()

    return connect_prepared
