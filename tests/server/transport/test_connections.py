"""Tests of the limits of connections, and of which connection makes room for another."""

from dataclasses import dataclass, field

from hcfmt.server.transport.connections import Connection, Connections


@dataclass
class Client:
    """Creates connections and notes which of them were aborted."""

    aborted: list[Connection] = field(default_factory=list)

    def connection(self, key: str, *, is_idle: bool = True, is_unused: bool = True) -> Connection:
        connection = Connection(key, lambda: None, is_idle, is_unused)
        connection.abort = lambda: self.aborted.append(connection)
        return connection


def test_each_client_has_a_limit_of_its_own() -> None:
    connections, client = Connections(9, 2), Client()
    assert all(connections.add(client.connection(key, is_idle=False)) for key in ("a", "b", "a", "b"))
    assert [connections.add(client.connection(key)) for key in ("a", "b", "c")] == [False, False, True]


def test_a_removed_connection_makes_room_once() -> None:
    connections, client = Connections(9, 1), Client()
    first = client.connection("a")
    assert connections.add(first)
    connections.remove(first)
    connections.remove(first)
    assert connections.add(client.connection("a", is_idle=False))
    connections.remove(first)
    assert not connections.add(client.connection("a", is_idle=False))


def test_an_idle_connection_makes_room_an_unused_one_first_and_the_oldest_of_them() -> None:
    connections, client = Connections(9, 4), Client()
    busy = client.connection("a", is_idle=False)
    used, first, second = client.connection("a", is_unused=False), client.connection("a"), client.connection("a")
    assert all(map(connections.add, [busy, used, first, second]))
    for expected in ([first], [first, second], [first, second, used]):
        assert connections.add(client.connection("a", is_idle=False))
        assert client.aborted == expected
    assert connections.add(client.connection("b"))
    assert not connections.add(client.connection("a"))


def test_with_a_limit_of_one_the_idle_connection_makes_room() -> None:
    connections, client = Connections(9, 1), Client()
    opened = [client.connection("a") for _ in range(3)]
    assert all(map(connections.add, opened))
    assert client.aborted == opened[:2]


def test_at_the_total_limit_the_client_with_the_most_makes_room_for_those_with_fewer() -> None:
    connections, client = Connections(4, 3), Client()
    many, few = [client.connection("a") for _ in range(3)], client.connection("b")
    assert all(map(connections.add, [*many, few]))
    assert connections.add(client.connection("b", is_idle=False))
    assert client.aborted == many[:1]
    assert connections.add(client.connection("c"))
    assert len(client.aborted) == 2


def test_at_the_total_limit_a_client_with_as_many_as_any_is_refused() -> None:
    connections, client = Connections(4, 3), Client()
    assert all(map(connections.add, [client.connection(key) for key in ("a", "b", "a", "b")]))
    assert not connections.add(client.connection("a"))
    assert client.aborted == []


def test_all_connections_are_aborted_together() -> None:
    connections, client = Connections(4, 3), Client()
    opened = [client.connection(key) for key in ("a", "b", "a")]
    assert all(map(connections.add, opened))
    connections.abort_all()
    assert {id(connection) for connection in client.aborted} == {id(connection) for connection in opened}
