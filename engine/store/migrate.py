"""Brings the schema to the newest revision, in one transaction, and refuses what it does not know."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from engine.errors import StoreUnusable

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory


def load_revisions() -> "ScriptDirectory":
    """Read the revisions from disk; blocks, and imports Alembic: call it in a thread."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(str(Path(__file__).parent / "migrations"))
    scripts.get_heads()  # reads every file now, so that nothing reads one on the loop
    return scripts


def upgrade(connection: Connection, scripts: "ScriptDirectory") -> None:
    """Apply what is missing on a connection that is in a transaction; a kill leaves all or nothing.

    Raises StoreUnusable when the schema is newer than this code, or a revision broke a reference.
    """
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext

    def missing(current: tuple[str, ...], context: MigrationContext) -> list[Any]:  # noqa: ARG001
        # What alembic.command.upgrade calls; its annotation forgets that there may be several heads.
        return scripts._upgrade_revs("head", current)  # type: ignore[arg-type]  # noqa: SLF001

    context = MigrationContext.configure(connection, opts={"fn": missing, "render_as_batch": True})
    _refuse_unknown(context.get_current_heads(), scripts)
    with Operations.context(context):
        context.run_migrations()
    if connection.dialect.name == "sqlite" and connection.execute(text("PRAGMA foreign_key_check")).first():
        raise StoreUnusable("bringing the schema up to date broke a reference between rows; nothing was kept")


def is_current(connection: Connection, scripts: "ScriptDirectory") -> bool:
    """Whether nothing is missing. Raises StoreUnusable when the schema is newer than this code."""
    from alembic.runtime.migration import MigrationContext

    found = MigrationContext.configure(connection).get_current_heads()
    _refuse_unknown(found, scripts)
    return set(found) == set(scripts.get_heads())


def _refuse_unknown(current: Iterable[str], scripts: "ScriptDirectory") -> None:
    known = {script.revision for script in scripts.walk_revisions()}
    newer = sorted(set(current) - known)
    if newer:
        raise StoreUnusable(
            f"its schema is revision {', '.join(newer)}, newer than this version of fare-engine knows; "
            "run the newer version, or restore a backup made before it"
        )
