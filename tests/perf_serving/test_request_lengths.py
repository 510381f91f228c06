"""Requests of unlike lengths: what is counted of them holds in a simulation of a copy that serves a real sample."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import measure_means_alone
import measure_prefix_reuse
from lexloci.catalogue import bundled_lengths, request_lengths
from lexloci.catalogue.chips import chips
from lexloci.catalogue.request_lengths import read_lengths
from lexloci.model.errors import LexlociError
from lexloci.perf.served_shape import shape_named
from lexloci.perf.serving_apart import reader_of
from lexloci.perf.serving_batch import NO_LIMIT, Lengths, Way, speed_under_limits, token_s
from lexloci.perf.serving_efficiency import fitted_efficiency
from lexloci.perf.serving_interval import means_alone
from lexloci.perf.serving_machine import machine_of
from lexloci.perf.serving_step import Precision, Replica, Serving

LLAMA = shape_named("Llama 3.3 70B", 70.6e9, 70.6e9)[0]
NAMES = ("azure-2023-code", "azure-2023-conversation", "mooncake-2025-conversation")


def _serving(chip="h100-sxm", tensor=8.0):
    machine = machine_of(chips()[chip], 400.0)
    return Serving(LLAMA, Precision(1.0, 1.0, 1.0), machine, Replica(tensor, 1.0, 0.0), fitted_efficiency())


def _lengths(name):
    sample = request_lengths(name)
    return Lengths.of_requests(sample.prompts, sample.answers)


def _simulated(serving, name, users, steps):
    """Tokens a second of a copy that always has so many users, and the greatest caches that it held, in tokens."""
    random = Random(1)
    sample = request_lengths(name)
    pairs = list(zip(sample.prompts, sample.answers, strict=True))
    reading = {prompt: float(prompt * serving.prompt_token_s(prompt)) for prompt in set(sample.prompts)}
    # users are met at a moment as often as their answer is long, somewhere in the middle of it
    met = random.choices(pairs, weights=[answer for _, answer in pairs], k=users)
    at_once = [[prompt, answer, random.random() * answer] for prompt, answer in met]
    spent, held = 0.0, []
    for _ in range(steps):
        context = sum(prompt + done for prompt, _, done in at_once) / users
        held.append(context * users)
        spent += float(serving.step_s(float(users), context))
        for user in at_once:
            user[2] += 1.0
            if user[2] >= user[1]:
                user[:] = (*random.choice(pairs), 0.0)
                spent += reading[user[0]]
    return users * steps / spent, np.array(held)


def test_what_ships_is_a_sample_of_each_trace_with_its_source():
    assert tuple(bundled_lengths()) == NAMES
    for sample in bundled_lengths().values():
        assert 2000 <= len(sample.prompts) == len(sample.answers) <= 2300
        assert min(*sample.prompts, *sample.answers) >= 1
    # Splitwise, arXiv:2311.18677, figure 3: median prompts of 1,500 tokens for code and 1,020 for conversation, and
    # answers of 13 and 129
    for name, prompt, answer in ((NAMES[0], 1500, 13), (NAMES[1], 1020, 129)):
        sample = request_lengths(name)
        assert np.median(sample.prompts) == pytest.approx(prompt, rel=0.1)
        assert np.median(sample.answers) == pytest.approx(answer, rel=0.1)


@given(prompt=st.floats(1, 1e5), answer=st.floats(1, 1e5), count=st.integers(1, 50))
def test_like_requests_count_as_their_means(prompt, answer, count):
    found, fixed = Lengths.of_requests([prompt] * count, [answer] * count), Lengths.fixed(prompt, answer)
    for name in Lengths.__slots__:
        assert float(getattr(found, name)) == pytest.approx(float(getattr(fixed, name)), rel=1e-6, abs=1e-4 * prompt)


@pytest.mark.parametrize(("name", "users"), [(NAMES[0], 8), (NAMES[1], 64), (NAMES[2], 24)])
def test_a_simulated_copy_is_as_fast_as_the_distribution_says(name, users):
    serving, lengths = _serving(), _lengths(name)
    simulated, _ = _simulated(serving, name, users, 6000)
    assert users / float(token_s(serving, float(users), lengths)) == pytest.approx(simulated, rel=0.06)


def test_means_alone_would_be_too_fast_where_prompts_are_unlike():
    serving, lengths = _serving(), _lengths(NAMES[2])
    simulated, _ = _simulated(serving, NAMES[2], 24, 6000)
    means = Lengths.fixed(lengths.prompt, lengths.output)
    assert 24 / float(token_s(serving, 24.0, means)) > 1.08 * simulated


def test_the_widening_for_means_alone_is_what_the_tool_finds_over_the_traces_that_ship():
    found = measure_means_alone.pairs(fitted_efficiency())
    served = [real / means for real, means in found if real > 0.0 and means > 0.0]
    assert len(served) >= 40
    assert max(served) < 1.0
    assert means_alone() == pytest.approx(np.quantile(served, 0.05), abs=0.01)


def test_a_percentile_that_is_stored_follows_the_speeds_of_real_requests(monkeypatch):
    monkeypatch.setattr(measure_means_alone, "pairs", lambda _: [(share, 1.0) for share in np.linspace(0.2, 1.0, 101)])
    assert measure_means_alone.means_alone(fitted_efficiency()) == 0.24


@given(share=st.floats(0, 0.95), more=st.floats(0, 0.04))
def test_the_more_of_the_prompts_is_found_in_a_cache_the_more_is_served_and_the_cache_holds_as_much(share, more):
    serving, lengths = _serving(), _lengths(NAMES[0])
    found = [replace(lengths, found=one) for one in (share, share + more)]
    speeds = [float(speed_under_limits(serving, one, 6.0, 0.05).tokens_per_s) for one in found]
    assert speeds[1] >= speeds[0] * (1 - 1e-9)
    assert float(found[0].most_users(serving)) == float(lengths.most_users(serving))
    readers = [reader_of(serving, one, 6.0).fed_tokens_per_s for one in found]
    assert readers[1] >= readers[0] * (1 - 1e-9)


def test_what_is_found_of_prompts_is_the_share_of_reading_that_falls_away():
    serving, lengths = _serving(), _lengths(NAMES[0])
    bare = float(token_s(serving, 8.0, replace(lengths, prompt=0.0)))
    whole, half = (float(token_s(serving, 8.0, replace(lengths, found=one))) for one in (0.0, 0.5))
    assert half - bare == pytest.approx((whole - bare) / 2.0)


def test_the_cache_of_the_most_users_fits_nearly_always_and_without_the_excess_it_would_not():
    serving, lengths = _serving(), _lengths(NAMES[2])
    users = int(float(lengths.most_users(serving)))
    room = float(serving.free_bytes() / serving.cache_bytes_per_token())
    _, held = _simulated(serving, NAMES[2], users, 4000)
    assert np.mean(held > room) < 0.1
    assert users < 0.9 * float(serving.most_users(lengths.cached))
    _, crowded = _simulated(serving, NAMES[2], int(float(serving.most_users(lengths.cached))), 4000)
    assert np.mean(crowded > room) > 0.2


def test_unlike_answers_wait_longer_for_a_place():
    serving, lengths = _serving(), _lengths(NAMES[1])
    even = replace(lengths, answer_variation=0.0)
    speeds = [float(speed_under_limits(serving, one, 1.0, 0.05).tokens_per_s) for one in (lengths, even)]
    assert speeds[0] < speeds[1]


@given(factor=st.floats(1, 4), each_ms=st.floats(10, 200))
def test_drafted_tokens_never_serve_less_and_gain_at_most_their_factor_where_prompts_are_apart(factor, each_ms):
    serving, lengths = _serving(), _lengths(NAMES[1])

    def speed(way):
        return float(speed_under_limits(serving, lengths, NO_LIMIT, each_ms / 1000, way).tokens_per_s)

    plain, drafted = speed(Way(1.0)), speed(Way(1.0, factor))
    assert drafted >= plain * (1 - 1e-6)
    same_users = float(token_s(serving, 8.0, lengths, Way(1.0))) / float(
        token_s(serving, 8.0, lengths, Way(1.0, factor))
    )
    assert same_users == pytest.approx(factor)


@given(first_s=st.floats(0.5, 20))
def test_a_copy_that_reads_is_never_busier_than_its_time_and_a_later_limit_lets_it_read_more(first_s):
    serving, lengths = _serving(), _lengths(NAMES[1])
    reader, later = reader_of(serving, lengths, first_s), reader_of(serving, lengths, first_s * 2)
    assert reader is not None
    assert later is not None
    assert reader.fed_tokens_per_s <= later.fed_tokens_per_s
    prompts_per_s = later.fed_tokens_per_s / float(lengths.output)
    least_s = float(lengths.prompt * serving.roofline_prompt_token_s())
    assert prompts_per_s * least_s < 1.0


def test_a_copy_that_cannot_read_a_long_prompt_in_time_reads_none():
    serving, lengths = _serving(), _lengths(NAMES[2])
    assert reader_of(serving, lengths, 0.5) is None
    assert reader_of(serving, lengths, 60.0) is not None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("prompt,answer_tokens\n1,2\n", "own.csv:1 prompt_tokens: is missing; name the columns"),
        (
            "prompt_tokens,answer_tokens\n5,7\n5,many\n",
            'own.csv:3 answer_tokens: "many" is no number of tokens; write 1',
        ),
        ("prompt_tokens,answer_tokens\n5,0\n", 'own.csv:2 answer_tokens: "0" is no number of tokens'),
        ("prompt_tokens,answer_tokens\n5\n", 'own.csv:2 answer_tokens: "" is no number of tokens'),
        ("prompt_tokens,answer_tokens\n", "own.csv: holds no requests; add one row for each"),
        ("prompt_tokens,answer_tokens\nnan,4\n", 'own.csv:2 prompt_tokens: "nan" is no number of tokens'),
        (f"prompt_tokens,answer_tokens\n5,{'9' * 200_000}\n", "own.csv:2 is no row of a CSV file (field larger"),
    ],
)
def test_a_file_of_lengths_that_is_wrong_says_where_and_how_to_mend_it(text, says):
    with pytest.raises(LexlociError) as caught:
        read_lengths(text, "own.csv")
    assert str(caught.value).startswith(says)


def test_a_name_that_nothing_has_is_refused_with_those_that_ship():
    with pytest.raises(
        LexlociError, match="neither a file nor a distribution that ships; write one of azure-2023-code"
    ):
        request_lengths("azure-2024")
    with pytest.raises(LexlociError, match=r"cannot be read \(.*File name too long"):
        request_lengths("long" * 200)


TRACE = (
    (1200, (0, 1, 2)),
    (1200, (0, 1, 3)),  # the first two blocks are found
    (600, (4, 1)),  # a block after one that is not found is not
    (1100, (0, 1, 2)),  # all, of which the last is not whole
)


def test_a_prefix_is_found_up_to_the_first_block_that_was_not_asked_before():
    assert measure_prefix_reuse.share_found(TRACE, 100) == pytest.approx((1024 + 1100) / 4100)


def test_a_full_cache_loses_what_was_asked_for_longest_ago_and_the_end_of_a_prompt_first():
    assert measure_prefix_reuse.share_found(TRACE, 0) == 0.0
    assert measure_prefix_reuse.share_found(TRACE[:2], 2) == pytest.approx(1024 / 2400)
    assert measure_prefix_reuse.share_found([(512, (7,)), (1024, (8, 9)), (512, (7,))], 2) == 0.0


def test_the_shares_of_a_trace_are_printed_and_a_wrong_call_is_told(tmp_path, capsys):
    path = tmp_path / "trace.jsonl"
    lines = [f'{{"input_length": {tokens}, "hash_ids": {list(blocks)}}}' for tokens, blocks in TRACE]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert measure_prefix_reuse.main([str(path)]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "trace.jsonl: 0.52 with a cache without limit"
    assert measure_prefix_reuse.main([]) == 2
