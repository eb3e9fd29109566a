"""What counts as equal."""

from workbook_tools.core.tolerances import ABOUT, EQUAL_SHARES, NOISE, PRINTED, STORED, rounding


def test_the_noise_of_sums_is_no_difference_and_one_hundredth_of_a_percent_is():
    assert NOISE.same(0.1 + 0.2, 0.3) and not NOISE.same(0.9999, 1.0)
    assert not NOISE.above(0.1 + 0.2, 0.3) and NOISE.above(0.3001, 0.3)
    assert not NOISE.below(0.3, 0.1 + 0.2) and NOISE.below(0.2999, 0.3)


def test_a_stored_number_may_lose_its_last_digits_whatever_its_size():
    assert STORED.same(123456789012.34567, 123456789012.346) and not STORED.same(123456789012.3, 123456789999.3)


def test_a_printed_figure_may_be_rounded_by_half_of_its_last_place():
    assert PRINTED.same(13.33, 13.3333) and not PRINTED.same(13.3, 13.3333)
    assert NOISE.same(86.67, 86.6666667, rounding("86.67")) and not NOISE.same(86.66, 86.6666667, rounding("86.66"))


def test_weights_that_split_the_points_evenly_may_be_rounded_and_those_that_do_not_are_no_equal_ones():
    assert EQUAL_SHARES.same(12.9, 90 / 7) and not EQUAL_SHARES.same(13.0, 90 / 7)


def test_about_admits_to_a_twentieth():
    assert ABOUT.same(290, 300) and not ABOUT.same(250, 300)
