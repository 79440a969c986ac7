"use strict";
// The people of the archive, their avatars, and the names of chats.
(() => {
  const byId = new Map();
  const byMention = new Map();
  const COLORS = 8; // classes "color-0" to "color-7" of the style sheet

  const number = (text) => {
    let sum = 0;
    for (const character of text) sum = (sum * 31 + character.codePointAt(0)) % 9973;
    return sum;
  };

  const initials = (name) => {
    const words = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    const chosen = words.length > 1 ? [words[0], words.at(-1)] : words;
    return chosen.map((word) => Array.from(word)[0].toUpperCase()).join("") || "?";
  };

  hcfmt.people = {
    fill(people) {
      for (const person of people) {
        byId.set(person.id, person);
        if (person.mention_name) byMention.set(person.mention_name.toLowerCase(), person);
      }
    },
    get: (id) => byId.get(id),
    mentioned: (key) => byMention.get(key),
    name: (id) => byId.get(id)?.name || (id === undefined || id === null ? "Unknown" : `Unknown (id ${id})`),
  };

  // A round picture, or initials on a colour where there is none.
  hcfmt.avatar = (id, name, kind = "") => {
    const person = hcfmt.people.get(id);
    const label = hcfmt.element("span", { class: `avatar color-${number(String(id ?? name)) % COLORS} ${kind}`, "aria-hidden": "true" }, initials(name ?? ""));
    const url = hcfmt.fileAddress(person?.avatar);
    if (url) {
      const image = hcfmt.element("img", { src: url, alt: "", decoding: "async" });
      image.addEventListener("error", () => image.remove());
      label.append(image);
    }
    return label;
  };

  hcfmt.chatName = (chat) => (chat.people ? chat.people.map(hcfmt.people.name).join(" & ") : chat.name || "Unnamed room");
  // Half a character, which encodeURIComponent refuses, has no place in an address.
  hcfmt.encoded = (text) => encodeURIComponent(String(text).replace(/\p{Surrogate}/gu, "\ufffd"));
  hcfmt.chatLink = (key, place = "") => `#${hcfmt.encoded(key)}${place === "" ? "" : `/${hcfmt.encoded(place)}`}`;

  // What is special about a room or a person, in a word.
  hcfmt.chatTags = (chat) => [
    chat.privacy === "private" && "private",
    chat.is_archived && "archived",
    chat.is_deleted && "deleted",
  ].filter(Boolean);
})();
