"""What is written for a COPY is read by PostgreSQL as what it was."""

from __future__ import annotations

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrastructure.read_models.copied import array

TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20)


@pytest.fixture(scope="module")
def copy(postgres_url):
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE TEMPORARY TABLE arrays (texts text[], ids uuid[], blobs bytea[])")
        yield connection


@given(texts=st.lists(TEXT), ids=st.lists(st.uuids()), blobs=st.lists(st.binary(max_size=40)))
def test_any_array_is_read_as_it_was(copy, texts, ids, blobs):
    with copy.cursor().copy("COPY arrays FROM STDIN") as to:
        to.write_row([array(texts), array(ids), array(blobs)])

    assert copy.execute("DELETE FROM arrays RETURNING *").fetchall() == [(texts, ids, blobs)]


@pytest.mark.parametrize("texts", [['"'], ["\\"], ["NULL"], ["{}"], [""], [",", "邻"], ['\\"', "a b"]])
def test_what_means_something_in_an_array_is_text_in_it(copy, texts):
    with copy.cursor().copy("COPY arrays (texts) FROM STDIN") as to:
        to.write_row([array(texts)])

    assert copy.execute("DELETE FROM arrays RETURNING texts").fetchall() == [(texts,)]
