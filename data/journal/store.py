"""The only access to the journal: one short transaction per call, plain records out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from filelock import FileLock
from sqlalchemy import Connection, Engine, create_engine, delete, event, func, make_url, or_, select
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from data.access.roles import ROLES, Identity, Role
from data.journal.columns import LARGEST_NUMBER, LONGEST_TEXT, JournalRefused, JournalSilent, JournalUnavailable, name
from data.journal.entries import (
    Acceptance,
    Access,
    AccessCount,
    Acknowledgement,
    Comment,
    Evaluation,
    NameDecision,
    Preparation,
    SentAlert,
)
from data.journal.models import (
    LONGEST_LOGIN,
    AcceptanceRow,
    AccessRow,
    AcknowledgementRow,
    Base,
    CommentRow,
    EvaluationRow,
    NameDecisionRow,
    PreparationRow,
    SentAlertRow,
)
from data.journal.preparations import Counted, check, check_role

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 10  # a writer waits for another one; PostgreSQL gives up what takes longer
LONG_SECONDS = 600  # a change of tables, a purge
_DEAD_SERVER = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 2}  # a machine gone without a word
# What SQLite answers when it cannot be reached: busy, locked, input or output, cannot open, not a database.
_SQLITE_SILENT = frozenset({5, 6, 10, 14, 26})
# Too many connections, given up after so long, a lock not obtained.
_POSTGRES_SILENT = frozenset({"53300", "57014", "55P03"})

__all__ = ["LONGEST_TEXT", "Journal", "JournalRefused", "JournalSilent", "JournalUnavailable"]

SIGN_OUT = "deconnexion"
_CLOCKS_DIFFER = timedelta(hours=1)  # between the provider and the processes that write here

R = TypeVar("R", bound=Base)


class Journal:
    """Entries of the journal at ``url`` (``sqlite:////…/journal.db``, ``postgresql+psycopg://…``).

    Every method raises ``JournalSilent`` when the database does not answer, ``JournalRefused`` when it refuses this.
    Texts are cleaned on their way in (``columns``).
    """

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)

    def migrate(self) -> None:
        """Bring the tables to the version of this code; two processes may call it at once."""
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with self._failing_in_french(), self._alone(), self._engine.begin() as connection:
            _give_time(connection)
            if connection.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def _alone(self) -> AbstractContextManager[object]:
        """SQLite has no lock that covers a change of tables: a file beside it does."""
        database = self._engine.url.database
        is_file = self._engine.dialect.name == "sqlite" and database and database != ":memory:"
        return FileLock(f"{database}.lock", timeout=60) if is_file else nullcontext()

    def close(self) -> None:
        self._engine.dispose()

    # Access log

    def record_access(self, who: Identity, action: str, target: str, detail: str = "") -> None:
        """``target`` is the name of a page or of an export, never a value of a laboratory."""
        self._add(AccessRow(login=who.login, role=who.role, action=action, target=target, detail=detail))

    def record_sign_out(self, login: str, role: str, key: str) -> None:
        """``key`` of the sign-in that is over: every process asks for it."""
        self._add(AccessRow(login=login, role=role, action=SIGN_OUT, target="session", detail=key))

    def has_signed_out(self, key: str, since: datetime | None = None) -> bool:
        """Whether this sign-in was ended, by any process. ``since``: when it began, to read few records."""
        query = select(AccessRow.id).where(AccessRow.action == SIGN_OUT, AccessRow.detail == key)
        query = query if since is None else query.where(AccessRow.at >= since - _CLOCKS_DIFFER)
        return bool(self._all(query.limit(1)))

    def record_refusal(self, login: str, target: str, detail: str = "") -> None:
        """A person signed in by the identity provider but absent from the access table."""
        self._add(AccessRow(login=login, role="", action="refus", target=target, detail=detail))

    def is_recorded(self, action: str, detail: str) -> bool:
        """Whether the access log holds such a record."""
        return bool(
            self._all(select(AccessRow.id).where(AccessRow.action == action, AccessRow.detail == detail).limit(1))
        )

    def accesses(self, limit: int = 500, login: str | None = None, action: str | None = None) -> list[Access]:
        """Newest first."""
        query = select(AccessRow).order_by(AccessRow.id.desc()).limit(min(limit, LARGEST_NUMBER))
        query = query.where(AccessRow.login == login) if login else query
        query = query.where(AccessRow.action == action) if action else query
        return [Access(r.id, r.at, r.login, r.role, r.action, r.target, r.detail) for r in self._all(query)]

    def access_counts(self) -> list[AccessCount]:
        """Lines by action and person, without reading them."""
        query = select(AccessRow.action, AccessRow.login, func.count(), func.min(AccessRow.at))
        with self._transaction() as session:
            return [AccessCount(*row) for row in session.execute(query.group_by(AccessRow.action, AccessRow.login))]

    def purge_accesses(self, before: datetime, longest_session: timedelta = timedelta()) -> int:
        """Delete access records older than ``before``; number deleted. A sign-out lasts as long as a copied cookie may."""
        still_useful = min(before, _now() - longest_session - _CLOCKS_DIFFER)
        is_over = or_(AccessRow.action != SIGN_OUT, AccessRow.at < still_useful)
        with self._transaction() as session:
            _give_time(session.connection())
            done = session.execute(delete(AccessRow).where(AccessRow.at < before, is_over))
            return int(done.rowcount)  # type: ignore[attr-defined]

    # Acceptances of doubtful rows

    def accept_row(self, who: Identity, row_ref: str, source_key: str, description: str, reason: str = "") -> None:
        self._decide(who, row_ref, source_key, description, reason, revoked=False)

    def accept_rows(self, who: Identity, rows: Sequence[tuple[str, str, str]], reason: str = "") -> None:
        """Several at once (a whole file): ``(row_ref, source_key, description)``, all or none."""
        with self._transaction() as session:
            session.add_all(
                AcceptanceRow(
                    at=_now(),
                    login=who.login,
                    row_ref=ref,
                    source_key=key,
                    description=description,
                    reason=reason,
                )
                for ref, key, description in rows
            )

    def revoke_row(self, who: Identity, row_ref: str, reason: str = "") -> None:
        """Revoke an acceptance; unknown rows are left alone."""
        last = next((item for item in self.acceptances() if item.row_ref == row_ref), None)
        if last:
            self._decide(who, row_ref, last.source_key, last.description, reason, revoked=True)

    def revoke_rows(self, who: Identity, row_refs: Sequence[str], reason: str = "") -> None:
        """Several at once (a whole file), all or none; unknown rows are left alone."""
        last = {item.row_ref: item for item in self.acceptances()}
        with self._transaction() as session:
            session.add_all(
                AcceptanceRow(
                    at=_now(),
                    login=who.login,
                    row_ref=ref,
                    source_key=last[ref].source_key,
                    description=last[ref].description,
                    reason=reason,
                    revoked=True,
                )
                for ref in row_refs
                if ref in last
            )

    def acceptances(self) -> list[Acceptance]:
        """In force, oldest first: the last decision on each row, when it is an acceptance."""
        last = {item.row_ref: item for item in self.acceptance_history()}
        return [item for item in last.values() if not item.revoked]

    def acceptance_history(self) -> list[Acceptance]:
        """Every decision, oldest first."""
        rows = self._all(select(AcceptanceRow).order_by(AcceptanceRow.id))
        return [
            Acceptance(r.id, r.at, r.login, r.row_ref, r.source_key, r.description, r.reason, r.revoked) for r in rows
        ]

    def _decide(
        self, who: Identity, row_ref: str, source_key: str, description: str, reason: str, *, revoked: bool
    ) -> None:
        self._add(
            AcceptanceRow(
                login=who.login,
                row_ref=row_ref,
                source_key=source_key,
                description=description,
                reason=reason,
                revoked=revoked,
            )
        )

    # Names: the same or not

    def answer_name(
        self, who: Identity, kind: str, keys: tuple[str, str], names: tuple[str, str], reason: str = "", *, same: bool
    ) -> None:
        """``keys`` and ``names``: of the new name, then of the one it may be."""
        self._answer(who, kind, keys, names, reason, same=same, revoked=False)

    def revoke_name(self, who: Identity, kind: str, keys: tuple[str, str], reason: str = "") -> None:
        """Take an answer back: the question is asked again. Unknown answers are left alone."""
        last = next((n for n in self.name_answers() if (n.kind, n.key, n.other_key) == (kind, *keys)), None)
        if last:
            names = (last.name, last.other_name)
            self._answer(who, kind, keys, names, reason, same=last.is_same, revoked=True)

    def name_answers(self) -> list[NameDecision]:
        """In force, oldest first: the last answer about each pair of names, unless taken back."""
        last = {(item.kind, item.key, item.other_key): item for item in self.name_history()}
        return sorted((item for item in last.values() if not item.revoked), key=lambda item: item.id)

    def name_history(self) -> list[NameDecision]:
        """Every answer, oldest first."""
        names = ("id", "at", "login", "kind", "key", "other_key", "name", "other_name", "is_same", "reason", "revoked")
        rows = self._all(select(NameDecisionRow).order_by(NameDecisionRow.id))
        return [NameDecision(**{name: getattr(row, name) for name in names}) for row in rows]

    def _answer(
        self,
        who: Identity,
        kind: str,
        keys: tuple[str, str],
        names: tuple[str, str],
        reason: str,
        *,
        same: bool,
        revoked: bool,
    ) -> None:
        row = NameDecisionRow(
            login=who.login,
            kind=kind,
            key=keys[0],
            other_key=keys[1],
            name=names[0],
            other_name=names[1],
            is_same=same,
            reason=reason,
            revoked=revoked,
        )
        self._add(row)

    # Comments on a molecule

    def add_comment(self, who: Identity, subject_id: str, text: str, visible_to: Sequence[Role]) -> None:
        """The author's role always sees it. Raises ValueError on an empty text or an unknown role."""
        roles = {who.role, *visible_to}
        if not text.strip() or not roles <= set(ROLES):
            raise ValueError("Un commentaire a un texte et des destinataires connus.")
        self._add(
            CommentRow(
                login=who.login,
                role=who.role,
                subject_id=subject_id,
                text=text,
                visible_to=f" {' '.join(sorted(roles))} ",
            )
        )

    def comments(self, subject_id: str, role: Role) -> list[Comment]:
        """Comments this role may read, newest first: the database filters, not the page."""
        query = (
            select(CommentRow)
            .where(CommentRow.subject_id == subject_id, CommentRow.withdrawn_at.is_(None))
            .where(CommentRow.visible_to.contains(f" {role} ", autoescape=True))
            .order_by(CommentRow.id.desc())
        )
        return [
            Comment(r.id, r.at, r.login, r.role, r.subject_id, r.text, tuple(r.visible_to.split()))
            for r in self._all(query)
        ]

    def withdraw_comment(self, who: Identity, comment_id: int) -> bool:
        """Only its author may; the text is kept with who withdrew it. False when nothing was withdrawn."""
        if not 0 < comment_id <= LARGEST_NUMBER:
            return False
        with self._transaction() as session:
            row = session.get(CommentRow, comment_id)
            if row is None or row.login != name(who.login, LONGEST_LOGIN) or row.withdrawn_at is not None:
                return False
            row.withdrawn_by, row.withdrawn_at = who.login, _now()
            return True

    # Alerts

    def acknowledge(self, who: Identity, alert_key: str, level: int, note: str = "") -> None:
        """Level 0 withdraws the acknowledgement."""
        self.acknowledge_all(who, [(alert_key, level)], note)

    def acknowledge_all(self, who: Identity, alerts: Sequence[tuple[str, int]], note: str = "") -> None:
        """Several ``(key, level)`` at once, all or none."""
        with self._transaction() as session:
            session.add_all(
                AcknowledgementRow(at=_now(), login=who.login, role=who.role, alert_key=key, level=level, note=note)
                for key, level in alerts
            )

    def acknowledgements(self, role: Role | None = None, keys: Sequence[str] | None = None) -> list[Acknowledgement]:
        """The last one of each alert (for each role that gave one), oldest first; ``keys``: of these alerts only."""
        query = select(AcknowledgementRow).order_by(AcknowledgementRow.id)
        query = query.where(AcknowledgementRow.role == role) if role else query
        query = query if keys is None else query.where(AcknowledgementRow.alert_key.in_(keys))
        last = {(r.alert_key, r.role): r for r in self._all(query)}
        return [
            Acknowledgement(r.id, r.at, r.login, r.role, r.alert_key, r.level, r.note)
            for r in sorted(last.values(), key=lambda row: row.id)
        ]

    def record_sent(self, channel: str, recipient: str, alerts: Sequence[tuple[str, int]]) -> None:
        """Alerts ``(key, level)`` sent to a recipient, in one transaction after the sending."""
        with self._transaction() as session:
            session.add_all(
                SentAlertRow(at=_now(), channel=channel, recipient=recipient, alert_key=key, level=level)
                for key, level in alerts
            )

    def sent(self, channel: str, recipient: str, keys: Sequence[str] | None = None) -> list[SentAlert]:
        """Everything sent to a recipient, oldest first; ``keys``: about these alerts only."""
        query = select(SentAlertRow).where(SentAlertRow.channel == channel, SentAlertRow.recipient == recipient)
        query = query if keys is None else query.where(SentAlertRow.alert_key.in_(keys))
        rows = self._all(query.order_by(SentAlertRow.id))
        return [SentAlert(r.id, r.at, r.channel, r.recipient, r.alert_key, r.level) for r in rows]

    # Criteria typed by the evaluator

    def evaluate(self, who: Identity, declaration_no: str, criterion: str, points: int, reason: str) -> None:
        """Kept with its line of the access log, both or neither. Raises ValueError when no reason is given."""
        if not reason.strip():
            raise ValueError("Une évaluation a un motif.")
        at, detail = _now(), f"{declaration_no}, critère {criterion}"
        with self._transaction() as session:
            session.add(EvaluationRow(
                at=at, login=who.login, declaration_no=declaration_no, criterion=criterion, points=points, reason=reason
            ))  # fmt: skip
            session.add(AccessRow(
                at=at, login=who.login, role=who.role, action="cotation", target="Déclaration", detail=detail
            ))  # fmt: skip

    def evaluations(self, declarations: Sequence[str] | None = None) -> list[Evaluation]:
        """The last points of each declaration and criterion, oldest first; ``declarations``: of these only."""
        query = select(EvaluationRow).order_by(EvaluationRow.id)
        query = query if declarations is None else query.where(EvaluationRow.declaration_no.in_(declarations))
        rows = [_evaluation(r) for r in self._all(query)]
        return list({(item.declaration_no, item.criterion): item for item in rows}.values())

    def evaluation_history(self, declaration_no: str) -> list[Evaluation]:
        """Newest first."""
        query = select(EvaluationRow).where(EvaluationRow.declaration_no == declaration_no)
        return [_evaluation(r) for r in self._all(query.order_by(EvaluationRow.id.desc()))]

    # Préparations magistrales

    def count_preparations(self, who: Identity, counted: Counted, today: date) -> None:
        """Replaces what was typed for the same subject and week, which stays in the history.

        Kept with its line of the access log, both or neither. Raises ValueError for a count that cannot be.
        """
        check(who, counted, today)
        self._count(who, counted, revoked=False)

    def withdraw_preparations(self, who: Identity, subject_id: str, week: date) -> bool:
        """Take back what is in force for a week: it is unknown again, or what was imported. False when nothing was typed."""
        check_role(who)
        last = next((item for item in self.preparations([subject_id]) if item.week == week), None)
        if last is None:
            return False
        again = (last.subject_id, last.week, last.preparations, last.pharmacies, last.recommendation_on, last.reason)
        self._count(who, Counted(*again), revoked=True)
        return True

    def preparations(self, subjects: Sequence[str] | None = None) -> list[Preparation]:
        """In force: the last one of each subject and week, unless taken back; ``subjects``: of these only."""
        last = {(item.subject_id, item.week): item for item in self.preparation_history(subjects)}
        return [item for item in last.values() if not item.revoked]

    def preparation_history(self, subjects: Sequence[str] | None = None) -> list[Preparation]:
        """Everything typed, corrected and taken back, oldest first."""
        query = select(PreparationRow).order_by(PreparationRow.id)
        query = query if subjects is None else query.where(PreparationRow.subject_id.in_(subjects))
        names = (
            *("id", "at", "login", "subject_id", "week", "preparations", "pharmacies"),
            *("recommendation_on", "reason", "revoked"),
        )
        return [Preparation(**{name: getattr(row, name) for name in names}) for row in self._all(query)]

    def _count(self, who: Identity, counted: Counted, *, revoked: bool) -> None:
        year, week, _ = counted.week.isocalendar()
        at = _now()
        detail = f"{counted.subject_id}, {year}-S{week:02d}{', retirée' if revoked else ''}"
        with self._transaction() as session:
            session.add(PreparationRow(at=at, login=who.login, **vars(counted), revoked=revoked))
            session.add(AccessRow(
                at=at, login=who.login, role=who.role, action="preparations", target="Molécule", detail=detail
            ))  # fmt: skip

    def _add(self, row: Base) -> None:
        row.at = _now()
        with self._transaction() as session:
            session.add(row)

    def _all(self, query: Any) -> list[Any]:
        with self._transaction() as session:
            return list(session.scalars(query))

    @contextmanager
    def _transaction(self) -> Iterator[Session]:
        with self._failing_in_french(), Session(self._engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def _failing_in_french(self) -> Iterator[None]:
        try:
            yield
        # A driver refuses some values by errors of Python: a text that is not UTF-8, a number too large.
        except (SQLAlchemyError, OSError, UnicodeError, OverflowError) as failure:
            raise _in_french(failure) from failure


def _in_french(failure: Exception) -> JournalUnavailable:
    """The message of a driver may carry the URL, with its password, or what was typed: only its type is shown."""
    cause = getattr(failure, "orig", None) or failure.__cause__
    if isinstance(cause, JournalUnavailable):
        return cause
    kind = type(cause or failure).__name__
    if _is_silence(failure):
        return JournalSilent(f"Le journal ne répond pas ({kind}) : rien n'y a été écrit ni lu.")
    return JournalRefused(f"Le journal a refusé cette demande ({kind}) : rien n'y a été écrit ni lu.")


def _is_silence(failure: Exception) -> bool:
    """Unreachable, or gone. What it answers about a value, a right or a table concerns that request alone."""
    if not isinstance(failure, DBAPIError):
        return isinstance(failure, OSError | PoolTimeout)
    if failure.connection_invalidated or isinstance(failure, InterfaceError):
        return True
    code = getattr(failure.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in _SQLITE_SILENT
    state = getattr(failure.orig, "sqlstate", None) or ""
    # Class 08: connection; 57P: stopped by its operator or not started.
    is_gone = not state or state.startswith(("08", "57P")) or state in _POSTGRES_SILENT
    return isinstance(failure, OperationalError) and is_gone


_MIGRATION_LOCK = 7203194  # any number of ours: PostgreSQL's advisory lock of the migrations


def _engine(url: str) -> Engine:
    target = make_url(url)
    if target.get_backend_name() != "sqlite":
        waits = {"connect_timeout": BUSY_SECONDS, "tcp_user_timeout": 1000 * BUSY_SECONDS, **_DEAD_SERVER}
        given = {name: value for name, value in waits.items() if name not in target.query}
        engine = create_engine(target, pool_pre_ping=True, pool_size=5, pool_timeout=BUSY_SECONDS, connect_args=given)
        event.listen(engine, "connect", _hurried_postgres)
        return engine
    if target.database and target.database != ":memory:":
        with suppress(OSError):  # reported when the file is opened
            Path(target.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(target, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _durable_sqlite)
    return engine


def _hurried_postgres(connection: Any, _record: Any) -> None:
    """A held lock or an overloaded server delays a page no longer than an absent server."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET statement_timeout = '{BUSY_SECONDS}s'")
    connection.commit()


def _give_time(connection: Connection) -> None:
    """For this transaction."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{LONG_SECONDS}s'")


def _durable_sqlite(connection: Any, _record: Any) -> None:
    """Readers go on while one writes; commits survive a power cut."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _evaluation(row: EvaluationRow) -> Evaluation:
    return Evaluation(row.id, row.at, row.login, row.declaration_no, row.criterion, row.points, row.reason)


def _now() -> datetime:
    return datetime.now(UTC)
