"""Every session × every page × every export: what is, and what is not, in the bytes that reach the browser.

Pages come from the menu itself: one added tomorrow is visited, by every role, without a line here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app import configured, entries
from tests.browser import secret_words
from tests.browser.conftest import Visitor
from tests.browser.paths import PAGES
from tests.browser.provider import Service, sign_in
from tests.browser.watch import Watched
from tests.browser.wire import Wire, visit
from tests.conftest import Home

RESTRICTED = ("ansm_steward", "ansm")
# Signed in for real, with claims of the provider: a regional agency, and somebody whom no rule knows.
SIGNED_IN = {"ars (ProConnect)": "sacha", "sans accès": "inconnue"}
# A visitor of open data reads another home, in which nobody dropped a reserved file.
PUBLIC = "public"
SESSIONS = (*RESTRICTED, "ars-52", "cap", "dgs", "ansm projeté", PUBLIC, *SIGNED_IN)
SEED_SESSIONS, SEED_PAGES = ("ansm", "ars-52", PUBLIC), ("molecule", "declarations", "sources", "evaluation")
# Written again here, not read from the menu: a page that opens itself to one more role fails this test.
AGENCY = frozenset({"ars-52", "cap", "dgs", "ars (ProConnect)"})
OF_LABORATORIES = {
    *("evaluation", "basculement", "dates-promises", "mesures"),
    *("stocks-de-securite", "plans-de-gestion", "sites", "arrets"),
}
# The ministry reads these by DCI, without laboratories.
FOR_THE_MINISTRY = ("mesures", "arrets", "classement")
CLOSED = (
    dict.fromkeys(OF_LABORATORIES, AGENCY)
    | dict.fromkeys(FOR_THE_MINISTRY, AGENCY - {"dgs"})
    | {"acces": AGENCY | {"ansm", "ansm projeté"}}
)
WITHOUT_OPEN_ANSWER = OF_LABORATORIES | {"declaration", "acces", "bilan-de-saison"}
# On these pages those who may see laboratories must receive one: it proves that the wire is heard. In files too, unless
# theirs hold dates or counts only.
NAMING = {"", "molecule", "declarations", "declaration", "tableau-mensuel", "sources", *OF_LABORATORIES}
NAMELESS_FILES = {"declaration", "basculement"}
REFUSED, NO_ACCESS, BROKEN = "pas ouverte à votre rôle", "Aucun accès pour ce compte", "Une erreur est survenue"
SILENT = "Les données ouvertes ne répondent pas à cette question"
TITLE = b"vs-title"

Secrets = dict[str, frozenset[bytes]]
CELLS: Counter[str] = Counter()
FILES: Counter[str] = Counter()


@pytest.fixture(scope="module")
def names(demo_folder: Path) -> Secrets:
    return secret_words.laboratories(demo_folder)


@pytest.fixture(scope="module")
def others(demo_folder: Path) -> Secrets:
    return secret_words.other_secrets(demo_folder)


@pytest.fixture
def public(session: str, request: pytest.FixtureRequest) -> str:
    """What a session reads in public files, without case: the samples name laboratories as the demo does."""
    if session != PUBLIC:
        return ""
    raw: Path = request.getfixturevalue("open_folder") / "raw"
    return "\n".join(path.read_bytes().decode("latin-1") for path in raw.rglob("*.*") if path.is_file()).casefold()


def without(secrets: Secrets, public: str) -> Secrets:
    return {word: forms for word, forms in secrets.items() if word.casefold() not in public}


@pytest.fixture(scope="module")
def pages(demo_folder: Path) -> dict[str, str]:
    """Address of each page of the menu, on something that it can show."""
    number = Home(demo_folder).reader().rows("SELECT MIN(declaration_no) AS n FROM declaration")[0]["n"]
    known = {urlsplit(path).path.strip("/"): path for path in PAGES.values()}
    known["declaration"] = f"/declaration?numero={number}"
    return {entry.path: known.get(entry.path, f"/{entry.path}") for entry in entries(configured())}


@pytest.fixture
def seen(session: str, demo_address: str, request: pytest.FixtureRequest, visitor: Visitor) -> Watched:
    """The demo looked at as a role, or a real sign-in."""
    if session == PUBLIC:
        return visitor(request.getfixturevalue("open_address"))
    if session not in SIGNED_IN:
        return visitor(demo_address)
    service: Service = request.getfixturevalue("known")
    found = visitor(service.address)
    found.open("/")
    sign_in(found, SIGNED_IN[session])
    return found


def asked(session: str, path: str) -> str:
    """A role in the address of open data would be the steward's if anybody listened to it."""
    if session in SIGNED_IN:
        return path
    role = {"ansm projeté": "role=ansm&projection=1", PUBLIC: "role=ansm_steward"}.get(session, f"role={session}")
    return f"{path}{'&' if '?' in path else '?'}{role}"


@pytest.mark.long
@pytest.mark.parametrize("session", SESSIONS)
def test_a_session_receives_what_it_may_see_and_nothing_else(
    session: str, pages: dict[str, str], names: Secrets, others: Secrets, public: str, seen: Watched
) -> None:
    assert faults_of(session, pages, without(names, public), without(others, public), seen) == []
    assert CELLS[session] == len(entries(configured()))


@pytest.mark.parametrize("session", SEED_SESSIONS)
def test_the_seed_of_the_matrix(
    session: str, pages: dict[str, str], names: Secrets, others: Secrets, public: str, seen: Watched
) -> None:
    """Two sides of the secret, on the pages that hold most of it and on one that is reserved."""
    assert (
        faults_of(
            session, {page: pages[page] for page in SEED_PAGES}, without(names, public), without(others, public), seen
        )
        == []
    )


def faults_of(session: str, pages: dict[str, str], names: Secrets, others: Secrets, seen: Watched) -> list[str]:
    """What a session received and should not have, or did not receive and should have, page by page."""
    wire, wrong = Wire(seen.page), []
    for page, path in pages.items():
        received = visit(seen, wire, asked(session, path))
        heard, typed = (
            [word for word in secret_words.heard(secrets, received) if word not in path] for secrets in (names, others)
        )
        in_files = secret_words.heard(names, b"\n".join(wire.file_parts()))
        faults = [*page_faults(session, page, received, wire)]
        if session not in RESTRICTED:
            faults += [f"reçoit {heard + typed}"] if heard + typed else []
        elif page in NAMING and session not in CLOSED.get(page, ()):
            faults += [] if heard else ["aucun laboratoire entendu : une fuite ne le serait pas non plus"]
            faults += [] if in_files or page in NAMELESS_FILES else ["aucun laboratoire dans les fichiers"]
        wrong += [f"{session} × /{page} : {fault}" for fault in faults]
        CELLS[session] += 1
        FILES[session] += len(wire.files)
    return wrong


def page_faults(session: str, page: str, received: bytes, wire: Wire) -> Iterator[str]:
    """The page itself, a refusal, or the closed page: each where it must be, and complete."""
    shut_out = session == "sans accès"
    closed = page in WITHOUT_OPEN_ANSWER if session == PUBLIC else not shut_out and session in CLOSED.get(page, ())
    refused = (SILENT if session == PUBLIC else REFUSED).encode()
    if (NO_ACCESS.encode() in received) is not shut_out or (refused in received) is not closed:
        yield "ni la page ni le refus attendus"
    if TITLE not in received or BROKEN.encode() in received:
        yield "page vide ou en erreur"
    if (shut_out or closed) and wire.files:
        yield "une page fermée donne des fichiers"


@pytest.mark.long
def test_the_whole_matrix_was_walked(capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest) -> None:
    """Last: the count is the evidence. (A run of a part of this file skips it.)"""
    if request.session.testscollected < len(SESSIONS) + 1 or set(CELLS) != set(SESSIONS):
        pytest.skip("une partie seulement des sessions a été parcourue")
    with capsys.disabled():
        print(f"\n{len(SESSIONS)} sessions × {len(entries(configured()))} pages = {CELLS.total()} cases, {FILES.total()} fichiers")  # fmt: skip  # noqa: T201
        print(", ".join(f"{session} : {FILES[session]}" for session in SESSIONS))  # noqa: T201
    assert CELLS.total() == len(SESSIONS) * len(entries(configured()))
    assert FILES["ansm_steward"] > FILES["ars-52"] > 0
    assert FILES["sans accès"] == 0
