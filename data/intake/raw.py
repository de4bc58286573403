"""Keep an untouched copy of every file received, with its origin and its date."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, asdict, dataclass, field, fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from connectors.base import Download, RawFile, Source, SourceUnavailable, Validators
from data.files import digest_of, read_json, whole_file, write_json
from data.intake import packing
from data.intake.inbox import IntakeError, Seen, dropped, opened, pieces, same_moment, see, source_folders, stored_name

RECORD = ".json.prov"
LOOKS = ".looks.json"
WHOLE = ""  # name of a look at all that a source publishes: nothing failed, nothing was new
PARIS = ZoneInfo("Europe/Paris")
ANSWERS = ".answers.json"  # beside the raw files of a source: what servers say of the version they gave
DATED_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})_")
STAMP = re.compile(r"^\d{8}T\d{6}_")
MAX_BYTES = 200_000_000
FEW_FILES = 3  # dropped again one by one; beyond, dates that change together are those of a copied folder
LIKE_LAST = (
    3  # answers an answer is compared with: one that was too long, once, must not make the next ones look truncated
)


@dataclass(frozen=True)
class Provenance:
    """Provenance of one raw file; written beside it as ``<file>.json.prov``.

    ``dropped_as``: its path in the inbox; ``modified_at``: date of the dropped file; ``saved_at``: the one a workbook
    gives itself. Empty for what comes over HTTP, and for the demo, whose files are written in one go.
    """

    source: str
    producer: str
    licence: str
    name: str
    origin: str
    received_at: str
    size_bytes: int
    sha256: str
    demo: bool
    dropped_as: str = ""
    modified_at: str = ""
    saved_at: str = ""

    def raw_file(self, path: Path) -> RawFile:
        return RawFile(self.source, self.name, path, self.moment, self.sha256)

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.received_at)

    @property
    def modified(self) -> datetime | None:
        """The file's own date; None when it has none."""
        return datetime.fromisoformat(self.modified_at) if self.modified_at else None

    @property
    def order(self) -> tuple[datetime, str]:
        """Of two deliveries, the greater one came last."""
        return self.moment, self.modified_at


REQUIRED = frozenset(item.name for item in fields(Provenance) if item.default is MISSING)


@dataclass
class Taken:
    """Result of an intake: number of files taken, and a sentence for each thing left in the inbox."""

    files: int = 0
    refused: list[str] = field(default_factory=list)


def received(raw: Path, source: str) -> list[tuple[Path, Provenance]]:
    """Files of a source already taken in, oldest first."""
    records = [(path, record) for path, record in _copies(raw / source) if record]
    return sorted(records, key=lambda item: (item[1].received_at, item[1].modified_at, item[0].name))


def unrecorded(raw: Path, source: str) -> list[str]:
    """A sentence for each copy whose record is torn and whose file is no longer in the inbox: it is in no figure."""
    return [
        f"{path.name} : fiche de provenance illisible ({path.name}{RECORD}), fichier écarté : le redéposer."
        for path, record in _copies(raw / source)
        if not record and _record_path(path).exists()
    ]


def _copies(folder: Path) -> Iterator[tuple[Path, Provenance | None]]:
    """Copies of a source with their record, None when it is absent or torn."""
    whole = {path for path in folder.glob("*") if not path.name.startswith(".") and not path.name.endswith(RECORD)}
    for path in sorted(whole | set(packing.packed(folder))):
        yield path, _record(path)


def _record(path: Path) -> Provenance | None:
    content = read_json(_record_path(path))
    if not content or not content.keys() >= REQUIRED or content.keys() - Provenance.__dataclass_fields__.keys():
        return None
    record = Provenance(**content)
    try:
        return record if record.moment.tzinfo and (record.modified is None or record.modified.tzinfo) else None
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
    """Copy what partners dropped in ``inbox/<source>/``, the oldest file first; the same file is taken once.

    The same bytes dropped again are a new delivery when something else was received since: the last received wins.
    What cannot be taken stays there and is reported at each refresh.
    """
    taken = Taken()
    shelf = Shelf(raw, source.key, dated_names=source.dated_names)
    for seen in shelf.to_take(_seen_in(inbox, source, taken.refused, demo_only=demo_only, max_bytes=max_bytes)):
        try:
            shelf.add(_take(seen, raw, source, now, max_bytes))
            taken.files += 1
        except IntakeError as reason:
            taken.refused.append(f"{seen.item.name} : {reason}")
    return taken


def _seen_in(inbox: Path, source: Source, refused: list[str], *, demo_only: bool, max_bytes: int) -> Iterator[Seen]:
    """What is in the folders of a source, hashed; what cannot be read is added to ``refused``."""
    for folder in source_folders(inbox, source.key):
        for item in dropped(inbox, folder, refused):
            if item.demo or not demo_only:
                try:
                    yield see(item, max_bytes)
                except IntakeError as reason:
                    refused.append(f"{item.name} : {reason}")


def _take(seen: Seen, raw: Path, source: Source, now: datetime, max_bytes: int) -> Provenance:
    """Copy what is new; a chunk of the file at most is in memory."""
    record = _provenance(
        source, seen.item.name, f"inbox/{source.key}", now, seen.size_bytes, seen.sha256, seen.item.demo
    )
    if not seen.item.demo:
        record = replace(
            record,
            dropped_as=seen.path,
            modified_at=seen.modified_at,
            saved_at=seen.saved_at.isoformat() if seen.saved_at else "",
        )
    orphan = _orphan(raw, record)
    if orphan:
        moment = datetime.strptime(orphan.name[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
        record = replace(record, received_at=moment.isoformat())
        write_json(_record_path(orphan), asdict(record))
        return record
    with opened(seen.item, max_bytes) as handle:
        _keep(raw, record, pieces(handle, max_bytes))
    return record


class Shelf:
    """What was received of a source, and where each file was seen: distinguishes a file left in the inbox from one dropped again.

    A copy of a file already received is remembered in ``.copies.json`` beside the raw files. ``dated_names``: the day
    before a name is part of what the file says (``Source.dated_names``); the same bytes of another day are another file.
    """

    def __init__(self, raw: Path, key: str, *, dated_names: bool = False) -> None:
        self._path = raw / key / ".copies.json"
        self._dated_names = dated_names
        self._records = [record for _, record in received(raw, key)]
        known = (read_json(self._path) or {}).get("copies", [])
        self._copies: list[list[str]] = [copy for copy in known if isinstance(copy, list) and len(copy) == 3]

    def add(self, record: Provenance) -> None:
        self._records.append(record)

    def to_take(self, files: Iterable[Seen]) -> Iterator[Seen]:
        """New deliveries, the oldest first; of copies of the same bytes, the most recent one."""
        by_content: dict[tuple[str, str], list[Seen]] = {}
        for seen in self._without_copied_folder(list(files)):
            by_content.setdefault(self._what(seen.sha256, seen.path), []).append(seen)
        order = sorted(by_content.values(), key=lambda copies: max((s.modified_at, s.path) for s in copies))
        for copies in order:
            fresh = [seen for seen in copies if not self._is_known(seen)]
            if not fresh:
                continue
            last = max(fresh, key=lambda seen: (seen.modified_at, seen.path))
            is_new = self._is_delivery(last)
            self._remember(seen for seen in copies if not (is_new and seen is last))
            if is_new:
                yield last

    def _without_copied_folder(self, files: list[Seen]) -> list[Seen]:
        """The files, less those that changed date or place with most others: the inbox was copied or tidied."""
        places: dict[tuple[str, str], set[str]] = {}
        for sha, path in (
            *((record.sha256, record.dropped_as) for record in self._records if record.modified_at),
            *((sha, path) for sha, path, _ in self._copies),
        ):
            places.setdefault(self._what(sha, path), set()).add(path)
        present = {seen.path for seen in files}
        known = [(seen, places[what]) for seen in files if (what := self._what(seen.sha256, seen.path)) in places]
        moved = [
            seen for seen, where in known if not self._is_known(seen) and (seen.path in where or not where & present)
        ]
        if len(moved) < FEW_FILES or 2 * len(moved) < len(known):
            return files
        self._remember(moved)
        return [seen for seen in files if seen not in moved]

    def _is_known(self, seen: Seen) -> bool:
        """Seen before at this place with this date; of the demo, which writes its files again, received before."""
        records = [record for record in self._records if record.sha256 == seen.sha256]
        if seen.item.demo:
            return bool(records)
        return self._noted(seen) or any(
            record.dropped_as == seen.path and same_moment(record.modified_at, seen.modified_at) for record in records
        )

    def _noted(self, seen: Seen) -> bool:
        return any(
            (sha, path) == (seen.sha256, seen.path) and same_moment(modified, seen.modified_at)
            for sha, path, modified in self._copies
        )

    def _is_delivery(self, seen: Seen) -> bool:
        """Bytes never received, or received before something else."""
        what = self._what(seen.sha256, seen.path)
        mine = [record for record in self._records if self._what(record.sha256, record.name) == what]
        if not mine:
            return True
        last = max(mine, key=lambda record: record.order)
        if not last.modified_at and not any(sha == seen.sha256 for sha, _, _ in self._copies):
            return False  # received when no date was kept: this is the file it was made of
        return any(record.order >= last.order for record in self._records if record.sha256 != seen.sha256)

    def _what(self, sha256: str, path: str) -> tuple[str, str]:
        """What a file says: its bytes and, where names are dated, the day before its name."""
        day = DATED_NAME.match(path.rpartition("/")[2]) if self._dated_names else None
        return sha256, day[1] if day else ""

    def _remember(self, copies: Iterable[Seen]) -> None:
        """Written before anything is taken: a refresh that is killed does not take a copy for a new file."""
        new = [[seen.sha256, seen.path, seen.modified_at] for seen in copies if not self._is_known(seen)]
        if new:
            self._copies += new
            write_json(self._path, {"copies": self._copies})


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
    kept, has_answered, failures = 0, False, []
    try:
        for download in downloads:
            has_answered = True
            before = received_by_name.get(download.name, [])[-LIKE_LAST:]
            if download.unchanged:
                _note_same(raw / source.key, download.name, before, now)
                _note_answer(raw, source.key, download, before[-1].sha256 if before else "")
            elif torn := _torn(download, before, source.key):
                failures.append(torn)
            else:
                kept += _take_download(download, before, raw, source, now)
                _note_answer(raw, source.key, download, hashlib.sha256(download.content).hexdigest())
    except SourceUnavailable as failure:
        failures.insert(0, str(failure))
    if failures:
        raise SourceUnavailable(" ; ".join(failures))
    if has_answered and not kept:
        every = sorted((record for records in received_by_name.values() for record in records), key=lambda r: r.order)
        _note_same(raw / source.key, WHOLE, every, now)
    return kept


def pack(raw: Path, source: str) -> int:
    """Pack the downloads of a source that no longer serve to judge the next one; how many were."""
    by_name: dict[str, list[tuple[Path, Provenance]]] = {}
    for path, record in received(raw, source):
        if not record.demo and not record.dropped_as:
            by_name.setdefault(record.name, []).append((path, record))
    return sum(packing.pack([(path, r.sha256) for path, r in copies[:-LIKE_LAST]]) for copies in by_name.values())


def looks(raw: Path, source: str) -> list[tuple[str, date]]:
    """Names and days on which a download was the one kept before: a photograph of that day, which costs its date only."""
    kept = (read_json(raw / source / LOOKS) or {}).get("looks", {})
    return sorted((str(name), date.fromisoformat(day)) for name, days in kept.items() for day in days)


def _note_same(folder: Path, name: str, before: list[Provenance], now: datetime) -> None:
    """The producer gave the last copy kept again, or says that it is still the one: a look, once a day."""
    day = now.astimezone(PARIS).date()
    if before and before[-1].moment.astimezone(PARIS).date() < day:
        _note_look(folder, name, day)


def _note_look(folder: Path, name: str, day: date) -> None:
    kept = (read_json(folder / LOOKS) or {}).get("looks", {})
    days = kept.setdefault(name, [])
    if day.isoformat() not in days:
        days.append(day.isoformat())
        write_json(folder / LOOKS, {"looks": kept})


def known_answers(raw: Path, source: str) -> dict[str, Validators]:
    """Validators by address, of the answers that are still the last ones kept: a copy that was removed is asked for again."""
    last = {record.name: record.sha256 for _, record in received(raw, source)}
    return {
        address: Validators(item["etag"], item["last_modified"], date.fromisoformat(item["asked_on"]))
        for address, item in _answers(raw, source).items()
        if item["sha256"] == last.get(item["name"])
    }


def _answers(raw: Path, source: str) -> dict[str, dict[str, str]]:
    """What was noted; an entry that cannot be read is forgotten: its file is asked for again, at no other cost."""
    fields_of = {"name", "sha256", "etag", "last_modified", "asked_on"}
    noted = read_json(raw / source / ANSWERS) or {}
    return {
        address: item
        for address, item in noted.items()
        if isinstance(item, dict)
        and item.keys() == fields_of
        and all(isinstance(value, str) for value in item.values())
        and _is_day(item["asked_on"])
    }


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _note_answer(raw: Path, source: str, download: Download, sha256: str) -> None:
    found = download.validators
    if found is None or found.asked_on is None:
        return
    noted = _answers(raw, source)
    noted[download.url] = {
        "name": download.name,
        "sha256": sha256,
        "etag": found.etag,
        "last_modified": found.last_modified,
        "asked_on": found.asked_on.isoformat(),
    }
    write_json(raw / source / ANSWERS, noted)


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
        _note_same(raw / source.key, download.name, before, now)
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
