"""Write the words of lesson 10, `data/words.txt` and `course_lib/lessons/lesson10/leaks.json`, from the Unicode CLDR.

Run: `.venv/bin/python tools/word_table.py`. Babel carries the names that the CLDR has for countries, languages, months,
currencies and so on, in the words of each language. Another version of Babel gives other words, and then every number
of lesson 10 changes: `constraints.txt` pins it. Reading all languages takes some seconds.
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
from babel import Locale, __version__, localedata

from course_lib.lessons.lesson10.folding import fold
from course_lib.lessons.lesson10.leaks import TABLE, overlap
from course_lib.lessons.lesson10.one_language import words_of_one_language

FIELDS = ("territories", "languages", "scripts", "currency_names", "months", "days", "quarters", "eras", "day_periods",
          "date_fields", "unit_display_names", "unit_patterns", "meta_zones", "variants")  # fmt: skip
SHORT, LONG, FEWEST = 4, 14, 60  # letters of a word, words of a language
SAME = {"nb": "no", "bs_Latn": "bs", "az_Latn": "az", "uz_Latn": "uz", "ff_Latn": "ff"}  # two codes, one language
NAMES = {"lld": "Ladin", "no": "Norwegian Bokmal", "vai_Latn": "Vai", "bal_Latn": "Balochi", "kok_Latn": "Konkani"}
SHOWN = ("cgg", "nyn", "es", "pt", "gl", "en", "fi", "et", "sv", "no", "sw", "tr")  # whose whole lists are kept


#: Which language belongs to which branch: ordinary genealogical classification, at the level on which Glottolog and
#: Ethnologue agree. Creoles, pidgins and constructed languages have no single ancestor: they stand nowhere here.
BRANCHES = {
    "Germanic": "en de nl sv da no nn is fo fy lb af nds gsw ksh wae frr",
    "Romance": "es fr it pt ro ca gl ast oc rm fur lij sc scn vec lmo an wa lld",
    "Slavic": "cs sk pl sl hr bs sr_Latn hsb dsb szl csb",
    "Baltic": "lt lv ltg prg sgs",
    "Celtic": "ga gd cy br gv kw",
    "Albanian": "sq",
    "Iranian": "ku kmr bal_Latn",
    "Indo-Aryan": "kok_Latn",
    "Latin": "la",
    "Bantu": "sw zu xh ss nr st nso tn ts ve sn nd rw rn lg bem bez cgg dav ebu guz jmc kam kde ki ksb lag ln lu luy "
             "mer mgh mgo nmg nyn rof rwk sbp seh vun xog asa bas dua ewo yav agq jgo nnh ksf",
    "other Niger-Congo": "yo ig ak ee ff wo dyo bm sg gaa mua blo vai_Latn",
    "Nilotic": "kln mas saq teo luo nus",
    "Songhay": "dje khq ses twq",
    "Khoe": "naq",
    "Turkic": "tr az uz tk kk_Latn crh",
    "Basque": "eu",
    "Vietic": "vi",
    "Quechuan": "qu",
    "Uralic": "fi et hu se smn smj sma sms vro",
    "Austronesian": "id ms jv su fil ceb mg mi haw to sm ty bew trv",
    "Afro-Asiatic": "so om ha shi_Latn kab mt aa rif tzm",
    "Eskimo-Aleut": "kl",
    "Dravidian": "kxv",
    "Tai-Kadai": "za",
    "Tupian": "yrl",
    "Je": "kgp",
    "Siouan": "lkt",
}  # fmt: skip

#: Branches whose family has another name; the others are families themselves.
_INDO_EUROPEAN = ("Germanic", "Romance", "Slavic", "Baltic", "Celtic", "Albanian", "Iranian", "Indo-Aryan", "Latin")
FAMILY = dict.fromkeys(_INDO_EUROPEAN, "Indo-European")
FAMILY |= {"Bantu": "Niger-Congo", "other Niger-Congo": "Niger-Congo", "Vietic": "Austroasiatic"}


def branch_of(code: str) -> str | None:
    """The branch of a language by its CLDR code, or `None` if it has none here."""
    return next((branch for branch, codes in BRANCHES.items() if code in codes.split()), None)


def strings(node) -> Iterator[str]:
    """All texts below a node of Babel's data, abbreviations left out."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, tuple) and len(node) == 2 and isinstance(node[1], dict):
        yield from strings(node[1])
    elif hasattr(node, "items"):
        for key, value in node.items():
            if key not in ("abbreviated", "narrow", "short"):
                yield from strings(value)


def tokens(text: str) -> Iterator[str]:
    """Runs of letters, with their marks, in lower case."""
    word = ""
    for ch in unicodedata.normalize("NFC", text) + " ":
        if unicodedata.category(ch)[0] in "LM" or (ch in "'’ʻʼ" and word):
            word += ch
        elif word:
            yield word.lower()
            word = ""


def lists() -> dict[str, list[str]]:
    """The folded words of every language that is written in Latin letters, by its code."""
    found = {}
    for code in sorted(localedata.locale_identifiers()):
        territory = any((len(p) in (2, 3) and p.isupper()) or p.isdigit() for p in code.split("_")[1:])
        if code == "root" or code in SAME or territory:  # a territory has the words of its language
            continue
        data = localedata.load(code, merge_inherited=False)
        words = {token for field in FIELDS for text in strings(data.get(field, {})) for token in tokens(text)}
        folded = [fold(word) for word in words if len(word) >= SHORT]
        latin = {word for word in folded if word}
        if len(latin) >= 0.7 * max(1, len(folded)):
            found[code] = sorted(word for word in latin if SHORT <= len(word) <= LONG)
    return found


def name_of(code: str) -> str:
    """What English calls the language."""
    found = NAMES.get(code) or Locale("en").languages.get(code) or Locale.parse(code).get_display_name("en")
    return found.removesuffix(" (Latin)").replace("ā", "a")  # the table is ASCII


@click.command()
@click.option("--output", default="data/words.txt", show_default=True)
def main(output: str):
    """Write both files."""
    every = {code: words for code, words in lists().items() if words}
    alone = {code: words for code, words in words_of_one_language(every, str).items() if len(words) >= FEWEST}
    rows = []
    for code in sorted(alone):
        if branch := branch_of(code):
            rows.append("\t".join((code, name_of(code), branch, FAMILY.get(branch, branch), " ".join(alone[code]))))
    head = f"# Words of one language each, folded to a-z: Unicode CLDR by Babel {__version__}."
    Path(output).write_text("\n".join([head, *rows]) + "\n", encoding="ascii", newline="\n")
    times = Counter(word for words in every.values() for word in words)
    tokens_of_all = sum(len(words) for words in every.values())
    large = [code for code in every if len(every[code]) >= 200]
    pairs = sorted(((overlap(every[a], every[b]), a, b) for a in large for b in large if a < b), reverse=True)
    found = {
        "babel": __version__, "languages": len(every), "words": tokens_of_all, "different": len(times),
        "percent_shared": round(100 - 100 * sum(n == 1 for n in times.values()) / tokens_of_all, 1),
        "most_shared": times.most_common(12),
        "copies": [[a, b, round(100 * share, 1)] for share, a, b in pairs[:25]],
        "left_out": sorted(set(alone) - {row.split("\t")[0] for row in rows}),
        "lists": {code: " ".join(every[code]) for code in SHOWN},
    }  # fmt: skip
    lines = (f"{json.dumps(name)}:{json.dumps(value, separators=(',', ':'))}" for name, value in found.items())
    TABLE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="ascii", newline="\n")
    print(f"{len(rows)} languages, {sum(len(row.split(chr(9))[-1].split()) for row in rows):,} words, "
          f"{Path(output).stat().st_size:,} bytes; left out: {' '.join(found['left_out'])}")  # fmt: skip


if __name__ == "__main__":
    main()
