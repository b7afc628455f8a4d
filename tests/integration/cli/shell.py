"""The command line on the pretend world: as a process of its own, or within the test's own loop."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from engine.headless import running
from engine.settings import Settings
from sandbox.amadeus import CLIENT_ID, CLIENT_SECRET
from sandbox.twilio import ACCOUNT_SID, AUTH_TOKEN, FROM_NUMBER
from sandbox.world import World, open_world

REPOSITORY = Path(__file__).parents[3]
_PATIENCE_S = 40


@dataclass(frozen=True, kw_only=True)
class Done:
    """How a command ended; `logs` are its events where it ran in the test's own process."""

    code: int
    out: str
    err: str
    logs: Sequence[str] = ()

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


@dataclass(frozen=True, kw_only=True)
class Shell:
    """Starts commands in a folder of their own, with nothing of the machine's environment but PATH."""

    folder: Path
    environ: Mapping[str, str] = field(default_factory=dict)

    async def start(
        self, *arguments: str, stdout: int = asyncio.subprocess.PIPE, stderr: int = asyncio.subprocess.PIPE
    ) -> asyncio.subprocess.Process:
        environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), **self.environ}
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-W", "error::ResourceWarning", "-m", "engine", *arguments),
            cwd=self.folder,
            env=environ,
            stdout=stdout,
            stderr=stderr,
        )

    async def run(self, *arguments: str) -> Done:
        process = await self.start(*arguments)
        async with asyncio.timeout(_PATIENCE_S):
            out, err = await process.communicate()
        assert process.returncode is not None
        return Done(code=process.returncode, out=out.decode(), err=err.decode())

    async def once(
        self,
        capsys: pytest.CaptureFixture[str],
        routes: Sequence[str] | None = None,
        *,
        as_json: bool = False,
    ) -> Done:
        """`run --once` within this process: quicker, and nothing of it may block the loop."""
        environ = {"DATABASE_URL": f"sqlite:///{self.folder / 'fares.db'}", **self.environ}
        if routes is not None:
            environ["ROUTES_FILE"] = str(self.folder / self.csv(routes))
        settings = await asyncio.to_thread(Settings.load, self.folder / ".env", environ)
        with capture_logs() as logs:
            code = await running.run(settings, running.RunOptions(once=True, as_json=as_json))
        out, err = capsys.readouterr()
        return Done(code=code, out=out, err=err, logs=[str(log["event"]) for log in logs])

    def csv(self, rows: Sequence[str], name: str = "routes.csv") -> str:
        (self.folder / name).write_text("\n".join(rows) + "\n")
        return name


@asynccontextmanager
async def open_shell(folder: Path, **environ: str) -> AsyncIterator[tuple[Shell, World]]:
    """A shell whose Amadeus and Twilio are pretended, quick to answer."""
    async with open_world(latency=(0.0, 0.05)) as world:
        known = {
            "AMADEUS_CLIENT_ID": CLIENT_ID,
            "AMADEUS_CLIENT_SECRET": CLIENT_SECRET,
            "AMADEUS_BASE_URL": world.amadeus.base_url,
            "AMADEUS_RATE": "100/1s",
            "FETCH_TIMEOUT": "2s",
            "TWILIO_BASE_URL": world.twilio.base_url,
            "TWILIO_SID": ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
            "FROM_NUMBER": FROM_NUMBER,
        }
        yield Shell(folder=folder, environ=known | environ), world
