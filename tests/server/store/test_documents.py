"""The server's documents are JSON values, each of a kind and under a key."""

import pytest

from tests.support.store_exports import members, store_of, user


def test_documents_have_a_kind_and_a_key() -> None:
    with store_of(members([user(1)])) as store:
        store.put_document("token", "b", {"user": 1, "é": None})
        store.put_document("token", "a", [1, "x"])
        store.put_document("webhook", "a", "another")
        store.put_document("token", "b", 0)
        assert list(store.documents("token").items()) == [("b", 0), ("a", [1, "x"])]
        assert store.document("webhook", "a") == "another"
        assert store.document("session", "a") is None
        assert store.delete_document("token", "a")
        assert not store.delete_document("token", "a")
        assert store.documents("token") == {"b": 0}


def test_a_number_is_given_to_one_document_only() -> None:
    with store_of(members([user(1)])) as store:
        assert [store.add_document("webhook", at) for at in range(3)] == [1, 2, 3]
        store.delete_document("webhook", "3")
        assert store.add_document("webhook", "x") == 4
        assert store.add_document("addon", "x") == 1
        assert store.documents("webhook") == {"1": 0, "2": 1, "4": "x"}


def test_a_value_that_json_cannot_hold_is_refused() -> None:
    with store_of(members([user(1)])) as store:
        with pytest.raises(ValueError, match="JSON"):
            store.put_document("token", "a", {1})
        assert store.documents("token") == {}
