"""Lighthouse on the pages that readers see first: `python -m bench.lighthouse`.

Serves the demo publication as production does. Needs node, npm and Chromium; the npm package is installed
into the cache folder, never into the tree.
"""

import argparse
import json
import shutil
import statistics
import subprocess
from pathlib import Path
from typing import Any

from bench import npm, publication

PAGES = {
    "article": "/articles/xai-anthropic-alliance/",
    "front page": "/",
    "glossary": "/glossary/",
    "term": "/glossary/frontier-model/",
}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
MEASURES = {
    "first-contentful-paint": "FCP",
    "largest-contentful-paint": "LCP",
    "total-blocking-time": "TBT",
    "cumulative-layout-shift": "CLS",
    "total-byte-weight": "weight",
}
CHROME = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --disable-background-networking "
    "--disable-component-update --disable-sync --no-first-run"
)
TRIES = 3  # on a busy machine Chromium's trace is now and then not to be read
Report = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.lighthouse", description=__doc__)
    parser.add_argument("pages", nargs="*", metavar="PATH", help="other pages than the usual four")
    parser.add_argument("--runs", type=int, default=3, help="runs a page; scores are their median (3)")
    parser.add_argument("--desktop", action="store_true", help="a desktop instead of a phone on slow 4G")
    parser.add_argument("--cache", type=Path, default=publication.CACHE, help="kept data (%(default)s)")
    parser.add_argument("--commit", default=".", help="another one than the working tree as it is")
    options = parser.parse_args()
    pages = {path: path for path in options.pages} or PAGES
    program = npm.installed("lighthouse", options.cache)
    with publication.served(options.cache, commit=options.commit) as server:
        for name, path in pages.items():
            address = f"http://127.0.0.1:{server.port}{path}"
            reports = [run(program, address, is_desktop=options.desktop) for _ in range(options.runs)]
            print(f"{name:12} {scores(reports)}  {measures(reports)}")
            for finding in findings(reports):
                print(f"{'':12} {finding}")


def run(program: Path, address: str, *, is_desktop: bool) -> Report:
    """One report, a minute at most."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("Lighthouse needs Chromium.")
    command = [
        *("node", str(program / "cli" / "index.js"), address, "--output=json", "--quiet"),
        *(f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={CHROME}"),
        *(["--preset=desktop"] if is_desktop else []),
    ]
    environment = npm.environment() | {"CHROME_PATH": chromium}
    for _ in range(TRIES):
        ended = subprocess.run(
            command, env=environment, check=False, timeout=120, capture_output=True, text=True
        )
        if ended.returncode == 0:
            report: Report = json.loads(ended.stdout)
            return report
    raise SystemExit(f"{address}: {ended.stderr.strip().splitlines()[-1]}")


def scores(reports: list[Report]) -> str:
    """The median of each category."""
    found = {
        category: statistics.median(100 * report["categories"][category]["score"] for report in reports)
        for category in CATEGORIES
    }
    return "  ".join(f"{category} {score:.0f}" for category, score in found.items())


def measures(reports: list[Report]) -> str:
    """What the run of median performance saw."""
    ranked = sorted(reports, key=lambda report: report["categories"]["performance"]["score"])
    audits = ranked[len(ranked) // 2]["audits"]
    return "  ".join(f"{short} {audits[name]['displayValue']}" for name, short in MEASURES.items())


def findings(reports: list[Report]) -> list[str]:
    """Every audit that counts and was not passed in some run, with the first thing it points at."""
    found = {}
    for report in reports:
        for category in CATEGORIES:
            for reference in report["categories"][category]["auditRefs"]:
                audit = report["audits"][reference["id"]]
                if reference["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                    found[audit["id"]] = f"{category}: {audit['title']} {first_item(audit)}".rstrip()
    return list(found.values())


def first_item(audit: Report) -> str:
    items = (audit.get("details") or {}).get("items") or [{}]
    node = items[0].get("node") or {}
    return str(node.get("snippet") or items[0].get("url") or audit.get("displayValue") or "")


if __name__ == "__main__":
    main()
