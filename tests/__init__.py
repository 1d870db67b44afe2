"""The tests, and the project's folder that some of them look into."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
