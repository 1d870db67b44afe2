"""Compares two versions or two settings of the site, in one run: `python -m bench`.

    python -m bench                                the working tree alone
    python -m bench HEAD~1 HEAD                    two commits
    python -m bench . .,PULSE_WORKERS=4            the working tree, with and without a setting

Each version serves the same made-up publications as production does, with the page cache and without; one
client drives them by turns, round after round, and an nginx that serves the same bytes from a file as well.
Only 127.0.0.1 is asked for anything. What was started is stopped at the end, and on Ctrl-C.
"""

import argparse
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench import load, publication
from bench.measuring import PAGES, Plan, Side, measure
from bench.table import table


def side(written: str) -> Side:
    """`COMMIT` or `COMMIT,NAME=VALUE,…`"""
    commit, *settings = written.split(",")
    pairs = [setting.partition("=") for setting in settings]
    if not commit or any(not name or not equals for name, equals, _ in pairs):
        raise argparse.ArgumentTypeError(f"{written}: expected COMMIT or COMMIT,NAME=VALUE")
    return Side(written, commit, {name: value for name, _, value in pairs})


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sides", nargs="*", type=side, metavar="COMMIT[,NAME=VALUE]", help="one or two (.)")
    parser.add_argument("--stories", type=int, nargs="+", default=[1_000, 100_000], metavar="N")
    parser.add_argument("--pages", nargs="+", choices=PAGES, default=list(PAGES), metavar="PAGE")
    parser.add_argument("--cache", choices=["on", "off"], nargs="+", default=["on", "off"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2, help="of one drive (%(default)s)")
    parser.add_argument(
        "--composed", type=int, default=2_000, metavar="N", help="stored pages made beforehand (%(default)s)"
    )
    parser.add_argument("--no-nginx", action="store_true", help="leave out the comparison with nginx")
    parser.add_argument("--postgres", default="", metavar="URL", help="a server to keep the rows on")
    parser.add_argument(
        "--kept", type=Path, default=publication.CACHE, help="the folder for publications (%(default)s)"
    )
    return parser


def main(argv: list[str] | None = None) -> None:
    parser = arguments()
    options = parser.parse_args(argv)
    sides = options.sides or [side(".")]
    if len(sides) > 2 or len(set(sides)) < len(sides):
        parser.error("It compares two different versions or settings, no more.")
    signal.signal(signal.SIGTERM, _stop)
    plan = Plan(
        stories=options.stories,
        pages=options.pages,
        cache=[cache == "on" for cache in options.cache],
        rounds=options.rounds,
        seconds=options.seconds,
        postgres=options.postgres,
        composed=options.composed,
        kept=options.kept,
        with_nginx=not options.no_nginx,
    )
    with tempfile.TemporaryDirectory(prefix="pulse-bench-") as folder:
        results = measure(sides, plan, folder=Path(folder))
    for letter, each in zip("AB", sides, strict=False):
        print(f"{letter}: {each.name}")
    print(
        f"{plan.rounds} rounds of {plan.seconds} s on {load.CONNECTIONS} connections, by {load.client()}.\n"
    )
    print(table(results))


def _stop(*_: Any) -> None:
    sys.exit(143)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
