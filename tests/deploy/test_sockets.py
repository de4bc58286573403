"""Web sockets through the shipped proxy: those of its own pages, so many for each address."""

from __future__ import annotations

import re
from contextlib import ExitStack

import pytest
import requests

from tests.browser import sockets
from tests.browser.sockets import FOREIGN
from tests.deploy.proxy import SHIPPED, Proxy


def asked(front: Proxy, origin: str) -> int:
    return requests.get(
        f"{front.https}/methode", headers={"Origin": origin}, verify=str(front.authority), timeout=10
    ).status_code


@pytest.mark.parametrize("origin", [FOREIGN, "http://localhost", "null", "https://localhost", "{own}.ailleurs.example", "x {own}"])  # fmt: skip
def test_a_page_of_another_origin_is_refused_by_the_proxy(front: Proxy, origin: str) -> None:
    """No process hears of it."""
    start = len(front.log())
    stated_origin = origin.replace("{own}", front.https)
    assert sockets.refusal(front.https, stated_origin, authority=front.authority) == 403
    assert asked(front, stated_origin) == 403
    assert {line.split()[7] for line in front.log()[start:]} == {"-"}


def test_its_own_pages_are_served(front: Proxy) -> None:
    for own in (front.https, front.https.upper().replace("HTTPS", "https")):
        assert sockets.refusal(front.https, own, authority=front.authority) == 101
        assert asked(front, own) == 200


def test_one_address_opens_so_many_at_once(front: Proxy) -> None:
    found = re.search(r"limit_conn vigistock_sockets (\d+);", SHIPPED.read_text(encoding="utf-8"))
    assert found is not None
    with ExitStack() as stack:
        inside = [
            stack.enter_context(sockets.opened(front.https, front.https, authority=front.authority))
            for _ in range(int(found[1]))
        ]
        assert sockets.heard(inside[-1]) == []
        assert sockets.refusal(front.https, front.https, authority=front.authority) == 429
        assert requests.get(f"{front.https}/_stcore/health", verify=str(front.authority), timeout=10).ok
