"use strict";
// Keyboard shortcuts, and the list of them.
(() => {
  const { byId, element } = hcfmt;
  const isTyping = (target) => target instanceof Element && target.closest("input, textarea, select, [contenteditable]");

  const LISTED = [
    ["j k", "next, previous message"],
    ["↓ ↑ PgDn PgUp", "scroll"],
    ["Home End", "first, last message"],
    ["n p", "next, previous room or person"],
    ["/", "search all messages"],
    ["s", "search this chat"],
    ["f", "filter rooms and people"],
    ["g", "go to a day"],
    ["c", "copy the link to the chosen message"],
    ["i", "about this chat"],
    ["Esc", "close the panel"],
    ["?", "this list"],
  ];

  const scroll = (share) => byId("messages").scrollBy({ top: share * byId("messages").clientHeight });

  // ``page`` has the actions; a key that scrolls is left to the browser where the messages have the focus.
  hcfmt.listenToKeys = (page) => {
    const keys = {
      j: () => page.conversation.step(1),
      k: () => page.conversation.step(-1),
      Home: () => page.conversation.showEnd(false),
      End: () => page.conversation.showEnd(true),
      n: () => page.openNext(1),
      p: () => page.openNext(-1),
      "/": () => page.openSearch(),
      s: () => page.openSearch(page.conversation.chat?.key),
      f: () => byId("filter").focus(),
      g: () => byId("day").focus(),
      c: () => page.copyChosen(),
      i: () => page.openAbout(),
      "?": () => byId("help").showModal(),
    };
    const scrolling = { ArrowDown: 0.1, ArrowUp: -0.1, PageDown: 0.9, PageUp: -0.9, " ": 0.9 };
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
      if (event.key === "Escape") page.escape();
      if (event.key === "Escape" || isTyping(event.target)) return;
      const action = keys[event.key];
      const isElsewhere = event.target === document.body;
      if (action) action();
      else if (event.key in scrolling && isElsewhere) scroll(scrolling[event.key]);
      else return;
      event.preventDefault();
    });
    byId("keys").replaceChildren(...LISTED.flatMap(([names, does]) => [element("dt", {}, ...names.split(" ").map((key) => element("kbd", {}, key))), element("dd", {}, does)]));
  };
})();
