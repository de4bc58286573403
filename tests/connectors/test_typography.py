"""French typography: no-break spaces where a line may not break, and nothing else changed."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.language.typography import french, french_html, ordinary

# ~ stands for the no-break space, _ for the narrow one.
WRITTEN = [
    ("Que mesure chaque indicateur, et comment ?", "Que mesure chaque indicateur, et comment~?"),
    ("absente : « Stock » ; à corriger !", "absente~: «~Stock~»~; à corriger~!"),
    ("plus de 12 450 boîtes en 4 sem., soit 12,5 % du panel", "plus de 12_450 boîtes en 4~sem., soit 12,5~% du panel"),
    ("−1 234 567,8 j", "−1_234_567,8~j"),
    ("amoxicilline susp. buv. 500 mg/5 ml, 100 µg", "amoxicilline susp. buv. 500~mg/5~ml, 100~µg"),
    ("insuline 100 UI/ml, 5 l", "insuline 100~UI/ml, 5~l"),
    ("de 3 à moins de 10 jours", "de 3 à moins de 10~jours"),
    ("S47 2026, réf. ab12, n° 3, 12 / 20", "S47~2026, réf.~ab12, n°~3, 12~/~20"),
    ("Dépôt à 12:30, fichier a:b;c.csv", "Dépôt à 12:30, fichier a:b;c.csv"),
    ("acide clavulanique / amoxicilline", "acide clavulanique / amoxicilline"),
    ("Fichier « ventes 12 mois : total.csv » illisible", "Fichier «~ventes 12 mois : total.csv~» illisible"),
    ("panne : http://exemple.fr/a?b=1 : 3 j", "panne~: http://exemple.fr/a?b=1 : 3~j"),
    ("16/11/2026 120 boîtes, année 2026 120", "16/11/2026 120 boîtes, année 2026 120"),
    ("code CIP13 : 3400930000018 attendu", "code CIP13~: 3400930000018 attendu"),
]
TEXT = st.lists(
    st.one_of(
        st.text(st.sampled_from(" 0123456789abj%:;?!«»n°/.,-\u00a0\u202f\n"), max_size=8),
        st.sampled_from(
            ["https://exemple.fr/a?b=1;c:2", "S47 2026", " réf. ", "« ", " »", " 1 234 ", " sem.", "12:30"]
        ),
    ),
    max_size=8,
).map("".join)
ADDRESS = re.compile(r"https?://[^\s«»<>]+")


def shown(text: str) -> str:
    return text.replace("\u00a0", "~").replace("\u202f", "_")


@pytest.mark.parametrize(("typed", "printed"), WRITTEN)
def test_a_line_does_not_break_where_french_forbids_it(typed: str, printed: str) -> None:
    assert shown(french(typed)) == printed


@given(TEXT)
def test_applied_twice_changes_nothing_more(text: str) -> None:
    assert french(french(text)) == french(text)


@given(TEXT)
def test_only_spaces_change_one_for_one(text: str) -> None:
    assert ordinary(french(text)) == ordinary(text)
    assert all(before in (after, " ") for before, after in zip(text, french(text), strict=True))


@given(TEXT)
def test_an_address_stays_what_other_programs_take_for_it(text: str) -> None:
    assert [m.span() for m in ADDRESS.finditer(french(text))] == [m.span() for m in ADDRESS.finditer(text)]
    assert re.findall(r"https?://[^ \n]+", ordinary(text)) == re.findall(r"https?://[^ \n]+", ordinary(french(text)))


class _Events(HTMLParser):
    """What a browser would read: tags with their attributes as they are written, and the text between them."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=False)
        self.tags: list[str] = []
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, _tag: str, _attrs: object) -> None:
        self.tags.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(f"/{tag}")

    def handle_comment(self, data: str) -> None:
        self.tags.append(data)

    def handle_data(self, data: str) -> None:
        if self.cdata_elem:
            self.tags.append(data)
        else:
            self.text += data


PIECES = st.sampled_from(
    [
        '<b title="reste : 3 j > 2 j ?">',
        "</b>",
        "<p style='margin: 0 ; width: 10 %'>",
        "</p>",
        "<br>",
        '<img alt="8 semaines : de 1 à 2" src="data:image/svg+xml,%3Csvg a=\' : \'/%3E">',
        "<style>a : hover { width: 10 % ; }</style>",
        "<script>const a = b ? c : d ;</script>",
        "<!-- a : b -->",
        " : ",
        " 3 j",
        "12",
        "&lt; 3 ; ",
        "« ",
        " »",
        "R&amp;D",
        " ?",
    ]
)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_in_html_only_the_text_changes(markup: str) -> None:
    before, after = _Events(markup), _Events(french_html(markup))
    assert after.tags == before.tags
    assert ordinary(after.text) == ordinary(before.text)
    assert french_html(french_html(markup)) == french_html(markup)


def test_a_sentence_goes_on_through_bold_and_ends_with_its_paragraph() -> None:
    assert shown(french_html("<p><b>12</b> j sur <b>1 234</b> j</p><p> : 3</p>")) == (
        "<p><b>12</b>~j sur <b>1_234</b>~j</p><p>~: 3</p>"
    )
    assert shown(french_html("<td>12</td> j")) == "<td>12</td> j"


def test_long_markup_is_read_in_one_pass() -> None:
    """A table of 2,000 rows is printed in well under a second: no rule goes back over what it has read."""
    markup = "<table>" + "<tr><td>« Amoxicilline : 500 mg</td><td>1 234 j</td></tr>" * 2000 + "</table>"
    assert french_html(markup).count("1\u202f234\u00a0j") == 2000
