"""Keep an untouched copy of every file received, with its origin and its date."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from connectors.base import Download, RawFile, Source, SourceUnavailable
from data.files import digest_of, read_json, whole_file, write_json
from data.intake.inbox import Dropped, IntakeError, dropped, opened, pieces, stored_name

RECORD = ".json.prov"
STAMP = re.compile(r"^\d{8}T\d{6}_")
MAX_BYTES = 200_000_000
LIKE_LAST = (
    3  # answers an answer is compared with: one that was too long, once, must not make the next ones look truncated
)


@dataclass(frozen=True)
class Provenance:
    """Provenance of one raw file; written beside it as ``<file>.json.prov``."""

    source: str
    producer: str
    licence: str
    name: str
    origin: str
    received_at: str
    size_bytes: int
    sha256: str
    demo: bool

    def raw_file(self, path: Path) -> RawFile:
        return RawFile(self.source, self.name, path, self.moment, self.sha256)

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.received_at)


@dataclass
class Taken:
    """Result of an intake: number of files taken, and a sentence for each thing left in the inbox."""

    files: int = 0
    refused: list[str] = field(default_factory=list)


def received(raw: Path, source: str) -> list[tuple[Path, Provenance]]:
    """Files of a source already taken in, oldest first."""
    records = [(path, record) for path, record in _copies(raw / source) if record]
    return sorted(records, key=lambda item: (item[1].received_at, item[0].name))


def unrecorded(raw: Path, source: str) -> list[str]:
    """A sentence for each copy whose record is torn and whose file is no longer in the inbox: it is in no figure."""
    return [
        f"{path.name} : fiche de provenance illisible ({path.name}{RECORD}), fichier écarté : le redéposer."
        for path, record in _copies(raw / source)
        if not record and _record_path(path).exists()
    ]


def _copies(folder: Path) -> Iterator[tuple[Path, Provenance | None]]:
    """Copies of a source with their record, None when it is absent or torn."""
    for path in sorted(folder.glob("*")):
        if not path.name.startswith(".") and not path.name.endswith(RECORD):
            yield path, _record(path)


def _record(path: Path) -> Provenance | None:
    fields = read_json(_record_path(path))
    if not fields or fields.keys() != Provenance.__dataclass_fields__.keys():
        return None
    record = Provenance(**fields)
    try:
        return record if record.moment.tzinfo else None
    except (TypeError, ValueError):
        return None


def _record_path(path: Path) -> Path:
    return path.with_name(f"{path.name}{RECORD}")


def take_inbox(
    inbox: Path,
    raw: Path,
    source: Source,
    now: datetime,
    *,
    demo_only: bool = False,
    max_bytes: int = MAX_BYTES,
) -> Taken:
    """Copy what partners dropped in ``inbox/<source>/``; the same bytes twice are taken once.

    What cannot be taken stays there and is reported at each refresh.
    """
    digests = {record.sha256 for _, record in received(raw, source.key)}
    taken = Taken()
    for item in dropped(inbox / source.key, taken.refused):
        if demo_only and not item.demo:
            continue
        try:
            taken.files += _take(item, raw, source, now, digests, max_bytes)
        except IntakeError as reason:
            taken.refused.append(f"{item.name} : {reason}")
    return taken


def _take(item: Dropped, raw: Path, source: Source, now: datetime, digests: set[str], max_bytes: int) -> bool:
    """Hash, then copy what is new; neither holds more than a chunk of the file in memory."""
    with opened(item.path, max_bytes) as handle:
        digest = hashlib.sha256()
        for piece in pieces(handle, max_bytes):
            digest.update(piece)
        if digest.hexdigest() in digests:
            return False
        record = _provenance(
            source, item.name, f"inbox/{source.key}", now, handle.tell(), digest.hexdigest(), item.demo
        )
        orphan = _orphan(raw, record)
        if orphan:
            moment = datetime.strptime(orphan.name[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
            write_json(_record_path(orphan), {**asdict(record), "received_at": moment.isoformat()})
        else:
            handle.seek(0)
            _keep(raw, record, pieces(handle, max_bytes))
    digests.add(digest.hexdigest())
    return True


def _orphan(raw: Path, record: Provenance) -> Path | None:
    """A complete copy of these bytes without its record: a refresh was killed between the two, or the record was torn."""
    for path in (raw / record.source).glob(f"*_{record.sha256[:12]}_*"):
        if (
            STAMP.match(path.name)
            and not path.name.endswith(RECORD)
            and not _record(path)
            and digest_of(path) == record.sha256
        ):
            return path
    return None


def take_downloads(downloads: Iterable[Download], raw: Path, source: Source, now: datetime) -> int:
    """Keep HTTP answers that differ from the last one of the same name. Number kept.

    Only the last one counts: a list that reverts to an earlier state is new information. Raises
    ``SourceUnavailable`` once all are taken, when some could not be read or were too short beside the last ones.
    """
    received_by_name: dict[str, list[Provenance]] = {}
    for _, record in received(raw, source.key):
        received_by_name.setdefault(record.name, []).append(record)
    kept, failures = 0, []
    try:
        for download in downloads:
            before = received_by_name.get(download.name, [])[-LIKE_LAST:]
            if torn := _torn(download, before, source.key):
                failures.append(torn)
            else:
                kept += _take_download(download, before, raw, source, now)
    except SourceUnavailable as failure:
        failures.insert(0, str(failure))
    if failures:
        raise SourceUnavailable(" ; ".join(failures))
    return kept


def _torn(download: Download, before: list[Provenance], key: str) -> str:
    """A sentence for an answer much shorter than each of the last ones; empty for the others."""
    size, usual = len(download.content), min((record.size_bytes for record in before), default=0)
    if 100 * size >= download.least_pct * usual:
        return ""
    return (
        f"{download.name} : réponse non retenue, sans doute incomplète ({size} octets au lieu de {usual}) ; "
        f"si elle est juste, la déposer dans inbox/{key}"
    )


def _take_download(download: Download, before: list[Provenance], raw: Path, source: Source, now: datetime) -> bool:
    digest, size = hashlib.sha256(download.content).hexdigest(), len(download.content)
    if before and before[-1].sha256 == digest:
        return False
    _keep(raw, _provenance(source, download.name, download.url, now, size, digest, demo=False), [download.content])
    return True


def _provenance(
    source: Source, name: str, origin: str, now: datetime, size_bytes: int, digest: str, demo: bool
) -> Provenance:
    return Provenance(
        source=source.key,
        producer=source.producer,
        licence=source.licence,
        name=name,
        origin=origin,
        received_at=now.isoformat(),
        size_bytes=size_bytes,
        sha256=digest,
        demo=demo,
    )


def _keep(raw: Path, record: Provenance, content: Iterable[bytes]) -> None:
    """The copy first, its record second: a copy without a record is recorded when its file is seen again."""
    stamp = record.received_at.replace(":", "").replace("-", "")[:15]
    path = raw / record.source / f"{stamp}_{record.sha256[:12]}_{stored_name(record.name)}"
    digest = hashlib.sha256()
    with whole_file(path) as handle:
        for piece in content:
            digest.update(piece)
            handle.write(piece)
        if digest.hexdigest() != record.sha256:
            raise IntakeError("fichier modifié pendant sa copie, sans doute encore en cours de dépôt : à relancer.")
    write_json(_record_path(path), asdict(record))
