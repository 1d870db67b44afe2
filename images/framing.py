"""Which sizes a picture gets, and the part of it that each shows. Numbers only: no file, no model."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

CENTRE = (50, 50)
SMALLEST = 100  # per mille of a picture's width: a crop narrower than this would be a blur


@dataclass(frozen=True)
class Preset:
    """One size of a picture. Without a height it is the whole picture, with one it is a crop."""

    family: str
    name: str
    extension: str
    width: int
    height: int | None
    above: int  # made where more pixels than this are to be shown, which is what the next smaller one holds

    @property
    def key(self) -> str:
        return f"{self.name}.{self.extension}"

    @property
    def is_crop(self) -> bool:
        return self.height is not None


# Of each family a picture gets all up to its own size, and at least the first: nothing is scaled up.
PRESETS = {
    preset.key: preset
    for preset in [
        Preset("whole", "w480", "webp", 480, None, above=0),
        Preset("whole", "w480", "jpg", 480, None, above=0),
        Preset("whole", "w960", "webp", 960, None, above=480),
        Preset("whole", "w960", "jpg", 960, None, above=480),
        Preset("whole", "w1600", "webp", 1600, None, above=960),
        Preset("whole", "w1600", "jpg", 1600, None, above=960),
        Preset("card", "card", "webp", 960, 640, above=0),
        Preset("card", "card", "jpg", 960, 640, above=0),
        Preset("card", "card1600", "webp", 1600, 1067, above=960),
        Preset("card", "card1600", "jpg", 1600, 1067, above=960),
        Preset("square", "square", "webp", 1000, 1000, above=0),
        Preset("square", "square", "jpg", 1000, 1000, above=0),
        Preset("social", "social", "jpg", 1200, 630, above=0),  # for other sites, which surely read JPEG
        # Search engines ask for these beside the square one.
        Preset("news4x3", "news4x3", "jpg", 1200, 900, above=0),
        Preset("news16x9", "news16x9", "jpg", 1200, 675, above=0),
    ]
}

# The proportions of each placement that is cropped by hand: width to height, as whole numbers. Other crops
# follow the focal point.
PLACEMENTS = {"card": (3, 2), "square": (1, 1), "social": (1200, 630)}


class Box(NamedTuple):
    """A part of a picture, from its left and top, in per mille of its width and of its height."""

    left: int
    top: int
    width: int
    height: int


class Part(NamedTuple):
    """The same in pixels."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Framing:
    """What the crops of a picture show: a box of its own for a family, else as much as fits about a point."""

    focal: tuple[int, int] = CENTRE  # percent from the left and the top
    boxes: Mapping[str, Box] = field(default_factory=dict)

    def part(self, width: int, height: int, preset: Preset) -> Part:
        """The part of a picture of this size that a preset shows."""
        if preset.height is None:
            return Part(0, 0, width, height)
        ratio = preset.width / preset.height
        if box := self.boxes.get(preset.family):
            whole = Part(
                width * box.left / 1000,
                height * box.top / 1000,
                width * box.width / 1000,
                height * box.height / 1000,
            )
            return _largest(whole, ratio, focal=CENTRE)  # what rounding to per mille added is taken off
        return _largest(Part(0, 0, width, height), ratio, focal=self.focal)

    def presets(self, width: int, height: int) -> list[Preset]:
        """The presets that a picture of this size gets."""
        return [
            preset for preset in PRESETS.values() if preset.above < self.part(width, height, preset).width
        ]

    def mark(self, preset: Preset) -> str:
        """What tells a preset's file from that of another framing; nothing for a whole picture."""
        if not preset.is_crop:
            return ""
        return "".join(f"-{number}" for number in self.boxes.get(preset.family, self.focal))


def _largest(within: Part, ratio: float, *, focal: tuple[int, int]) -> Part:
    """The largest part with these proportions that has a point, in percent, as near its middle as can be."""
    width, height = min(within.width, within.height * ratio), min(within.height, within.width / ratio)
    left = _start(within.width, width, focal[0])
    top = _start(within.height, height, focal[1])
    return Part(within.left + left, within.top + top, width, height)


def _start(length: float, part: float, focal: int) -> float:
    """Where a part begins so that the focal point is in its middle, or as near as the edge allows."""
    return min(max(length * focal / 100 - part / 2, 0), length - part)


def box_of(placement: str, framing: Framing, *, width: int, height: int) -> Box:
    """The box that a placement's crop has or, where it follows the focal point, would have."""
    if placement in framing.boxes:
        return framing.boxes[placement]
    preset = next(preset for preset in PRESETS.values() if preset.family == placement)
    part = framing.part(width, height, preset)
    return fitting_box(
        placement,
        left=round(1000 * part.left / width),
        top=round(1000 * part.top / height),
        across=round(1000 * part.width / width),
        width=width,
        height=height,
    )


def fitting_box(placement: str, *, left: int, top: int, across: int, width: int, height: int) -> Box:
    """A box `across` per mille wide with the proportions of its placement, on a picture of so many pixels.

    What is too wide or too narrow is brought to the nearest width that can be, and what would stand out of
    the picture is moved in.
    """
    wide, high = PLACEMENTS[placement]
    by_height = 1000 * min(1.0, height * wide / high / width)  # as wide as the picture is high enough for
    across = max(1, round(min(max(across, min(SMALLEST, by_height)), by_height)))
    down = min(1000, max(1, round(across * width * high / wide / height)))
    return Box(min(max(left, 0), 1000 - across), min(max(top, 0), 1000 - down), across, down)
