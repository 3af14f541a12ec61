"""A `base_url` as people paste it: taken whole, or refused with what to write; a key goes nowhere
by it."""

from __future__ import annotations

import pytest

import hailuo_nb as hn
from hailuo_nb.engine.base_url import parse

KEY = "sk-marked-key-1234567890"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://gate.example/", "https://gate.example"),
        (" https://gate.example\n", "https://gate.example"),
        ("<https://gate.example>", "https://gate.example"),
        ("“https://gate.example”,", "https://gate.example"),
        ("https://gate.example\u200b", "https://gate.example"),
        ("HTTPS://GATE.Example:443/minimax/", "https://gate.example/minimax"),
        ("https://gate.example:", "https://gate.example"),
        ("https://gate.example:8443/a", "https://gate.example:8443/a"),
        ("https://[2001:DB8::1]/", "https://[2001:db8::1]"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://localhost:8000//", "http://localhost:8000"),
        ("https://gate.example/v1/account/hailuo", "https://gate.example/v1/account/hailuo"),
    ],
)
def test_an_address_is_kept_in_one_spelling(given: str, kept: str) -> None:
    assert hn.provider("minimax", base_url=given, api_key=KEY).base_url == kept


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("gate.example", "as https://api.example.com"),
        ("localhost:8000", "as https://api.example.com"),
        ("https:/gate.example", "as https://api.example.com"),
        ("https://https://gate.example", "as https://api.example.com"),
        ("https://gate.example:0", "as https://api.example.com"),
        (" ", "as https://api.example.com"),
        ("https://gate .example", "copy it again"),
        ("https://gate.example\\x", "copy it again"),
        ("https://gate\u200b.example", "copy it again"),
        ("https://ga\0te.example", "copy it again"),
        ("https://..", "no host has that name"),
        ("https://*", "no host has that name"),
        ("https://" + "a" * 300, "no host has that name"),
        ("https://[::1", "no address"),
        ("https://@gate.example", "must not hold a name"),
        ("https://gate.example/?key=x", "a query"),
        ("https://api.minim\u0430x.io", r"write it as api\.xn--minimx-7nf\.io"),
        ("https://api.minimax.io/v1/video_generation", "bring their paths themselves"),
        ("https://gate.example/v1/video_generation", "bring their paths themselves"),
        ("https://gate.example/V1", "leave it off"),
        ("https://api.minimax.io/anthropic", "as https://api.minimax.io"),
        ("https://api.minimaxi.com", r"use hn\.provider\('minimax-cn'\)"),
        (f"https://gate.example/{KEY}", "holds a key"),
        ("https://gate.example/sk-api-1234567890", "holds a key"),
    ],
)
def test_what_would_be_misread_is_refused_with_what_to_write(given: str, words: str) -> None:
    with pytest.raises(hn.AddressError, match=words) as caught:
        hn.provider("minimax", base_url=given, api_key=KEY)
    assert KEY not in str(caught.value)


def test_a_judge_reads_its_address_in_the_same_way() -> None:
    assert parse("https://GATE.example/v1/").text == "https://gate.example/v1"
    judge = hn.scorers.rubric("good", model="m", base_url=" http://LOCALHOST:1/v1/ ").judge
    assert judge.base_url == "http://localhost:1/v1"
