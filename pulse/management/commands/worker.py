"""`manage.py worker`: runs the site's jobs until it is told to stop."""

import queue
import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from pulse import worker


class Command(BaseCommand):
    help = "Run what the site does by itself, until SIGTERM or Ctrl-C; the job that runs is finished first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="run what is due now, and end: for cron")

    def handle(self, *args: Any, **options: Any) -> None:
        stop: queue.SimpleQueue[bool] = queue.SimpleQueue()  # the one queue a signal handler may write to

        def end(number: int, frame: Any) -> None:
            signal.signal(number, signal.SIG_DFL)  # asked a second time, it ends at once
            stop.put(True)

        before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            worker.work(stop, is_once=options["once"])
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
