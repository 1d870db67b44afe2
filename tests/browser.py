"""Tests in a real browser: Chromium from the machine, our server, and nothing that goes wrong unnoticed.

A browser test is marked `browser` and takes `page` (or `new_context` for a second reader); addresses such as
`page.goto("/glossary/")` are our server's. Whatever the browser complains about (a script's error, a blocked
style, a request that failed) fails the test by itself; a test that provokes a complaint says so with
`troubles.allow(pattern)`.
"""

import re
import shutil
from collections.abc import Callable
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, WebError

# Quiet and alone: no first-run pages, no updates, nothing asked of the network.
CHROMIUM_ARGS = [
    "--no-sandbox",  # the suite may run as root
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


TRANSITION_ENDED = re.compile(r"Transition was (aborted|skipped)|ViewTransition opt-in disabled")

# Of what axe looks at, a theme changes nothing but colours.
ONLY_COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}


class Troubles:
    """What went wrong in the browser during one test."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.allowed: list[str] = []

    def allow(self, pattern: str) -> None:
        """Let troubles that match this regular expression pass, for the rest of this test."""
        self.allowed.append(pattern)

    def unexpected(self) -> list[str]:
        return [trouble for trouble in self.seen if not any(re.search(p, trouble) for p in self.allowed)]

    def watch(self, context: BrowserContext) -> None:
        """Listen to every page of a context."""
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        context.on("requestfailed", self._on_failure)
        context.on("response", self._on_response)

    def _on_console(self, message: ConsoleMessage) -> None:
        # A failed load is reported with its status by _on_response.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.seen.append(f"console: {message.text}")

    def _on_error(self, error: WebError) -> None:
        # A cross-fade between pages that the reader interrupts, or a resize, ends as a rejected promise of
        # the browser's own; the page is shown all the same.
        if TRANSITION_ENDED.search(str(error.error)):
            return
        self.seen.append(f"script: {error.error}")

    def _on_failure(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the reader moved on before it was loaded
            self.seen.append(f"request: {request.method} {request.url} {request.failure}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400:
            self.seen.append(f"response: {response.status} {response.request.method} {response.url}")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium:
        pytest.skip("not on this machine: browser tests (no Chromium)")
    return {**browser_type_launch_args, "executable_path": chromium, "args": CHROMIUM_ARGS}


@pytest.fixture
def troubles() -> Any:
    """What the browser complained about; the test fails if anything is left in it at the end."""
    found = Troubles()
    yield found
    if unexpected := found.unexpected():
        pytest.fail("The browser complained:\n" + "\n".join(unexpected), pytrace=False)


@pytest.fixture
def new_context(
    new_context: Callable[..., BrowserContext], troubles: Troubles
) -> Callable[..., BrowserContext]:
    """Another browser with its own cookies, watched like the first: `new_context().new_page()`."""

    def make(**options: Any) -> BrowserContext:
        context = new_context(**options)
        context.set_default_timeout(20_000)  # a loaded machine is slow, not wrong
        troubles.watch(context)
        return context

    return make


@pytest.fixture(scope="session")
def assert_accessible() -> Callable[[Page], None]:
    """Assert that axe finds nothing against a page as it stands, in the light and in the dark theme."""

    def check(page: Page) -> None:
        themes: list[tuple[Literal["light", "dark"], Any]] = [("light", None), ("dark", ONLY_COLOURS)]
        for theme, options in themes:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            found = Axe().run(page, options=options)
            assert not found.violations_count, f"{page.url} in the {theme} theme\n{found.generate_report()}"
        page.emulate_media(color_scheme="null", reduced_motion="null")

    return check
