"""A receipt is typed by hand, from paper, on a phone."""

import re

import pytest

from survey_service.answers.receipts import fresh_receipt, sheet_id, shown, text_id, typed


def test_a_receipt_has_128_random_bits_in_26_characters() -> None:
    made = {fresh_receipt() for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"[A-Z2-7]{26}", one) for one in made)


def test_what_is_shown_can_be_typed_back() -> None:
    receipt = fresh_receipt()
    assert typed(shown(receipt)) == receipt
    assert typed(f"  {shown(receipt).lower().replace('-', ' ')}\n") == receipt


@pytest.mark.parametrize("text", ["", "hello", "A" * 25, "A" * 27, "A" * 25 + "!", "\0" * 26])
def test_what_is_no_receipt_is_none(text: str) -> None:
    assert typed(text) is None


def test_zero_and_one_are_read_as_the_letters_they_look_like() -> None:
    assert typed("0" * 13 + "1" * 13) == "O" * 13 + "I" * 13


def test_sheet_and_texts_lie_under_ids_that_say_nothing_about_each_other() -> None:
    receipt = fresh_receipt()
    assert sheet_id(receipt) != text_id(receipt)
    assert receipt.encode() not in sheet_id(receipt) + text_id(receipt)
