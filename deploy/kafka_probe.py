"""Checks whether a Kafka answers, as a client sees it."""

import socket

from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaConnectionError, KafkaTimeoutError, RetriableError

from deploy.addresses import read_address


def cluster_at(bootstrap: str, timeout_s: float = 2.0) -> str | None:
    """Return the cluster id of the Kafka at `host:port`; None if it did not answer in time."""
    if not is_listening(bootstrap, timeout_s):  # the client would log errors and back off
        return None
    ask_ms = int(timeout_s * 1000)
    try:
        admin = KafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=ask_ms, bootstrap_timeout_ms=ask_ms)
    except (KafkaTimeoutError, KafkaConnectionError):
        return None
    try:
        return str(admin.describe_cluster()["cluster_id"])
    except (KafkaTimeoutError, KafkaConnectionError, RetriableError):
        return None
    finally:
        admin.close()


def is_listening(bootstrap: str, timeout_s: float) -> bool:
    """Return whether `host:port` accepts connections. Raises `ValueError` if that is no address."""
    host, port = read_address(bootstrap)
    try:
        socket.create_connection((host, port), timeout_s).close()
    except (OSError, UnicodeError):  # UnicodeError: a name that IDNA cannot encode, such as `a..b`
        return False
    return True


def any_listening(servers: str, timeout_s: float) -> bool:
    """Return whether one of `host:port[,host:port]` accepts connections.

    Raises `ValueError` if one is no address.
    """
    return any(is_listening(server.strip(), timeout_s) for server in servers.split(",") if server.strip())
