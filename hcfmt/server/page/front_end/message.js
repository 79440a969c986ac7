"use strict";
// Turns a message into its row of the conversation.
(() => {
  const { element } = hcfmt;
  const TOGETHER = 5 * 60 * 1000; // messages of one person within this time stand below one name
  const LONGEST = 3000; // characters that are shown before "Show all"
  const MOST_LINES = 40;
  const SAID = new Set(["message", "private"]);
  const COLORS = new Set(["yellow", "green", "red", "purple", "gray", "grey"]);

  const startsDay = (message, before) => !before || hcfmt.dayOf(message.time) !== hcfmt.dayOf(before.time);

  const continues = (message, before) =>
    before && SAID.has(message.kind) && SAID.has(before.kind) && message.from === before.from && message.name === before.name &&
    !message.me && !before.me && Math.abs(message.time - before.time) < TOGETHER && !startsDay(message, before);

  hcfmt.placeOf = (message) => message.id || `@${message.i}`;
  hcfmt.senderName = (message) => message.name || hcfmt.people.name(message.from);

  // Cuts a text that is longer than the limits, at most at one place.
  const cut = (text) => {
    let end = Math.min(text.length, LONGEST);
    for (let line = 0, at = -1; line < MOST_LINES; line += 1) {
      at = text.indexOf("\n", at + 1);
      if (at < 0 || at > end) return end;
      if (line === MOST_LINES - 1) end = at;
    }
    return end;
  };

  const shortened = (parts) => {
    const kept = [];
    let rest = LONGEST;
    for (const part of parts) {
      const text = typeof part === "string" ? part : part.text ?? "\n";
      const end = Math.min(cut(text), rest);
      if (end < text.length) return [...kept, typeof part === "string" ? text.slice(0, end) : { ...part, text: text.slice(0, end) }];
      kept.push(part);
      rest -= Math.max(text.length, 8);
    }
    return kept;
  };

  const isEmojiOnly = (nodes) => nodes.length > 0 && nodes.length <= 7 && nodes.every((node) => (typeof node === "string" ? node.trim() === "" : node.matches(".emoji, .emoticon")));

  const content = (message, parts) => {
    if (message.code) return element("pre", { class: "code", tabindex: "-1" }, hcfmt.plainText(parts));
    const nodes = hcfmt.partNodes(parts);
    const kind = message.quote ? "blockquote" : message.deleted ? "del" : "div";
    return element(kind, { class: isEmojiOnly(nodes) ? "text large" : "text", dir: "auto" }, ...nodes);
  };

  const textNodes = (message) => {
    const parts = message.parts ?? [];
    if (!parts.length) return [];
    const short = shortened(parts);
    const text = content(message, short);
    if (short.length === parts.length && hcfmt.plainText(short).length === hcfmt.plainText(parts).length) return [text];
    const all = hcfmt.plainText(parts).length;
    const button = element("button", { type: "button", class: "plain more" }, message.cut ? `Show ${hcfmt.number(all)} of ${hcfmt.number(message.cut)} characters` : `Show all ${hcfmt.number(all)} characters`);
    button.addEventListener("click", () => {
      text.replaceWith(content(message, parts));
      button.remove();
    });
    return [text, button];
  };

  const attached = (message) => [
    message.file && hcfmt.fileNode(message.file),
    ...(message.previews ?? []).map((preview) => hcfmt.previewNode(preview, hcfmt.plainText(message.parts))),
    message.card && hcfmt.cardNode(message.card),
  ];

  const timeLink = (chat, message) =>
    element("a", { class: "time", href: hcfmt.chatLink(chat.key, hcfmt.placeOf(message)), title: hcfmt.exactTime(message.time), tabindex: "-1" }, hcfmt.clock(message.time));

  const copyButton = (chat, message) => {
    const button = element("button", { type: "button", class: "icon copy", title: "Copy the link to this message (c)", tabindex: "-1" });
    hcfmt.iconButton(button, "link", "Copy the link to this message");
    button.addEventListener("click", () => hcfmt.copyLink(hcfmt.chatLink(chat.key, hcfmt.placeOf(message))));
    return button;
  };

  hcfmt.copyLink = (link) => {
    const address = new URL(link, location.href).href;
    const done = () => hcfmt.notify("The link is copied.");
    if (!navigator.clipboard) return prompt("The link to this message", address); // not there without HTTPS, as in files
    return navigator.clipboard.writeText(address).then(done, () => prompt("The link to this message", address));
  };

  const EVENTS = {
    topic: (message) => (message.parts?.length ? "changed the topic to " : "removed the topic"),
    guest_access: (message) => (message.enabled ? "turned guest access on " : "turned guest access off "),
    archive: (message) => (message.archived ? "archived the room" : "took the room out of the archive"),
  };
  const EVENT_ICONS = { topic: "topic", guest_access: "link", archive: "archive" };

  const event = (message, name) => {
    const text = message.kind !== "archive" && message.parts?.length ? hcfmt.partNodes(shortened(message.parts)) : null;
    const sentence = [element("bdi", { class: "name" }, name), " ", EVENTS[message.kind](message)];
    return element("div", { class: "event" }, hcfmt.icon(EVENT_ICONS[message.kind]), element("p", {}, ...sentence, text && element("span", { class: "new", dir: "auto" }, ...text)));
  };

  const deletion = (message) => message.deleted && element("span", { class: "tag deleted" }, "deleted");

  const body = (message, name) => {
    if (EVENTS[message.kind]) return [event(message, name)];
    if (message.me) return [element("div", { class: "me" }, element("bdi", { class: "name" }, name), " ", ...textNodes(message), deletion(message)), ...attached(message)];
    const texts = textNodes(message);
    const nothing = !texts.length && !message.file && !message.card && !message.previews?.length;
    const note = message.deleted && !texts.length ? element("p", { class: "gone" }, "This message was deleted.") : nothing && element("p", { class: "gone" }, "Empty message");
    return [...texts, note, ...attached(message)];
  };

  // The row of a message: the day if it is the first of one, then the message.
  hcfmt.messageRow = (chat, message, before, findings) => {
    const isFirst = !continues(message, before);
    const name = hcfmt.senderName(message);
    const isSaid = SAID.has(message.kind);
    const isNotification = message.kind === "notification";
    const color = isNotification ? ` notification ${COLORS.has(message.color) ? message.color : "gray"}` : "";
    const showsName = isFirst && (isSaid || isNotification) && !message.me;
    const head = showsName && element("p", { class: "head" }, element("bdi", { class: "name" }, name), timeLink(chat, message), deletion(message));
    const article = element(
      "article",
      {
        class: `message${isFirst ? " first" : ""}${message.deleted ? " is-deleted" : ""}${isSaid && !message.me ? "" : " aside"}${color}`,
        tabindex: "-1", "aria-posinset": message.i + 1, "aria-setsize": chat.count, "aria-label": `${name}, ${hcfmt.clock(message.time)}`,
      },
      showsName && isSaid ? hcfmt.avatar(message.from, name) : element("span", { class: "gutter" }, !head && timeLink(chat, message)),
      element("div", { class: "content" }, head, ...body(message, name), !head && !message.me && message.deleted && message.parts?.length ? deletion(message) : null, findings?.length ? hcfmt.findingsNode(findings) : null),
      copyButton(chat, message),
    );
    const day = startsDay(message, before) && element("div", { class: "day" }, element("span", {}, hcfmt.longDay(message.time)));
    const end = `${message.i === 0 ? " first-of-all" : ""}${message.i === chat.count - 1 ? " last-of-all" : ""}`;
    const row = element("div", { class: `row${end}`, "data-i": message.i }, day, article);
    row.message = message;
    return row;
  };
})();
