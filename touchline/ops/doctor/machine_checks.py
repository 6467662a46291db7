"""Checks of this machine: settings, rules, data folder, GeoIP database, Java. They return what they find."""

import shutil
from contextlib import suppress
from typing import Final

from deploy.java import NoJavaError, find_java
from schemas.plural import counted
from streams.enrichment.maxmind import GeoipDatabase, GeoipError
from touchline.errors import CliError
from touchline.ops.doctor.findings import CheckError, SkippedCheckError
from touchline.settings import Settings, unknown_variables
from touchline.worker.rules_file import read_rules

LEAST_FREE_BYTES: Final = 2 * 1024**3


def check_variables(settings: Settings) -> str:
    """Check that no environment variable is a misspelled setting. Raises CheckError."""
    unknown = unknown_variables()
    if similar := [f"{name} is not a setting: did you mean {meant}?" for name, meant in unknown.items() if meant]:
        raise CheckError(" ".join(similar))
    ignored = f"; ignored, since they are not settings: {', '.join(unknown)}" if unknown else ""
    return f"data folder {settings.folder}{ignored}"


def check_rules(settings: Settings) -> str:
    """Check that the rules can be read. Raises CheckError."""
    try:
        rules = read_rules(settings.rules)
    except CliError as error:
        raise CheckError(str(error)) from error
    return f"{counted(len(rules.rules), 'rule')}, version {rules.version}"


def check_folder(settings: Settings) -> str:
    """Check that the data folder can be written and its disk has room. Raises CheckError."""
    probe = settings.folder / ".doctor"
    missing = [path for path in (settings.folder, *settings.folder.parents) if not path.exists()]
    try:
        settings.folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
        free = shutil.disk_usage(settings.folder).free
    except OSError as error:
        raise CheckError(
            f"{settings.folder} cannot be written ({error.strerror}): choose another with TOUCHLINE_DATA."
        ) from error
    finally:
        for path in missing:  # the name may be a mistake, so the check leaves no folder behind
            with suppress(OSError):
                path.rmdir()
    if free < LEAST_FREE_BYTES:
        raise CheckError(
            f"only {free / 1024**3:.1f} GB are free in {settings.folder}: free some space, or choose another disk."
        )
    return f"{free / 1024**3:.0f} GB free" + (f", `touchline up` will create {settings.folder}" if missing else "")


def check_geoip(settings: Settings) -> str:
    """Check that the GeoIP database, if one is set, can be read. Raises CheckError, SkippedCheckError."""
    if settings.mmdb is None:
        raise SkippedCheckError("no database is set: countries come from phone numbers only")
    try:
        GeoipDatabase(settings.mmdb).close()
    except GeoipError as error:
        raise CheckError(str(error)) from error
    return str(settings.mmdb)


def check_java(settings: Settings) -> str:
    """Check that Java and Kafka's jars are there, or can be fetched. Raises CheckError, SkippedCheckError."""
    if settings.kafka:
        raise SkippedCheckError("not needed, since Kafka's address is set")
    try:
        java = find_java()
    except NoJavaError as error:
        raise CheckError(str(error)) from error
    if any(settings.jars_folder.glob("*/*.jar")) or shutil.which("mvn"):
        return str(java)
    raise CheckError(
        "Kafka's jars are missing and Maven is not installed: install `mvn`, or set TOUCHLINE_KAFKA=host:port."
    )
