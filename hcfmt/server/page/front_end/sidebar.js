"use strict";
// The list of rooms and private conversations, with a filter.
(() => {
  const { byId, element } = hcfmt;
  const MOST = 300; // entries of a group that are shown at once
  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

  const GROUPS = [
    ["Rooms", (chat) => !chat.people && !chat.is_archived && !chat.is_deleted],
    ["Private conversations", (chat) => chat.people],
    ["Archived rooms", (chat) => !chat.people && chat.is_archived && !chat.is_deleted],
    ["Deleted rooms", (chat) => !chat.people && chat.is_deleted],
  ];

  const symbol = (chat) => {
    if (chat.people) return element("span", { class: "pair" }, ...chat.people.slice(0, 2).map((id) => hcfmt.avatar(id, hcfmt.people.name(id), "small")));
    return hcfmt.icon(chat.is_deleted ? "trash" : chat.is_archived ? "archive" : chat.privacy === "private" ? "lock" : "room");
  };

  // Both names of a pair are shortened, so that both can be seen.
  const label = (chat) => {
    const names = chat.people ? chat.people.map(hcfmt.people.name) : [hcfmt.chatName(chat)];
    const parts = names.flatMap((name, i) => [i > 0 && element("span", { class: "and" }, " & "), element("bdi", {}, name)]);
    return element("span", { class: "chat-label" }, ...parts);
  };

  const personTags = (chat) => ((chat.people ?? []).some((id) => hcfmt.people.get(id)?.is_deleted) ? ["with a deleted user"] : []);

  const entry = (chat) => {
    const tags = [...hcfmt.chatTags(chat), ...personTags(chat)];
    return element(
      "li",
      {},
      element(
        "a",
        { href: hcfmt.chatLink(chat.key), class: chat.count ? null : "no-messages", "data-key": chat.key, title: [hcfmt.chatName(chat), ...tags].join(" · ") },
        symbol(chat),
        label(chat),
        tags.length > 0 && element("span", { class: "unseen" }, `, ${tags.join(", ")}`),
        element("span", { class: "count", title: hcfmt.counted(chat.count, "message") }, hcfmt.number(chat.count)),
      ),
    );
  };

  hcfmt.Sidebar = class {
    constructor(overview) {
      const named = overview.chats.map((chat) => ({ chat, name: hcfmt.chatName(chat), words: `${hcfmt.chatName(chat)} ${this.mentions(chat)}`.toLowerCase() }));
      named.sort((one, other) => collator.compare(one.name, other.name));
      this.groups = GROUPS.map(([title, belongs]) => ({ title, entries: named.filter(({ chat }) => belongs(chat)), isOpen: true }));
      byId("archive").replaceChildren(element("bdi", {}, overview.name || "HipChat archive"));
      byId("filter").addEventListener("input", () => this.render());
      this.render();
    }

    mentions(chat) {
      return (chat.people ?? []).map((id) => hcfmt.people.get(id)?.mention_name ?? "").join(" ");
    }

    render() {
      const words = byId("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
      const shown = this.groups.map((group) => ({ group, entries: group.entries.filter((one) => words.every((word) => one.words.includes(word))) }));
      const nodes = shown.filter(({ entries }) => entries.length).map(({ group, entries }) => this.group(group, entries));
      byId("chats").replaceChildren(...(nodes.length ? nodes : [element("p", { class: "nothing" }, words.length ? "Nothing has this name." : "The archive has no rooms and no private conversations.")]));
      this.mark(this.key);
    }

    group({ title }, entries) {
      const list = element("ul", {}, ...entries.slice(0, MOST).map(({ chat }) => entry(chat)));
      const rest = entries.length - MOST;
      const more = element("button", { type: "button", class: "plain more" }, `Show ${hcfmt.number(Math.max(rest, 0))} more`);
      more.addEventListener("click", () => {
        list.append(...entries.slice(MOST).map(({ chat }) => entry(chat)));
        more.remove();
        this.mark(this.key);
      });
      return element("details", { open: true }, element("summary", {}, title, element("span", { class: "count" }, hcfmt.number(entries.length))), list, rest > 0 && more);
    }

    // Marks the chat that is shown.
    mark(key) {
      this.key = key;
      for (const link of byId("chats").querySelectorAll("a")) {
        if (link.dataset.key === key) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      }
    }

    // The keys of the chats that are listed, in order.
    keys() {
      return [...byId("chats").querySelectorAll("a")].map((link) => link.dataset.key);
    }
  };
})();
