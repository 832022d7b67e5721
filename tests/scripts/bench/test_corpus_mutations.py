"""Damaged copies: as many as asked for, different from the file, and the same for the same seed."""

from scripts.bench.corpus_mutations import WAYS, mutations

CONTENT = bytes(range(256)) * 64


def test_every_way_of_damage_comes_and_the_same_seed_damages_the_same() -> None:
    copies = dict(mutations(CONTENT, 40, seed=1))
    assert len(copies) == 40
    assert {name.partition("-")[2] for name in copies} == set(WAYS)
    assert all(content != CONTENT for content in copies.values())
    assert len(set(copies.values())) == 40
    assert dict(mutations(CONTENT, 40, seed=1)) == copies
    assert dict(mutations(CONTENT, 40, seed=2)) != copies


def test_cuts_leave_about_the_share_that_they_say() -> None:
    for name, content in mutations(CONTENT, 40, seed=1):
        share = len(content) / len(CONTENT)
        if "cut-25" in name:
            assert 0.2 < share < 0.3
        elif "cut-90" in name:
            assert 0.8 < share < 1
        else:
            assert share == 1


def test_files_of_a_few_bytes_are_damaged_as_well() -> None:
    for content in (b"", b"a", b"abc"):
        assert len(list(mutations(content, 16, seed=1))) == 16
