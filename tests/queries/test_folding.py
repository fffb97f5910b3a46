"""Skeletons: spellings of one name that have to meet, names that have to stay apart."""

from __future__ import annotations

from itertools import combinations

import pytest

from kzgraph.queries.folding import bare, fold, folds, plain, tokens

MEET = [
    "Токаев Тоқаев Tokayev Tokajew Tokaïev Tokaev Tokajev",
    "Казахстан Kasachstan Kazakhstan",
    "Қазақстан Qazaqstan Kazakstan",
    "Назарбаев Nazarbayev Nasarbajew Nazarbaïev Nazarbaev",
    "Шымкент Schymkent Shymkent Chymkent Şymkent",
    "Жомарт Jomart Zhomart Schomart Djomart",
    "Азербайджан Azerbaijan Aserbaidschan Azerbaïdjan",
    "Ельцин Yeltsin Jelzin Eltsine",
    "Алиев Aliyev Alijew Aliev",
    "Сергей Sergey Sergei Sergej",
    "Юрий Yuri Juri Yury",
    "Дмитрий Dmitry Dmitri Dmitrij Dmitriy",
    "Хрущев Khrushchev Chruschtschew Khrouchtchev",
    "Горбачев Gorbachev Gorbatschew Gorbatchev",
    "Байконур Baikonur Baykonur Bajkonur Baïkonour",
    "Ақтөбе Aktobe Aqtöbe Актобе",
    "Қарағанды Qaraghandy Karagandy",
    "Österreich Oesterreich Osterreich",
    "Жетісу Jetisu Zhetysu Schetissu",
    "Путин Putin Poutine",
    "Нур-Султан Nur-Sultan Nursultan Нұрсұлтан",
]
APART = [
    "Iran Iraq Oman Jordan", "Austria Australia", "Slovakia Slovenia", "Niger Nigeria",
    "Russia Prussia", "Казахстан Киргизстан Таджикистан Туркменистан Узбекистан",
    "Tokayev Nazarbayev Putin Merkel", "Kuba Kuwait", "Иран Ирак", "Korea Kosovo", "Mali Malta",
]  # fmt: skip


@pytest.mark.parametrize("group", MEET)
def test_spellings_of_one_name_meet(group):
    for one, other in combinations(group.split(), 2):
        assert set(folds(one)) & set(folds(other)), (one, folds(one), other, folds(other))


@pytest.mark.parametrize("group", APART)
def test_different_names_stay_apart(group):
    for one, other in combinations(group.split(), 2):
        assert not set(folds(one)) & set(folds(other)), (one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nur-Sultan", "nur sultan"),
        ("Türkiye’s", "turkiye's"),
        ("U.S.", "US"),
        ("Киёв", "Киев"),
        ("ﬁn", "fin"),
        ("Straße", "STRASSE"),
        ("Kazakhstan", "Kazakhstan\u00a0"),
        ("Cafe\u0301", "café"),
    ],
)
def test_plain_puts_case_marks_and_blanks_aside(one, other):
    assert plain(one) == plain(other)


def test_plain_keeps_cyrillic_letters_apart():
    assert plain("Иран") != plain("Иранй")
    assert bare("й") == "й"
    assert plain("Іле") != plain("Иле")


@pytest.mark.parametrize("text", ["", " ", "---", "…", "'", "\x00"])
def test_text_without_letters_has_empty_keys(text):
    assert plain(text) == fold(text) == ""
    assert tokens(text) == []


def test_fold_of_a_label_in_a_known_spelling_is_one_of_its_folds():
    for spelling in ("en", "de", "fr", "tr"):
        assert fold("Chymkent", spelling=spelling) in folds("Chymkent")
