"""Every page of the site through the Nu HTML checker: `python -m bench.validate`.

Serves the demo publication as production does and walks it along its links. Needs npm and Java (Debian:
default-jre-headless); the npm package vnu-jar is installed into the cache folder, never into the tree.
Ends with status 1 if there was a message.
"""

import argparse
import json
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import npm, publication, servers
from bench.crawl import Answer, crawl

# No pages, or the sign-in page again: once for each comment and each page it leads back to.
SKIP = r"/(static|media|comments|admin)/|/accounts/login/\?"
QUOTED = re.compile(r"“[^”]*”")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.validate", description=__doc__)
    parser.add_argument("--cache", type=Path, default=publication.CACHE, help="kept data (%(default)s)")
    parser.add_argument("--commit", default=".", help="another one than the working tree as it is")
    options = parser.parse_args()
    if shutil.which("java") is None:
        raise SystemExit("The checker needs Java. Debian: apt-get install default-jre-headless")
    jar = npm.installed("vnu-jar", options.cache) / "build" / "dist" / "vnu.jar"
    with publication.served(options.cache, commit=options.commit) as server:
        pages = [answer for answer in walk(server.port) if answer.kind == "text/html" and answer.body]
    found = list(messages(jar, pages))
    kinds = Counter(QUOTED.sub("“…”", message.text) for message in found)
    for kind, number in kinds.most_common():
        first = next(message for message in found if QUOTED.sub("“…”", message.text) == kind)
        print(f"{number:5} × {first.text}\n        {first.extract}\n        {first.address}")
    print(f"{len(pages)} pages, {len(found)} messages of {len(kinds)} kinds.")
    raise SystemExit(bool(found))


def walk(port: int) -> Iterator[Answer]:
    """Everything the site answers to somebody who is not signed in."""

    def fetch(address: str) -> Answer:
        reply = servers.get(port, address)
        return Answer(address, reply.status, reply.headers, reply.body)

    return crawl(fetch, hosts={f"{servers.HOST}:{port}"}, skip=SKIP)


@dataclass(frozen=True)
class Message:
    text: str
    extract: str  # the markup it is about
    address: str


def messages(jar: Path, pages: Iterable[Answer]) -> Iterator[Message]:
    """What the checker says about the pages, in one run of it."""
    with tempfile.TemporaryDirectory(prefix="pulse-bench-") as folder:
        names = {}
        for number, page in enumerate(pages):
            (Path(folder) / f"{number}.html").write_bytes(page.body)
            names[f"{number}.html"] = page.address
        command = ["java", "-Xss2m", "-Xmx600m", "-jar", str(jar), "--format", "json", folder]
        ended = subprocess.run(command, check=False, capture_output=True, timeout=600)
    for message in json.loads(ended.stderr)["messages"]:
        yield Message(
            text=f"{message['type']}: {message['message']}",
            extract=" ".join(message.get("extract", "").split()),
            address=names.get(Path(message.get("url", "")).name, "?"),
        )


if __name__ == "__main__":
    main()
