"""A hundred readers in one discussion, while worker processes are killed: `python -m bench.discussion`.

    python -m bench.discussion --postgres postgres://user@host:5432    a minute, and a minute with kills
    python -m bench.discussion --postgres … --seconds 10 --readers 20  a quick look

Each reader posts one comment after the other, and sends it again, with the same key, until somebody says that
it was taken. At the end the rows are compared with what was said: nothing that was acknowledged may be
missing, nothing may be there twice, and the article's number must be the number of its comments. Only
127.0.0.1 is asked for anything; only worker processes of the server started here are killed.
"""

import argparse
import http.client
import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2

from bench import publication, servers
from bench.servers import HOST, Server

PATIENCE = 60  # seconds after the end in which what was begun may still be acknowledged
PAUSE = 0.25  # seconds before something is sent again
TIMEOUT = 30  # seconds for an answer
TOKEN = "a" * 32  # what a form and a cookie have to share; each reader's are their own to make up
AGAIN = {429, 500, 502, 503, 504}
WORDS = [f"{first}{second}" for first in ("mem", "band", "cor", "lum") for second in ("ory", "width", "ent")]

SETUP = """
import json, sys
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.conf import settings
from accounts.models import User
from articles.models import Article
article = Article.objects.live().filter(discussion="open").first()
article.comments.all().delete()
Article.objects.filter(pk=article.pk).update(comment_count=0)
cookies = []
for number in range({readers}):
    reader = User.objects.create_user(f"loud{{number}}@example.com", None, display_name=f"Loud {{number}}")
    session = SessionStore()
    session[SESSION_KEY] = str(reader.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = reader.get_session_auth_hash()
    session.save()
    cookies.append(session.session_key)
told = {{"path": article.get_absolute_url(), "pk": article.pk, "cookies": cookies}}
open("{out}", "w").write(json.dumps(told))
"""


@dataclass
class Said:
    """What the readers of one run were told, together."""

    taken: dict[int, str] = field(default_factory=dict)  # acknowledged: the comment's number and its words
    open: list[str] = field(default_factory=list)  # words nobody acknowledged in the end
    refused: Counter[int] = field(default_factory=Counter)  # answers that were neither yes nor “again”
    again: Counter[str] = field(default_factory=Counter)  # why something was sent again
    seconds: list[float] = field(default_factory=list)  # from the first try of each to its acknowledgement


class Reader:
    """Somebody signed in who goes on posting, and sends again what was not acknowledged."""

    def __init__(self, port: int, path: str, session: str, said: Said, *, address: str = "") -> None:
        self.port, self.path, self.said = port, f"{path}comments/", said
        self.headers = {
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"sessionid={session}; csrftoken={TOKEN}",
            **({"X-Forwarded-For": address} if address else {}),
        }
        self.connection = self._connect()

    def speak(self, until: float, *, most: int = 1_000_000) -> None:
        """Post until a moment of the monotonic clock, `most` comments."""
        for _ in range(most):
            if time.monotonic() >= until:
                break
            self.say(" ".join([uuid.uuid4().hex, *random.choices(WORDS, k=9), uuid.uuid4().hex]), until)  # noqa: S311
        self.connection.close()

    def say(self, words: str, until: float) -> None:
        form = f"csrfmiddlewaretoken={TOKEN}&key={uuid.uuid4()}&body={words.replace(' ', '+')}"
        begun = time.monotonic()
        while time.monotonic() < until + PATIENCE:
            status, told = self._send(form)
            if status == 201:
                number = int(told["html"].partition('id="comment-')[2].partition('"')[0])
                self.said.taken[number] = words
                self.said.seconds.append(time.monotonic() - begun)
                return
            if status and status not in AGAIN:
                self.said.refused[status] += 1
                return
            self.said.again[str(status or told)] += 1
            time.sleep(PAUSE)
        self.said.open.append(words)

    def _send(self, form: str) -> tuple[int, Any]:
        try:
            self.connection.request("POST", self.path, body=form, headers=self.headers)
            answer = self.connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            self.connection = self._connect()
            return 0, type(error).__name__
        return answer.status, json.loads(body) if answer.status == 201 else None

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(HOST, self.port, timeout=TIMEOUT)


def talk(
    readers: list[Reader],
    *,
    seconds: float,
    kill: Callable[[], None],
    kills: int,
    most: int = 1_000_000,
) -> None:
    """Have them all speak at once; `kill` is called so many times meanwhile. Not in quick succession: granian
    gives up on a worker that dies again while it starts."""
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(target=reader.speak, args=[until], kwargs={"most": most}) for reader in readers
    ]
    for thread in threads:
        thread.start()
    for _ in range(kills):
        time.sleep(seconds / (kills + 1))
        kill()
    for thread in threads:
        thread.join()


def killer(server: Server) -> Callable[[], None]:
    """Kills one of the server's worker processes, the youngest generation of its family, each time."""

    def kill() -> None:
        workers = [
            pid for pid in servers.family(server.pid) if pid != server.pid and _is_worker(pid, server.pid)
        ]
        if workers:
            os.kill(random.choice(workers), signal.SIGKILL)  # noqa: S311

    return kill


def _is_worker(pid: int, parent: int) -> bool:
    """A child of the server that serves: the helper of Python's multiprocessing is one too, and does not."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return int(status.rpartition(")")[2].split()[1]) == parent and b"resource_tracker" not in command


def faults(said: Said, rows: list[tuple[int, str, str]], count: int) -> list[str]:
    """What is wrong, a sentence each: rows are (number, words, status) of the article's comments."""
    found = []
    stored = {number: words for number, words, _ in rows}
    missing = [number for number, words in said.taken.items() if stored.get(number) != words]
    twice = [words for words, times in Counter(words for _, words, _ in rows).items() if times > 1]
    strange = set(stored.values()) - set(said.taken.values()) - set(said.open)
    visible = sum(status == "visible" for _, _, status in rows)
    if missing:
        found.append(f"{len(missing)} acknowledged comments are missing.")
    if twice:
        found.append(f"{len(twice)} comments are there twice.")
    if strange:
        found.append(f"{len(strange)} comments are there that nobody waits for.")
    if count != visible:
        found.append(f"The article says {count} comments, and has {visible}.")
    return found


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.discussion",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--postgres", required=True, metavar="URL", help="a PostgreSQL server, for a database of ours"
    )
    parser.add_argument("--readers", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--kills", type=int, default=5, help="of worker processes, ten seconds apart (5)")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="pulse-bench-") as name:
        bad = _run(Path(name), options)
    sys.exit(1 if bad else 0)


def _run(folder: Path, options: argparse.Namespace) -> list[str]:
    name = "pulse_bench_discussion"
    tree, data, out = publication.check_out(".", folder / "tree"), folder / "data", folder / "readers.json"
    data.mkdir()
    publication.create_database(options.postgres, name)
    database = f"{options.postgres.rstrip('/')}/{name}"
    told = publication.environment(data, DATABASE_URL=database, PULSE_WORKERS=str(options.workers))
    for command in (["migrate", "--verbosity", "0"], ["createcachetable"], ["demo", "--if-empty"]):
        publication.manage(tree, told, *command)
    publication.manage(tree, told, "collectstatic", "--no-input", "--verbosity", "0")
    publication.manage(tree, told, "shell", "-c", SETUP.format(readers=options.readers, out=out))
    where = json.loads(out.read_text())
    said, bad = Said(), []
    for with_kills in (False, True):
        before = len(said.taken)
        with servers.site(tree, told) as server:
            readers = [Reader(server.port, where["path"], cookie, said) for cookie in where["cookies"]]
            kills = options.kills if with_kills else 0
            talk(readers, seconds=options.seconds, kill=killer(server), kills=kills)
        bad += faults(said, *_stored(database, where["pk"]))
        taken = len(said.taken) - before
        slowest, usual = max(said.seconds), sorted(said.seconds)[len(said.seconds) // 2]
        print(
            f"{options.readers} readers, {options.seconds:g} s, {options.workers} worker processes"
            f"{f', {kills} of them killed' if kills else ''}: {taken} comments acknowledged"
            f" ({usual:.2f} s in the middle, {slowest:.1f} s at most), {sum(said.again.values())} sent again"
            f" ({dict(said.again)}), {len(said.open)} never answered, refused: {dict(said.refused)}."
        )
        said.again.clear()
        said.seconds.clear()
    print(
        "\n".join(bad)
        or "Nothing acknowledged is missing, nothing is there twice, the counts equal the rows."
    )
    return bad


def _stored(database: str, article: int) -> tuple[list[tuple[int, str, str]], int]:
    connection = psycopg2.connect(database)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT id, body, status FROM comments_comment WHERE article_id = %s", [article])
        rows = cursor.fetchall()
        cursor.execute("SELECT comment_count FROM articles_article WHERE id = %s", [article])
        count = cursor.fetchone()[0]
    connection.close()
    return rows, count


if __name__ == "__main__":
    main()
