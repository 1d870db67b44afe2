"""The bench reads what it is asked, counts right and prints what it found. It measures nothing here."""

import http.server
import threading
from typing import Any

import pytest

from bench import __main__ as bench
from bench import lighthouse, load
from bench.crawl import Page
from bench.measuring import Case, Sample, Side
from bench.table import spread, table

pytestmark = pytest.mark.once

OLD, NEW = Side("HEAD~1", "HEAD~1"), Side(".,PULSE_WORKERS=4", ".", {"PULSE_WORKERS": "4"})


def sample(rate: float, share: float | None = 0.5) -> Sample:
    return Sample(rate=rate, cpu_ms=2_000 / rate, share=share)


def test_a_side_is_a_commit_with_settings():
    options = bench.arguments().parse_args(["HEAD~1", ".,PULSE_WORKERS=4"])
    assert options.sides == [OLD, NEW]
    assert options.sides[1].settings == {"PULSE_WORKERS": "4"}


@pytest.mark.parametrize("written", [",A=1", ".,A", ".,=1"])
def test_a_side_that_says_nothing_clear_is_refused(written):
    with pytest.raises(SystemExit):
        bench.arguments().parse_args([written])


@pytest.mark.parametrize("sides", [[".", "."], ["a", "b", "c"]])
def test_it_compares_two_different_sides_and_no_more(sides):
    with pytest.raises(SystemExit):
        bench.main(sides)


def test_what_wrk_says_is_read_with_its_failures():
    said = (
        "  12 requests in 500.00ms, 1.00MB read\n"
        "  Socket errors: connect 0, read 1, write 0, timeout 2\n"
        "  Non-2xx or 3xx responses: 4\n"
    )
    drive = load.read_wrk(said)
    assert (drive.requests, drive.seconds, drive.failed, drive.rate) == (12, 0.5, 7, 24)


class Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/there" else 404)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"Hello")

    def log_message(self, *args: object) -> None: ...


@pytest.mark.parametrize(("path", "failures"), [("/there", 0), ("/gone", 40)])
def test_our_own_client_counts_whole_answers_and_stops_by_itself(monkeypatch, path, failures):
    monkeypatch.setattr(load, "MAX_REQUESTS", 40 - load.CONNECTIONS + 1)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        drive = load._own(server.server_address[1], path, seconds=20)
        server.shutdown()
    assert load.MAX_REQUESTS <= drive.requests <= 40
    assert drive.failed == (drive.requests if failures else 0)


def test_the_table_compares_sizes_and_sides_round_by_round():
    results = {
        Case("article", True, 1_000, OLD): [sample(100), sample(200), sample(300)],
        Case("article", True, 100_000, OLD): [sample(50), sample(200), sample(150)],
        Case("article", True, 1_000, NEW): [sample(200), sample(200), sample(300)],
        Case("article", False, 1_000, NEW): [sample(10, share=None)],
    }
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table(results).splitlines()]
    assert lines[0][3] == "A requests/s"
    assert lines[2] == [
        *("article", "on", "1,000"),
        *("200 ±50 %", "10.00 ms", "0.50", "–"),
        *("200 ±50 %", "10.00 ms", "0.50", "–", "1.00 (1.00 to 2.00)"),
    ]
    assert lines[3][:7] == [
        "article", "on", "100,000", "150 ±67 %", "13.33 ms", "0.50", "2.00 (1.00 to 2.00)"
    ]  # fmt: skip
    assert lines[4] == ["article", "off", "1,000", "–", "–", "–", "–", "10 ±0 %", "200.00 ms", "–", "–", "–"]
    assert spread([90, 100, 120]) == 20


def test_lighthouse_s_findings_are_what_counts_and_was_not_passed():
    def audit(name: str, score: float | None) -> dict:
        items = [{"node": {"snippet": f"<i id={name}>"}}]
        return {"id": name, "title": name, "score": score, "details": {"items": items}}

    audits = {
        name: audit(name, score) for name, score in (("good", 1), ("bad", 0), ("light", 0), ("none", None))
    }
    references = [{"id": name, "weight": int(name != "light")} for name in audits]
    empty: dict[str, Any] = {name: {"auditRefs": []} for name in lighthouse.CATEGORIES}
    report = {"audits": audits, "categories": {**empty, "seo": {"auditRefs": references}}}
    assert lighthouse.findings([report]) == ["seo: bad <i id=bad>"]


def test_a_page_s_links_are_found_wherever_they_stand():
    page = Page('<link rel=preconnect href=//x><img src=/a srcset="/b 1x, /c 2x"><a href=/d><script src=/e>')
    assert page.links == ["/a", "/b", "/c", "/d", "/e"]
