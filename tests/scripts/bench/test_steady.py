"""What a soak calls growth."""

import pytest

from scripts.bench.steady import growth


def test_growth_is_the_slope_of_what_comes_after_the_warm_up() -> None:
    moments = [float(second) for second in range(0, 100, 2)]
    warming = [100.0 * second if second < 20 else 2000.0 + 0.5 * (second - 20) for second in moments]

    assert growth(moments, warming, warm=20, over=600) == pytest.approx(300)


def test_what_goes_up_and_down_does_not_grow() -> None:
    moments = [float(second) for second in range(101)]

    assert growth(moments, [5.0 + second % 2 for second in range(101)], 0, 600) == pytest.approx(0, abs=0.1)
