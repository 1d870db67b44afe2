"""Text as it looks: what reads alike to a person becomes alike to the machine. Pure functions, no models.

`folded` keeps words and digits apart, for finding words in a text; `shape` goes further, for comparing names.
"""

import re
import string
import unicodedata

from pulse.characters import is_invisible

# Letters that NFKD leaves alone, each beside the Latin letter it is drawn like. After casefolding there is
# one case, so a letter whose two cases differ (Greek Η and η) goes by the one that deceives better.
LOOK_LIKE = {
    "a": "аɑαᴀᎪꓮⲁ",
    "b": "вƅβʙɓᏴꓐⲃ",
    "c": "сᴄϲᏟꓚⲥƈ",
    "d": "ԁđᴅɖɗᎠꓓ",
    "e": "еεҽɛᴇᎬꓰⲉєə",
    "f": "ꜰƒꓝϝ",
    "g": "ɡɢցɠᏀꓖ",
    "h": "нһħʜηհᎻꓧⲏɦ",
    "i": "іıɩιɪᎥꓲⲓɨӏ",
    "j": "јȷᴊϳᎫꓙʝɉ",
    "k": "кκᴋᏦꓗⲕƙ",
    "l": "łʟᏞꓡǀ∣ƚɭ",
    "m": "мμᴍᎷꓟⲙɱ",
    "n": "νɴոռꓠⲛɲƞ",
    "o": "оοøօσᴏꓳⲟɵ",
    "p": "рρᴘᏢꓑⲣƥþ",
    "q": "ԛզɋ",
    "r": "гʀᎡᏒꓣɾɽ",
    "s": "ѕꜱᏚꓢʂ",
    "t": "тτŧᴛᎢꓔⲧƭ",
    "u": "սᴜꓴʋʉ",
    "v": "ѵᴠᏙꓦ",
    "w": "ԝᴡωᎳᏔꓪɯա",
    "x": "хχꓫⲭ",
    "y": "уүʏγυꓬƴɏ",
    "z": "ᴢζᏃꓜⲍƶʐ",
    "ae": "æ",
    "oe": "œ",
}
BLANK = "\u2800\u3164\uffa0"  # an empty pattern of Braille dots and the fillers of Hangul: all show a gap
IGNORED = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f"  # letters and marks that show nothing
ANY_MARK = 200  # from this class on a combining mark may stand on any letter: accents, cedillas, hooks
OVERLAY = 1  # a stroke through the letter
POINTS = range(10, 36)  # the vowel points of Hebrew and Arabic, which are written or left out at will

_LETTERS = {letter: latin for latin, alike in LOOK_LIKE.items() for letter in alike.casefold()}
# White on black, boxed, and the letters of flags.
_LETTERS |= {
    chr(first + number): latin
    for first in (0x1F150, 0x1F170, 0x1F1E6)
    for number, latin in enumerate(string.ascii_lowercase)
}
_LATIN = str.maketrans(_LETTERS)
_GAPS = str.maketrans(dict.fromkeys(BLANK, " "))
# Digits and signs that stand for letters, and the letters that are one upright stroke.
_STROKES = str.maketrans("i1|0345789$€@", "llloeastbgsea")


def folded(text: str) -> str:
    """The text without case, accents, borrowed letters and characters that show nothing.

    “Ádmín”, “admin” with a Cyrillic a and “admin” with a zero-width space all become “admin”. Words stay
    words: white space is one space, digits and punctuation are left alone. Scripts that resemble no Latin
    letter are kept, accents aside. Folded again, the answer stays as it is. For comparing, never for showing.
    """
    seen = _shown(unicodedata.normalize("NFKD", text.translate(_GAPS)))
    latin = unicodedata.normalize("NFKD", seen.casefold()).translate(_LATIN)
    return " ".join(unicodedata.normalize("NFC", _shown(latin)).split())


def shape(text: str) -> str:
    """How a name looks at a glance: folded, digits read as letters, I and l as one, nothing between them.

    “The PuIse”, “the_pu1se” and “T h e Pulse!” have the shape of “The Pulse”. Signs alone have none.
    """
    letters = re.sub(r"[\W_]", "", folded(text).translate(_STROKES))
    return letters.replace("rn", "m").replace("vv", "w")


def _shown(text: str) -> str:
    """Decomposed text without accents and without what shows nothing; white space stays."""
    return "".join(character for character in text if character.isspace() or _is_shown(character))


def _is_shown(character: str) -> bool:
    mark = unicodedata.combining(character)
    is_accent = mark >= ANY_MARK or mark == OVERLAY or mark in POINTS
    is_around = unicodedata.category(character) == "Me"  # a circle or a square drawn around the letter
    is_variant = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    return not (is_accent or is_around or is_variant or character in IGNORED or is_invisible(character))
