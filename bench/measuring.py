"""What is measured, and how: all by turns, so that what else the machine does falls on everybody alike."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tqdm import tqdm

from bench import load, publication, servers

STORIES_A_PAGE = 20
ADDRESS = {"PULSE_BASE_URL": f"http://{servers.HOST}"}  # stands in pages: the same whatever port is free
WARM_UP_SECONDS = 1
# A page and where it is: in a publication of 1,000 stories the last page of the list stands in for page 500.
PAGES: dict[str, Callable[[int], str]] = {
    "article": lambda stories: "/articles/xai-anthropic-alliance/",
    "front": lambda stories: "/",
    "section": lambda stories: "/sections/models/",
    "list": lambda stories: "/latest/",
    "list-500": lambda stories: f"/latest/?page={max(2, min(500, stories // STORIES_A_PAGE))}",
    "search": lambda stories: "/search/?q=frontier+model",
    "feed": lambda stories: "/feeds/rss/",
    "topic": lambda stories: "/topics/energy/",
    "author": lambda stories: "/authors/ana-brandt/",
    "glossary": lambda stories: "/glossary/",
    "term": lambda stories: "/glossary/frontier-model/",
    "archive": lambda stories: "/archive/",
    "year": lambda stories: "/archive/2026/",
    "month": lambda stories: "/archive/2026/11/",
    "outlook": lambda stories: "/outlook/",
}


@dataclass(frozen=True)
class Side:
    """One of the versions that are compared."""

    name: str
    commit: str
    settings: dict[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Case:
    """One line of what is measured; its samples are one a round."""

    page: str
    is_cached: bool
    stories: int
    side: Side


@dataclass(frozen=True)
class Sample:
    rate: float  # requests a second
    cpu_ms: float  # CPU time of all the server's processes, for one request
    share: float | None  # of nginx's requests a second for the same bytes, measured right before


@dataclass(frozen=True)
class Plan:
    """How much is measured, as asked for on the command line."""

    stories: list[int]
    pages: list[str]
    cache: list[bool]
    rounds: int
    seconds: int
    postgres: str
    kept: Path
    composed: int
    with_nginx: bool


Results = dict[Case, list[Sample]]


def measure(sides: list[Side], plan: Plan, *, folder: Path) -> Results:
    """Serve everything at once, drive it by turns, and return the samples. `folder` is for what is temporary.

    Pages that a version does not have are named and left out.
    """
    with ExitStack() as running:
        sites = dict(_sites(sides, plan, folder=folder, running=running))
        nginx = running.enter_context(_nginx(plan))
        cases = [
            case
            for page in plan.pages
            for (side, stories, is_cached), server in sites.items()
            if _is_there(case := Case(page, is_cached, stories, side), server)
        ]
        results: Results = {case: [] for case in cases}
        for number in tqdm(range(plan.rounds), desc="Rounds", unit="round"):
            for case in cases if number % 2 == 0 else reversed(cases):
                server = sites[case.side, case.stories, case.is_cached]
                results[case].append(_sample(case, server, nginx, seconds=plan.seconds))
    return results


Place = tuple[Side, int, bool]


def _sites(
    sides: list[Side], plan: Plan, *, folder: Path, running: ExitStack
) -> Iterator[tuple[Place, servers.Server]]:
    """A server for each side, size and setting of the page cache, over publications made where needed."""
    for number, side in enumerate(sides):
        tree = publication.check_out(side.commit, folder / f"tree-{number}")
        for stories in plan.stories:
            kept = publication.make(tree, stories=stories, cache=plan.kept, postgres=plan.postgres)
            for is_cached in plan.cache:
                data = folder / f"data-{number}-{stories}-{is_cached}"
                told = {"PULSE_PAGE_CACHE": str(is_cached).lower(), **ADDRESS, **side.settings}
                lent = publication.lend(kept, data, tree, **told)
                publication.compose(tree, lent, most=plan.composed)
                site = servers.site(tree, lent)
                yield (side, stories, is_cached), running.enter_context(site)


@contextmanager
def _nginx(plan: Plan) -> Iterator[servers.FileServer | None]:
    if not plan.with_nginx:
        yield None
        return
    with servers.nginx(workers=2) as server:
        if server is None:
            print("There is no nginx on this machine: its column is left out.", file=sys.stderr)
        yield server


def _path(case: Case) -> str:
    return PAGES[case.page](case.stories)


def _is_there(case: Case, server: servers.Server) -> bool:
    """Whether the page answers 200; the first requests of all its workers are made here."""
    reply = servers.get(server.port, _path(case), load.HEADERS)
    if reply.status != 200:
        print(f"{case.side.name}: {_path(case)} answers {reply.status}: left out.", file=sys.stderr)
        return False
    load.drive(server.port, _path(case), seconds=WARM_UP_SECONDS)
    return True


def _sample(case: Case, server: servers.Server, nginx: servers.FileServer | None, *, seconds: int) -> Sample:
    path = _path(case)
    beside = None
    if nginx is not None:
        page = nginx.files / "page"
        page.write_bytes(servers.get(server.port, path, load.HEADERS).body)
        beside = load.drive(nginx.port, f"/{page.name}", seconds=1)
    before = server.cpu_seconds()
    drive = load.drive(server.port, path, seconds=seconds)
    cpu = server.cpu_seconds() - before
    if drive.failed or not drive.requests:
        raise SystemExit(f"{case.side.name}: {drive.failed} of {drive.requests} requests for {path} failed.")
    return Sample(
        rate=drive.rate,
        cpu_ms=1_000 * cpu / drive.requests,
        share=drive.rate / beside.rate if beside else None,
    )
