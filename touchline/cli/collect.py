"""`touchline collect`: the collector, which takes touches by HTTP."""

import click

from touchline.cli.options import data_option


@click.command()
@click.option("--host", default=None, help="Address to listen on (default: TOUCHLINE_COLLECT_HOST or 127.0.0.1).")
@click.option("--port", default=None, type=click.IntRange(0, 65535), help="Port to listen on; 0: any free one.")
@click.option(
    "--tls-cert", "--cert", "cert", default=None, type=click.Path(), help="TLS certificate and its chain, a PEM file."
)
@click.option(
    "--tls-key", "--key", "key", default=None, type=click.Path(), help="Private key of that certificate, a PEM file."
)
@click.option(
    "--spool",
    default=None,
    is_flag=False,
    flag_value="spool",
    metavar="[FOLDER]",
    help="Keep touches there while Kafka is away; without a name: spool, in the data folder.",
)
@click.option("--access-log", default="", metavar="FILE", help="Log one JSON line per request; - is standard output.")
@data_option
def collect(
    host: str | None,
    port: int | None,
    cert: str | None,
    key: str | None,
    spool: str | None,
    access_log: str,
    data: str | None,
) -> None:
    """Take touches by HTTP and write them to Kafka, until Ctrl-C."""
    from touchline.collector.start import CollectOptions, run_collector
    from touchline.local.discovery import settings_here

    given = {
        "collect_host": host,
        "collect_port": port,
        "collect_cert": cert,
        "collect_key": key,
        "collect_spool": spool,
    }
    run_collector(settings_here(data, **given), CollectOptions(access_log))
