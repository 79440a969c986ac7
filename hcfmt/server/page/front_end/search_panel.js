"use strict";
// The search: its words, where it looks, and the messages that it found.
(() => {
  const { byId, element } = hcfmt;
  const ENOUGH = 30; // hits that are added at once, if there are as many
  const PAUSE = 180; // milliseconds after a key before the search begins

  const marked = ({ text, marks }) => {
    const characters = Array.from(text);
    return (marks ?? []).map(([start, end]) => characters.slice(Math.max(start, 0), end).join(""));
  };

  const hitNode = (hit, chats) => {
    const chat = chats.get(hit.chat);
    const name = hit.name || hcfmt.people.name(hit.from);
    return element(
      "li",
      {},
      element(
        "a",
        { class: "hit", href: hcfmt.chatLink(hit.chat, `@${hit.i}`), on: { click: () => hcfmt.markFound(marked(hit)) } },
        element("span", { class: "hit-head" }, element("bdi", { class: "name" }, name), element("span", { class: "hit-chat" }, element("bdi", {}, chat ? hcfmt.chatName(chat) : hit.chat)), element("time", { title: hcfmt.exactTime(hit.time) }, hcfmt.shortDay(hit.time))),
        element("span", { class: "hit-text", dir: "auto" }, ...hcfmt.markedNodes(hit.text, hit.marks)),
      ),
    );
  };

  hcfmt.SearchPanel = class {
    // ``current()`` returns the chat that is shown.
    constructor(source, chats, current) {
      Object.assign(this, { source, chats, current, turn: 0 });
      this.field = element("input", { type: "search", id: "query", placeholder: "Words, or “a phrase”", autocomplete: "off", spellcheck: "false", "aria-describedby": "found", on: { input: () => this.typed() } });
      this.scope = element("input", { type: "checkbox", on: { change: () => this.navigate() } });
      this.scopeName = element("bdi");
      this.scopeLabel = element("label", { class: "check" }, this.scope, element("span", {}, "Only in ", this.scopeName));
      this.found = element("p", { class: "found", id: "found", role: "status" });
      this.hits = element("ol", { class: "hits" });
      this.more = element("button", { type: "button", class: "plain more", hidden: true, on: { click: () => this.next() } }, "Show more");
      const form = element("form", { role: "search", on: { submit: (event) => { event.preventDefault(); this.navigate(); } } }, element("label", { class: "field" }, element("span", { class: "unseen" }, "Search messages"), this.field), this.scopeLabel);
      this.nodes = [form, this.found, this.hits, this.more];
    }

    // Shows the search for a query, in a chat if there is a key.
    open(query, key) {
      const chat = this.chats.get(key) ?? this.current();
      this.scopeLabel.hidden = !chat;
      this.scoped = chat;
      this.scopeName.textContent = chat ? hcfmt.chatName(chat) : "";
      this.scope.checked = Boolean(key);
      if (this.field.value.trim() !== query) this.field.value = query;
      this.search(query, key);
    }

    typed() {
      clearTimeout(this.pause);
      this.pause = setTimeout(() => this.navigate(), PAUSE);
    }

    navigate() {
      clearTimeout(this.pause);
      const key = this.scope.checked ? this.scoped?.key : undefined;
      const hash = hcfmt.searchLink(this.field.value.trim(), key);
      if (location.hash === hash) return;
      // Letters of one search are not steps back.
      history[location.hash.startsWith("#search=") ? "replaceState" : "pushState"](null, "", hash);
      this.search(this.field.value.trim(), key);
    }

    async search(query, key) {
      if (query === this.query && key === this.key) return;
      Object.assign(this, { query, key, cursor: null, turn: this.turn + 1, shown: 0 });
      this.more.hidden = true;
      this.found.textContent = query ? "Searching …" : "";
      if (query) await this.next(true);
      else this.hits.replaceChildren();
    }

    // Adds a page of hits. An answer may hold few, even none, where the search looked through a part of the archive.
    async next(isFirst = false) {
      const { turn } = this;
      this.more.disabled = true;
      let [page, added] = [null, 0];
      do {
        page = await this.source.search(this.query, this.key, this.cursor).catch((error) => ({ error, hits: [] }));
        if (turn !== this.turn) return;
        if (isFirst && !added) this.hits.replaceChildren();
        this.hits.append(...page.hits.map((hit) => hitNode(hit, this.chats)));
        this.cursor = page.next;
        added += page.hits.length;
        this.shown += page.hits.length;
      } while (page.next && added < ENOUGH);
      this.more.disabled = false;
      this.more.hidden = !page.next;
      this.found.textContent = page.error ? `The search failed. ${page.error.message}` : this.summary(page);
    }

    summary(page) {
      if (!this.shown && !page.next) return "Nothing found.";
      if (page.total === null || page.total === undefined) return page.next ? `The newest ${hcfmt.counted(this.shown, "message")}` : hcfmt.counted(this.shown, "message");
      return `${page.is_total_exact ? "" : "About "}${hcfmt.counted(page.total, "message")}, the newest first`;
    }
  };

  hcfmt.searchLink = (query, key) => `#search=${hcfmt.encoded(query)}${key ? `&in=${hcfmt.encoded(key)}` : ""}`;
  byId("open-search").prepend(hcfmt.icon("search"));
})();
