"""`touchline serve`: the query API and its pages."""

import click

from touchline.cli.options import data_option


@click.command()
@click.option("--host", default=None, help="Address to listen on (default: TOUCHLINE_SERVE_HOST or 127.0.0.1).")
@click.option("--port", default=None, type=click.IntRange(0, 65535), help="Port to listen on; 0: any free one.")
@click.option(
    "--tls-cert", "--cert", "cert", default=None, type=click.Path(), help="TLS certificate and its chain, a PEM file."
)
@click.option(
    "--tls-key", "--key", "key", default=None, type=click.Path(), help="Private key of that certificate, a PEM file."
)
@click.option("--access-log", default="", metavar="FILE", help="Log one JSON line per request; - is standard output.")
@data_option
def serve(
    host: str | None, port: int | None, cert: str | None, key: str | None, access_log: str, data: str | None
) -> None:
    """Answer questions by HTTP, and show them as pages, until Ctrl-C."""
    from touchline.api.start import ServeOptions, run_api
    from touchline.local.discovery import settings_here
    from touchline.ops.pipeline_health import PipelineHealth

    given = {"serve_host": host, "serve_port": port, "serve_cert": cert, "serve_key": key}
    run_api(settings_here(data, **given), ServeOptions(access_log), PipelineHealth(lambda: settings_here(data)))
