"""Choose the characters of `Scripts`: `python tools/choose_characters.py` writes its list, `characters.txt`.

A character stays if a pen can write it and if none that stays looks almost the same, in whatever script:
Latin A, Greek alpha and Cyrillic A are one class, so no shape stands on two sides of the split.
"""

from __future__ import annotations

import unicodedata

from torch.nn import functional as F

from course_lib.tasks.scripts import glyphs

OUTPUT = glyphs.Path(glyphs.__file__).parent / "characters.txt"

#: First words of Unicode names. What is not named here goes to a group of signs, or stays out.
SPLITS = {
    "train": ("Latin", "Canadian", "Cyrillic", "Arabic", "Georgian", "Letterlike", "Mathematics", "Arrows", "Symbols"),
    "validation": ("Greek", "Coptic", "Ogham", "Lisu"),
    "test": ("Armenian", "Hebrew", "Lao", "Nko", "Tifinagh"),
}
SPLIT_OF = {script: split for split, scripts in SPLITS.items() for script in scripts}
NOT_WRITTEN = {"BRAILLE", "BOX", "DOMINO", "PLAYING", "TETRAGRAM", "HEXAGRAM", "QUADRANT", "MODIFIER", "VULGAR"}
ALIKE = 0.95  # similarity (cosine) above which two characters count as one


def script_of(glyph: str) -> str | None:
    """The group that a character belongs to; None for one that nobody would write as a character of its own."""
    name, category = unicodedata.name(glyph, ""), unicodedata.category(glyph)
    word = name.split(" ")[0].capitalize()
    if not name or category[0] in "MZP" or category in ("Cf", "Co", "Sk") or name.split(" ")[0] in NOT_WRITTEN:
        return None
    if 0x2580 <= ord(glyph) <= 0x259F:  # block elements
        return None
    if word in SPLIT_OF:
        return word
    if "ARABIC" in name:
        return "Arabic"
    if "ARROW" in name:
        return "Arrows"
    if category[0] in "LN":
        return "Letterlike"
    return "Mathematics" if category == "Sm" else "Symbols"


def choose() -> dict[str, str]:
    """`{script: characters}`, in the order of SPLITS."""
    font = glyphs.open_font(glyphs.FACES[0])
    order = list(SPLIT_OF)
    found = [chr(code) for code in font.get_charmap() if script_of(chr(code))]
    found = [glyph for glyph in found if max(glyphs.bitmap(glyph, font).shape) >= 6]  # pixels
    found.sort(key=lambda glyph: (order.index(script_of(glyph)), glyph))
    ink = (glyphs.centred([glyphs.bitmap(g, font) for g in found]) > 0.5).flatten(1).sum(1)
    near = glyphs.line_map(found, font)  # [characters, SIZE, SIZE]
    length = (near == 255).flatten(1).sum(1)  # pixels of line
    writable = (ink < 8 * length) & (length >= 14)  # neither a blot nor a dot
    looks = F.avg_pool2d(near.float()[:, None], 3).flatten(1)  # [characters, 256]
    looks = F.normalize(looks - looks.mean(1, keepdim=True), dim=1)
    alike = looks @ looks.T > ALIKE
    kept = []
    for i in range(len(found)):
        if writable[i] and not alike[i, kept].any():
            kept.append(i)
    return {script: "".join(found[i] for i in kept if script_of(found[i]) == script) for script in order}


if __name__ == "__main__":
    lines = [f"{script} {SPLIT_OF[script]} {found}\n" for script, found in choose().items()]
    OUTPUT.write_text("".join(lines), encoding="utf-8", newline="\n")
    print(f"{sum(len(line.split()[2]) for line in lines):,} characters in {len(lines)} scripts")
