"""Write an export's histories as a plain script would, a Faker call and json.dump for each message.

``python -m benchmarks.plain 1000000 1000 400 DIRECTORY``: messages, users, rooms. What hcfmt generate is compared with:
the same number of records with the same members, without any of what makes an export sound.
"""

import json
import sys
from pathlib import Path

from faker import Faker

SEED = 1
PRIVATE = 0.25


def write(messages: int, users: int, rooms: int, directory: Path) -> None:
    """Write a tree with users.json, rooms.json and all histories; the private messages stand in two of these."""
    Faker.seed(SEED)
    fake = Faker()
    people = [person(fake, number) for number in range(1, users + 1)]
    save([{"User": one} for one in people], directory / "users.json")
    save([{"Room": {"id": number, "name": fake.catch_phrase()}} for number in range(rooms)], directory / "rooms.json")
    private = round(messages * PRIVATE)
    for number in range(rooms):
        share = range(number, messages - private, rooms)
        save([{"UserMessage": message(fake, people)} for _ in share], directory / f"rooms/{number}/history.json")
    told = [message(fake, people) | {"receiver": person_of(fake, people)} for _ in range(private)]
    for number in range(users):
        both = told[number::users] + told[(number + 1) % users :: users]
        save([{"PrivateUserMessage": one} for one in both], directory / f"users/{number + 1}/history.json")


def person(fake: Faker, number: int) -> dict[str, object]:
    """Return a user."""
    return {"id": number, "name": fake.name(), "email": fake.email(), "mention_name": fake.user_name()}


def person_of(fake: Faker, people: list[dict[str, object]]) -> dict[str, object]:
    """Return a sender or a receiver."""
    one = fake.random_element(people)
    return {"id": one["id"], "mention_name": one["mention_name"], "name": one["name"], "version": ""}


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
