"""Rules in words: what a rule's example alone does not show."""

import pytest

from nacre_aas import files, jsonization
from nacre_aas.model import Environment
from nacre_submodels import catalogue
from nacre_submodels.builder import build
from nacre_submodels.check import TemplateCheck
from nacre_submodels.packs.battery import is_cas_number
from nacre_submodels.samples import sample


@pytest.mark.parametrize(
    "number", ["7732-18-5", "64-17-5", "7440-02-0", "7440-48-4", "7439-92-1", "1310-66-3"]
)
def test_the_last_digit_of_a_cas_number_checks_the_others(number: str) -> None:
    assert is_cas_number(number)
    for place, digit in enumerate(number):
        for other in "0123456789":
            if digit != "-" and other != digit:
                changed = number[:place] + other + number[place + 1 :]
                # The last digit is a sum modulo 10: a change whose weight shares a factor can hide.
                weight = len(number.replace("-", "")[:-1]) - len(number[:place].replace("-", ""))
                hidden = weight * (int(other) - int(digit)) % 10 == 0 and place < len(number) - 1
                assert is_cas_number(changed) == (hidden and changed[0] != "0")


@pytest.mark.parametrize(
    "text", ["", "7732-18", "7732185", "07732-18-5", "7732-18-5 ", "EC 231-791-2"]
)
def test_other_texts_are_no_cas_numbers(text: str) -> None:
    assert not is_cas_number(text)


@pytest.mark.parametrize(
    ("before", "after", "expected"), [("60", "40", []), ("60", "41", ["SMT-171"])]
)
def test_recycled_shares_of_one_material_are_parts_of_one_whole(
    before: str, after: str, expected: list[str]
) -> None:
    found = catalogue.shipped()
    template = found.template(found.find("02035-7"))
    values = sample(template)
    content = values["RecycledContentInformation"][0]
    content |= {"PreConsumerShare": before, "PostConsumerShare": after}
    data = jsonization.dumps(Environment(submodels=[build(template, values, "urn:a").submodel]))
    report = files.validate("x", data=data, checks=[TemplateCheck()])
    assert [each.code for each in report.findings if each.code == "SMT-171"] == expected
