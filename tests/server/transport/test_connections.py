"""How many connections one client has, and which of them makes room for another."""

from dataclasses import dataclass
from typing import Any

from hcfmt.server.transport.connections import Crowd, Place


@dataclass(eq=False)
class Holder:
    """Reads a connection, and is as it was set; as a transport it notes that it was aborted."""

    is_waiting: bool = True
    is_unused: bool = True
    is_aborted: bool = False

    def abort(self) -> None:
        self.is_aborted = True


def place(client: str, **state: bool) -> Any:  # noqa: ANN401 - a Place, whose transport is no transport
    holder: Any = Holder(**state)
    return Place(holder, holder, holder, client)


def test_each_client_has_places_of_its_own() -> None:
    crowd = Crowd(9, 2)
    assert all(crowd.enter(place(client, is_waiting=False)) for client in ("a", "b", "a", "b"))
    assert [crowd.enter(place(client)) for client in ("a", "b", "c")] == [False, False, True]


def test_a_place_that_is_given_back_is_free_once() -> None:
    crowd, first, busy = Crowd(9, 1), place("a"), {"is_waiting": False}
    assert crowd.enter(first)
    crowd.leave(first)
    crowd.leave(first)
    assert crowd.enter(place("a", **busy))
    crowd.leave(first)
    assert not crowd.enter(place("a", **busy))


def test_a_connection_that_waits_makes_room_an_unused_one_first_and_the_oldest_of_them() -> None:
    crowd, new = Crowd(9, 4), {"is_unused": False}
    there = [place("a", is_waiting=False), place("a", **new), place("a"), place("a")]
    assert all(map(crowd.enter, there))
    for expected in ([2], [2, 3], [2, 3, 1]):
        assert crowd.enter(place("a", is_waiting=False))
        assert [number for number, one in enumerate(there) if one.holder.is_aborted] == sorted(expected)
    assert crowd.enter(place("b"))
    assert not crowd.enter(place("a"))


def test_of_one_place_the_one_who_waits_goes() -> None:
    crowd = Crowd(9, 1)
    places = [place("a") for _ in range(3)]
    assert all(map(crowd.enter, places))
    assert [one.holder.is_aborted for one in places] == [True, True, False]


def test_when_all_places_are_taken_the_client_with_the_most_makes_room_for_those_with_fewer() -> None:
    crowd = Crowd(4, 3)
    many, few = [place("a") for _ in range(3)], place("b")
    assert all(map(crowd.enter, [*many, few]))
    assert crowd.enter(place("b", is_waiting=False))
    assert [one.holder.is_aborted for one in (*many, few)] == [True, False, False, False]
    assert crowd.enter(place("c"))
    assert sum(one.holder.is_aborted for one in (*many, few)) == 2


def test_when_all_places_are_taken_a_client_with_as_many_as_any_is_refused() -> None:
    crowd = Crowd(4, 3)
    places = [place(client) for client in ("a", "b", "a", "b")]
    assert all(map(crowd.enter, places))
    assert not crowd.enter(place("a"))
    assert not any(one.holder.is_aborted for one in places)
