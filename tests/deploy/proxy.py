"""The reverse proxy as it is shipped: nginx on loopback with ``docs/deploy/nginx.conf``, its ports and paths alone replaced."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
import trustme

from tests.browser.server import PROJECT, free_port

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
SHIPPED = PROJECT / "docs" / "deploy" / "nginx.conf"
NAME = "localhost"
START_S, STOP_S = 10, 5

# What surrounds the shipped file in /etc/nginx/nginx.conf, all of it inside one folder.
_AROUND = """{user}daemon off;
pid {folder}/nginx.pid;
error_log {folder}/start.log;
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types;
    {temporary}
    include {folder}/vigistock.conf;
}}
"""


@dataclass(frozen=True)
class Proxy:
    """A running nginx: its two addresses, the folder of its logs, the file of the authority that signed for it."""

    https: str
    http: str
    folder: Path
    authority: Path

    def log(self) -> list[str]:
        return (self.folder / "vigistock.log").read_text(encoding="utf-8").splitlines()


@contextmanager
def proxy(folder: Path, upstreams: Sequence[str]) -> Iterator[Proxy]:
    """nginx in front of dashboards already running, stopped on leaving."""
    opened = configured(folder, upstreams)
    # As root the workers would be somebody who cannot enter the folder of a test.
    with subprocess.Popen(
        [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")], stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait(opened, process)
            yield opened
        finally:
            process.terminate()
            process.wait(STOP_S)


def configured(folder: Path, upstreams: Sequence[str]) -> Proxy:
    """Files of a configuration that ``nginx -t`` accepts, not started."""
    if not Path(NGINX).exists():
        pytest.fail("nginx absent : « make test » l'installe (apt-get install nginx).")
    http, https = free_port(), free_port()
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    certificate = authority.issue_cert(NAME)
    certificate.private_key_pem.write_to_path(folder / "privkey.pem")
    for part in certificate.cert_chain_pems:
        part.write_to_path(folder / "fullchain.pem", append=True)
    shipped = SHIPPED.read_text(encoding="utf-8")
    (folder / "vigistock.conf").write_text(adapted(shipped, folder, http, https, upstreams), encoding="utf-8")
    temporary = " ".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    text = _AROUND.format(user=user, folder=folder, temporary=temporary)
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    return Proxy(f"https://{NAME}:{https}", f"http://{NAME}:{http}", folder, folder / "authority.pem")


def adapted(shipped: str, folder: Path, http: int, https: int, upstreams: Sequence[str]) -> str:
    """The shipped text with another name, other ports and folders: what whoever deploys it changes, and IPv6 left out."""
    text = re.sub(r"^ *listen \[::\].*\n", "", shipped, flags=re.MULTILINE)
    text = text.replace("listen 80", f"listen 127.0.0.1:{http}").replace("listen 443", f"listen 127.0.0.1:{https}")
    text = text.replace("vigistock.example", NAME)
    text = text.replace("/etc/vigistock/tls/", f"{folder}/").replace("/var/log/nginx/", f"{folder}/")
    text = text.replace("/etc/nginx/vigistock-flux/", f"{folder}/flux/").replace(
        "/var/lib/vigistock/", f"{folder}/home/"
    )
    for port, address in zip(("8501", "8502"), upstreams, strict=True):
        text = text.replace(f"server 127.0.0.1:{port} ", f"server {urlsplit(address).netloc} ")
    return text


def _wait(opened: Proxy, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end and process.poll() is None:
        try:
            requests.get(f"{opened.https}/_stcore/health", verify=str(opened.authority), timeout=5)
        except requests.RequestException:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"nginx did not start: {(opened.folder / 'start.log').read_text(encoding='utf-8')[-2000:]}")
