"""The samples as one table in Markdown: medians, with how far the rounds lay apart."""

import statistics
from collections.abc import Iterable

from bench.measuring import Case, Results, Side

LEGEND = """\
requests/s: median of the rounds; ± the furthest round from it.
CPU: milliseconds of the server's processes for one request.
nginx: our requests/s as a share of nginx's for the same bytes, right before.
grown: time for one request as a multiple of the time with the fewest stories, in the same round.
B : A: B's requests/s as a multiple of A's in the same round, median (lowest to highest)."""


def table(results: Results) -> str:
    """One line a page, setting of the page cache and size; the columns are the sides'."""
    sides = list(dict.fromkeys(case.side for case in results))
    lines = list(dict.fromkeys((case.page, case.is_cached, case.stories) for case in results))
    lines.sort(key=lambda line: not line[1])  # with the cache first, pages in the order asked for
    rows = [[*_named(*line), *_cells(results, line, sides)] for line in lines]
    return f"{_aligned([_head(sides), *rows])}\n\n{LEGEND}"


Line = tuple[str, bool, int]


def _head(sides: list[Side]) -> list[str]:
    names = [f"{letter} " for letter in "AB"] if len(sides) > 1 else [""]
    columns = [f"{name}{what}" for name in names for what in ("requests/s", "CPU", "nginx", "grown")]
    return ["page", "cache", "stories", *columns, *(["B : A"] if len(sides) > 1 else [])]


def _named(page: str, is_cached: bool, stories: int) -> list[str]:
    return [page, "on" if is_cached else "off", f"{stories:,}"]


def _cells(results: Results, line: Line, sides: list[Side]) -> list[str]:
    cells = [cell for side in sides for cell in _side_cells(results, Case(*line, side))]
    if len(sides) > 1:
        a, b = ([sample.rate for sample in results.get(Case(*line, side), [])] for side in sides)
        cells.append(_ratio(b, a))
    return cells


def _side_cells(results: Results, case: Case) -> list[str]:
    samples = results.get(case)
    if not samples:
        return ["–"] * 4
    shares = [sample.share for sample in samples if sample.share is not None]
    fewest = min(other.stories for other in results if other.side == case.side)
    small = results.get(Case(case.page, case.is_cached, fewest, case.side), [])
    rates = [sample.rate for sample in samples]
    return [
        f"{statistics.median(rates):,.0f} ±{spread(rates):.0f} %",
        f"{statistics.median(sample.cpu_ms for sample in samples):.2f} ms",
        f"{statistics.median(shares):.2f}" if shares else "–",
        _ratio([sample.rate for sample in small], rates) if case.stories > fewest else "–",
    ]


def spread(values: list[float]) -> float:
    """How far the furthest value lies from the median, in per cent of it."""
    middle = statistics.median(values)
    return max(abs(value - middle) for value in values) / middle * 100


def _ratio(over: list[float], under: list[float]) -> str:
    """The median of the ratios round by round, with the lowest and the highest."""
    ratios = [above / below for above, below in zip(over, under, strict=False)]
    if not ratios:
        return "–"
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def _aligned(rows: list[list[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    ruled = [rows[0], ["-" * width for width in widths], *rows[1:]]
    return "\n".join(f"| {' | '.join(_padded(row, widths))} |" for row in ruled)


def _padded(row: list[str], widths: list[int]) -> Iterable[str]:
    return [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
