"""What is asked of ClickHouse outside the stream: the tables, made when they are missing, and whose they are."""

import logging
from collections.abc import Callable, Sequence
from functools import partial

from sinks.clickhouse import Address, Client, StoreUnavailable, connect, connect_server, parse_address
from sinks.migrate import NewerSchema, migrate
from sinks.positions import known_logs
from touchline.errors import Trouble
from touchline.settings import Settings

log = logging.getLogger(__name__)


def refuse_other_log(known: Sequence[str], log_name: str, address: Address) -> None:
    """Offsets of one Kafka say nothing about another's. Raises Trouble."""
    if known and log_name not in known:
        raise Trouble(
            f"The database {address.database} at {address.host}:{address.port} was filled from another Kafka or with "
            f"another TOUCHLINE_TOPIC_PREFIX ({', '.join(known)}, not {log_name}): name another database in "
            f"TOUCHLINE_CLICKHOUSE, or go back to that Kafka."
        )


def make_tables(address: Address, log_name: str) -> None:
    """Make or upgrade the tables. Raises StoreUnavailable, and Trouble for a database that is not for this worker."""
    client = connect_server(address)
    try:
        for name in migrate(client, address.database):
            log.info("applied migration %s", name)
        refuse_other_log(known_logs(client), log_name, address)
    except NewerSchema as newer:
        raise Trouble(f"{newer}.") from newer
    finally:
        client.close()


def prepare_store(settings: Settings, log_name: str) -> Callable[[], Client]:
    """Make or upgrade the tables, and return what makes writers.

    If ClickHouse is away, records wait on `timeline` until it is there, and the first writer makes the tables. Raises
    Trouble for what waiting does not mend: a wrong address or password, tables of a newer version.
    """
    try:
        address = parse_address(settings.clickhouse)
    except ValueError as error:
        raise Trouble(f"TOUCHLINE_CLICKHOUSE: {error}.") from error
    connect_writer = partial(connect, address, "write")
    try:
        make_tables(address, log_name)
    except StoreUnavailable as away:
        if away.code is not None:
            raise Trouble(f"{away}.") from away
        log.warning("%s. Touches are taken in and scored meanwhile; rows wait on the timeline topic.", away)
        return _after(partial(make_tables, address, log_name), connect_writer)
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
