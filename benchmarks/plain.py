"""A plain script that writes an export's histories with Faker and json.dump, to compare ``hcfmt generate`` with.

``python -m benchmarks.plain 1000000 1000 400 DIRECTORY``: messages, users, rooms. The export has as many records as a
generated one, with the same properties, but is not consistent.
"""

import json
import sys
from pathlib import Path

from faker import Faker

SEED = 1
PRIVATE = 0.25


def write(messages: int, users: int, rooms: int, directory: Path) -> None:
    """Write a directory with users.json, rooms.json and all histories; a private message is in two histories."""
    Faker.seed(SEED)
    fake = Faker()
    people = [person(fake, number) for number in range(1, users + 1)]
    save([{"User": user} for user in people], directory / "users.json")
    save([{"Room": {"id": number, "name": fake.catch_phrase()}} for number in range(rooms)], directory / "rooms.json")
    private = round(messages * PRIVATE)
    for number in range(rooms):
        share = range(number, messages - private, rooms)
        save([{"UserMessage": message(fake, people)} for _ in share], directory / f"rooms/{number}/history.json")
    private_messages = [message(fake, people) | {"receiver": person_of(fake, people)} for _ in range(private)]
    for number in range(users):
        both = private_messages[number::users] + private_messages[(number + 1) % users :: users]
        save([{"PrivateUserMessage": record} for record in both], directory / f"users/{number + 1}/history.json")


def person(fake: Faker, number: int) -> dict[str, object]:
    """Return a user."""
    return {"id": number, "name": fake.name(), "email": fake.email(), "mention_name": fake.user_name()}


def person_of(fake: Faker, people: list[dict[str, object]]) -> dict[str, object]:
    """Return a sender or a receiver."""
    user = fake.random_element(people)
    return {"id": user["id"], "mention_name": user["mention_name"], "name": user["name"], "version": ""}


def message(fake: Faker, people: list[dict[str, object]]) -> dict[str, object]:
    """Return a message."""
    return {
        "id": fake.uuid4(),
        "type": "muc_message",
        "sender": person_of(fake, people),
        "message": fake.sentence(nb_words=12),
        "mentions": [],
        "attachment": None,
        "timestamp": fake.date_time_this_decade().strftime("%Y-%m-%dT%H:%M:%SZ %f"),
    }


def save(value: object, path: Path) -> None:
    """Write a JSON file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        json.dump(value, file)


if __name__ == "__main__":
    write(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
