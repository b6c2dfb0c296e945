"""One form for telephones, names and numbers."""

from datetime import date

import pytest

from kezhan.guests.choices import DocumentKind, Sex
from kezhan.guests.pinyin import spelling
from kezhan.guests.rules import document_problem, identity_facts, normal_document, normal_phone, same_name

from .factories import identity_number


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("13812345678", "13812345678"),
        ("138 1234 5678", "13812345678"),
        ("+86 138-1234-5678", "13812345678"),
        ("008613812345678", "13812345678"),
        ("8613812345678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("（0571）8888 6666", "057188886666"),
        ("+86 571 88886666", "057188886666"),
        ("+44 (20) 7946 0018", "+442079460018"),
        ("0044 20 7946 0018", "+442079460018"),
        ("不知道", ""),
        ("1381234abcd", ""),
        ("12", ""),
        ("", ""),
    ],
)
def test_phone(typed, normal):
    assert normal_phone(typed) == normal


@pytest.mark.parametrize(
    ("name", "whole", "initials"),
    [
        ("王小明", "wangxiaoming", "wxm"),
        ("单雄信", "shanxiongxin", "sxx"),
        ("仇英", "qiuying", "qy"),
        ("解缙", "xiejin", "xj"),
        ("查良镛", "zhaliangyong", "zly"),
        ("曾国藩", "zengguofan", "zgf"),
        ("朴树", "piaoshu", "ps"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("John O'Brien", "johnobrien", "job"),
        ("", "", ""),
    ],
)
def test_spelling(name, whole, initials):
    assert spelling(name) == (whole, initials)


def test_same_name():
    assert same_name("阿卜杜拉·买买提", "阿卜杜拉•买买提")
    assert same_name("John  SMITH", "john smith")
    assert not same_name("王小明", "王小民")
    assert not same_name("", "")


def test_identity_number_tells_birth_date_and_sex():
    facts = identity_facts(identity_number(1, born="19900307"))
    assert (facts.birth_date, facts.sex) == (date(1990, 3, 7), Sex.MALE)
    assert identity_facts(identity_number(2)).sex == Sex.FEMALE


@pytest.mark.parametrize(
    "spoil", [lambda n: n[:-1], lambda n: n[:-1] + "0123456789X"[(int(n[-1].replace("X", "10")) + 1) % 10]]
)
def test_a_wrong_identity_number_is_noticed(spoil):
    assert identity_facts(spoil(identity_number(3))) is None


@pytest.mark.parametrize(
    ("kind", "number", "fine"),
    [
        (DocumentKind.PASSPORT, "E12345678", True),
        (DocumentKind.PASSPORT, "ABCDEFGH", False),
        (DocumentKind.PASSPORT, "E12", False),
        (DocumentKind.HK_MACAO_PERMIT, "H12345678", True),
        (DocumentKind.HK_MACAO_PERMIT, "X12345678", False),
        (DocumentKind.TAIWAN_PERMIT, "12345678", True),
        (DocumentKind.RESIDENCE_PERMIT, "GBR110081010816", True),
        (DocumentKind.OTHER, "JUN 2020-11", True),
    ],
)
def test_shape_of_a_document(kind, number, fine):
    assert (document_problem(kind, normal_document(number)) == "") is fine
