"""The tree of RFC 9162: the published vectors, and every size against a tree that is made by its definition."""

from __future__ import annotations

import json
import os
import tarfile
from base64 import b64decode
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.proof.tree import (
    EMPTY,
    NotProven,
    check_inclusion,
    consistency,
    inclusion,
    leaf_hash,
    node_hash,
    root,
)
from tests.proof.bundles import stand_alone
from tests.proof.checks import check_consistency, check_inclusion_in_part, check_part

ROOT = Path(__file__).resolve().parents[2]
VECTORS = ROOT / os.environ.get("REAL_DATA", "../shared/data") / "merkle-testdata.tar.gz"
here = pytest.mark.skipif(not VECTORS.is_file(), reason="the published vectors (REAL_DATA) are not here")


def vectors():
    with tarfile.open(VECTORS) as archive:
        for member in sorted(archive.getmembers(), key=lambda one: one.name):
            if member.name.endswith(".json"):
                found = archive.extractfile(member)
                assert found
                yield member.name.removeprefix("testdata/"), json.load(found)


KNOWN = dict(vectors()) if VECTORS.is_file() else {}


def hashes(told):
    return [b64decode(one) for one in told or []]


def checked(name, told):
    proof = hashes(told["proof"])
    kind = name.split("/")[0]
    if kind == "inclusion":
        leaf, whole = b64decode(told["leafHash"]), b64decode(told["root"])
        check_inclusion(leaf, told["leafIdx"], told["treeSize"], proof, whole)
    elif kind == "consistency":
        roots = b64decode(told["root1"] or ""), b64decode(told["root2"] or "")
        check_consistency(told["size1"], told["size2"], proof, *roots)
    elif kind == "subtreeconsistency":
        roots = b64decode(told["root1"] or ""), b64decode(told["root2"] or "")
        check_part(told["start"], told["end"], told["size"], proof, *roots)
    else:
        leaf, part = b64decode(told["leafHash"] or ""), b64decode(told["root"] or "")
        check_inclusion_in_part(leaf, told["leafIdx"], told["start"], told["end"], proof, part)


def judged_otherwise(check, refusal):
    """The vectors that should be proven and are not, or the other way round."""
    for name, told in KNOWN.items():
        try:
            check(name, told)
        except refusal as refused:
            if not told.get("wantErr"):
                yield f"{name} is refused: {refused}"
        else:
            if told.get("wantErr"):
                yield f"{name} is believed"


@here
def test_the_published_vectors_are_judged_as_published():
    assert list(judged_otherwise(checked, NotProven)) == []


SCRIPT = stand_alone()


def checked_by_script(name, told):
    proof = hashes(told["proof"])
    kind = name.split("/")[0]
    if kind == "consistency":
        roots = b64decode(told["root1"] or ""), b64decode(told["root2"] or "")
        SCRIPT.check_consistency(told["size1"], told["size2"], proof, *roots)
    elif kind == "subtreeconsistency":
        roots = b64decode(told["root1"] or ""), b64decode(told["root2"] or "")
        SCRIPT.check_part(told["start"], told["end"], told["size"], proof, *roots)
    else:
        end, start = told.get("end", told.get("treeSize")), told.get("start", 0)
        leaf, root = b64decode(told["leafHash"] or ""), b64decode(told["root"] or "")
        SCRIPT.check_inclusion(leaf, told["leafIdx"], end, proof, root, start)


@here
def test_the_stand_alone_script_judges_them_as_published():
    assert list(judged_otherwise(checked_by_script, ValueError)) == []


@here
def test_all_published_vectors_are_there():
    assert len(KNOWN) == 518
    assert {bool(one.get("wantErr")) for one in KNOWN.values()} == {True, False}


LEAVES = [leaf_hash(str(number).encode()) for number in range(200)]


def defined(start, end):
    """Section 2.1.1, word for word."""
    if start == end:
        return EMPTY
    if end - start == 1:
        return LEAVES[start]
    half = 1
    while half * 2 < end - start:
        half *= 2
    return node_hash(defined(start, start + half), defined(start + half, end))


@cache
def whole(level, index):
    return defined(index << level, (index + 1) << level)


@pytest.mark.parametrize("size", range(0, 200, 7))
def test_the_root_is_as_defined(size):
    assert root(size, whole) == defined(0, size)


@given(size=st.integers(1, 200), data=st.data())
def test_every_leaf_is_proven_and_no_other(size, data):
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion(index, size, whole)

    check_inclusion(LEAVES[index], index, size, proof, defined(0, size))

    other = data.draw(st.integers(0, size - 1).filter(lambda one: one != index) if size > 1 else st.just(199))
    with pytest.raises(NotProven):
        check_inclusion(LEAVES[other], index, size, proof, defined(0, size))


@given(new=st.integers(1, 200), data=st.data())
def test_every_beginning_is_proven_and_no_other(new, data):
    old = data.draw(st.integers(1, new))
    proof = consistency(old, new, whole)

    check_consistency(old, new, proof, defined(0, old), defined(0, new))

    with pytest.raises(NotProven):
        check_consistency(old, new, proof, defined(0, old - 1), defined(0, new))


@given(new=st.integers(2, 200), data=st.data(), bit=st.integers(0, 255))
def test_a_proof_with_one_bit_changed_proves_nothing(new, data, bit):
    old = data.draw(st.integers(1, new))
    for proof, check in (
        (consistency(old, new, whole), lambda it: check_consistency(old, new, it, defined(0, old), defined(0, new))),
        (
            inclusion(old - 1, new, whole),
            lambda it: check_inclusion(LEAVES[old - 1], old - 1, new, it, defined(0, new)),
        ),
    ):
        if proof:
            place = data.draw(st.integers(0, len(proof) - 1))
            spoilt = bytearray(proof[place])
            spoilt[bit // 8] ^= 1 << bit % 8
            with pytest.raises(NotProven):
                check([*proof[:place], bytes(spoilt), *proof[place + 1 :]])
