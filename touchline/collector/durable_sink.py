"""The sink of a collector by its settings: Kafka alone, or Kafka and a spool."""

from pathlib import Path
from typing import Final, NamedTuple

from deploy.folder_lock import FolderInUseError
from sources.collector.group_commit import KafkaSink
from sources.collector.sink_metrics import SinkMetrics
from sources.collector.spool.spool import Spool, SpoolLimits
from sources.collector.spool.spooled_sink import SpooledSink
from streams.kafka.topic_admin import create_missing
from touchline.errors import CliError, describe_os_error
from touchline.settings import Settings
from touchline.worker.stages import topics_of

_SAVED_KEYS: Final = "write-keys"


class DurableSink(NamedTuple):
    """`sink` takes the records; `kafka` and `spool` are its parts."""

    sink: KafkaSink | SpooledSink
    kafka: KafkaSink
    spool: Spool | None

    @property
    def saved_keys(self) -> Path | None:
        """The file of write keys for a start while Kafka is away, which serves only a collector with a spool."""
        return None if self.spool is None else self.spool.folder / _SAVED_KEYS

    def metrics(self) -> SinkMetrics:
        """Return the metrics of both parts."""
        return SinkMetrics(self.kafka.usage, self.spool)


def make_sink(settings: Settings) -> DurableSink:
    """Return a sink that is not started yet. Topics that are missing are created when Kafka answers.

    Raises CliError if the folder of the spool is in use or cannot be written.
    """
    topics = topics_of(settings)
    kafka = KafkaSink(settings.kafka, prepare=lambda: create_missing(settings.kafka, topics, settings.replication))
    if settings.collect_spool is None:
        return DurableSink(kafka, kafka, None)
    folder = settings.folder / settings.collect_spool.expanduser()
    try:
        spool = Spool(folder, SpoolLimits(total_bytes=settings.collect_spool_mb * 1024 * 1024))
    except FolderInUseError as error:
        raise CliError(f"{error} Two collectors cannot share a spool.") from error
    except OSError as error:
        raise CliError(describe_os_error(error)) from error
    return DurableSink(SpooledSink(kafka, spool), kafka, spool)
