"use strict";
// Starts the page, and shows what the address says: #CHAT, #CHAT/MESSAGE, #search=WORDS, #findings.
(() => {
  const { byId, element } = hcfmt;

  const PANELS = /^#(?:search=|findings$)/;

  const decoded = (text) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };

  const parsed = (hash) => {
    const text = hash.slice(1);
    if (text.startsWith("search=")) {
      const [query, key] = text.slice("search=".length).split("&in=");
      return { query: decoded(query), key: key && decoded(key) };
    }
    const [key, place] = text.split("/", 2).map(decoded);
    return { key, place };
  };

  class Page {
    constructor(source, overview) {
      Object.assign(this, { source, findings: null, chats: new Map(overview.chats.map((chat) => [chat.key, chat])) });
      hcfmt.people.fill(overview.people);
      hcfmt.emoticons = new Map(Object.entries(overview.emoticons ?? {}));
      this.sidebar = new hcfmt.Sidebar(overview);
      this.conversation = new hcfmt.Conversation(source, overview.chunk || 200);
      this.search = new hcfmt.SearchPanel(source, this.chats, () => this.conversation.chat);
      this.isSearchable = overview.searchable !== false;
      byId("open-search").hidden = byId("search-chat").hidden = !this.isSearchable;
      this.omissions = Object.entries(overview.omissions ?? {});
      byId("empty").replaceChildren(...summary(overview));
      this.describeState();
    }

    listen() {
      byId("open-search").addEventListener("click", () => this.openSearch());
      byId("search-chat").addEventListener("click", () => this.openSearch(this.conversation.chat?.key));
      byId("open-about").addEventListener("click", () => this.openAbout());
      byId("open-help").addEventListener("click", () => byId("help").showModal());
      byId("close-panel").addEventListener("click", () => this.closePanel());
      byId("skip").addEventListener("click", (event) => {
        event.preventDefault();
        byId("messages").focus();
      });
      for (const dialog of [byId("help"), byId("picture")]) dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
      addEventListener("hashchange", () => this.route());
      // A link to where the page is already leads there again.
      document.addEventListener("click", (event) => {
        const link = event.target.closest("a[href^='#']");
        if (link && link.id !== "skip" && link.hash === location.hash) this.route();
      });
      hcfmt.listenToKeys(this);
    }

    async route() {
      const { query, key, place } = parsed(location.hash);
      if (query !== undefined) {
        this.showSearch(query, key);
        return;
      }
      if (key === "findings") {
        this.showFindings();
        return;
      }
      const chat = this.chats.get(key);
      document.body.classList.toggle("in-chat", Boolean(chat));
      if (!chat) {
        if (key) hcfmt.notify("The archive has no such room or conversation.");
        return;
      }
      this.sidebar.mark(key);
      if (byId("panel").dataset.kind !== "search" || !place?.startsWith("@")) hcfmt.markFound([]);
      if (byId("panel").dataset.kind === "about" && chat !== this.conversation.chat) hcfmt.closePanel();
      if (matchMedia("(max-width: 60rem)").matches) hcfmt.closePanel();
      // Whoever chose in the list goes on with the messages.
      if (byId("chats").contains(document.activeElement)) byId("messages").focus({ preventScroll: true });
      this.conversation.list.busy(true); // from here on, as a link to a message is looked up first
      await this.conversation.open(chat, await this.index(chat, place));
    }

    // The index of a message by its place in a link.
    async index(chat, place) {
      if (!place) return undefined;
      const number = /^@(\d{1,15})$/.exec(place);
      const i = number ? Number(number[1]) : await this.source.place(chat.key, place).catch(() => null);
      if (typeof i === "number" && i < chat.count) return i;
      hcfmt.notify("This chat has no such message.");
      return undefined;
    }

    openNext(by) {
      const keys = this.sidebar.keys();
      const at = keys.indexOf(this.sidebar.key);
      const key = keys[at < 0 ? 0 : Math.min(Math.max(at + by, 0), keys.length - 1)];
      if (key) location.hash = hcfmt.chatLink(key);
    }

    openSearch(key) {
      if (!this.isSearchable) return;
      history.pushState(null, "", hcfmt.searchLink(this.search.field.value.trim(), key));
      this.showSearch(this.search.field.value.trim(), key);
      this.search.field.focus();
      this.search.field.select();
    }

    showSearch(query, key) {
      hcfmt.openPanel("search", "Search", this.search.nodes);
      this.search.open(query, key);
    }

    // Closes the panel; its address would not open it again, so the page gets that of the chat.
    closePanel() {
      hcfmt.closePanel();
      const { chat } = this.conversation;
      if (PANELS.test(location.hash)) history.replaceState(null, "", chat ? hcfmt.chatLink(chat.key) : "#");
    }

    openAbout() {
      const { chat } = this.conversation;
      if (!chat) return;
      hcfmt.openPanel("about", hcfmt.chatName(chat), hcfmt.aboutNodes(chat));
      byId("close-panel").focus();
    }

    showFindings() {
      hcfmt.openPanel("findings", "Findings", hcfmt.findingsNodes(this.findings, this.chats));
    }

    escape() {
      if (!byId("panel").hidden) this.closePanel();
      else byId("messages").focus({ preventScroll: true });
    }

    copyChosen() {
      const link = this.conversation.chosenLink();
      if (link) hcfmt.copyLink(link);
      else hcfmt.notify("No message is chosen. Choose one with j or k.");
    }

    describeState() {
      const { findings } = this;
      const isChecked = findings?.state === "checked";
      const text = !findings ? "Being checked …" : isChecked ? hcfmt.counted(findings.total, "finding") : "Not checked";
      const verdict = isChecked ? hcfmt.verdictClass(findings.verdict) : "";
      const omitted = this.omissions.map(([what, number]) => element("p", {}, `Left out: ${hcfmt.number(number)} ${what}`));
      byId("state").replaceChildren(element("a", { href: "#findings", class: `state ${verdict}` }, hcfmt.icon("flag"), element("span", {}, text)), ...omitted);
    }

    async readFindings() {
      this.findings = await this.source.findings().catch((error) => ({ state: "not checked", reason: error.message }));
      const places = new Map();
      for (const finding of this.findings.findings ?? []) {
        if (typeof finding.chat !== "string" || !Number.isInteger(finding.i)) continue;
        if (!places.has(finding.chat)) places.set(finding.chat, new Map());
        const ofChat = places.get(finding.chat);
        ofChat.set(finding.i, [...(ofChat.get(finding.i) ?? []), finding]);
      }
      if (places.size) this.conversation.showFindings(places);
      this.describeState();
      if (!byId("panel").hidden && byId("panel").dataset.kind === "findings") this.showFindings();
    }
  }

  // What the archive holds, as long as no chat is chosen.
  const summary = ({ chats, people }) => {
    const rooms = chats.filter((chat) => !chat.people).length;
    const counts = [
      hcfmt.counted(chats.reduce((sum, chat) => sum + chat.count, 0), "message"), hcfmt.counted(rooms, "room"),
      hcfmt.counted(chats.length - rooms, "private conversation"), hcfmt.counted(people.length, "person", "people"),
    ];
    const times = chats.flatMap((chat) => [chat.first, chat.last]).filter(hcfmt.isTime);
    const earliest = times.reduce((one, other) => Math.min(one, other), Infinity);
    const latest = times.reduce((one, other) => Math.max(one, other), -Infinity);
    return [element("span", {}, counts.join(" · ")), times.length > 0 && element("span", {}, `${hcfmt.shortDay(earliest)} to ${hcfmt.shortDay(latest)}`)].filter(Boolean);
  };

  const nameButtons = () => {
    const names = { back: ["back", "Back to rooms and people"], "open-help": ["help", "Keyboard shortcuts"], "search-chat": ["search", "Search in this chat"], "open-about": ["info", "About this chat"], "close-panel": ["close", "Close"] };
    for (const [id, [icon, name]] of Object.entries(names)) hcfmt.iconButton(byId(id), icon, name);
  };

  const start = async () => {
    nameButtons();
    try {
      const page = new Page(hcfmt.source, await hcfmt.source.overview());
      page.listen();
      await page.route();
      page.readFindings();
    } catch (error) {
      byId("chat-name").textContent = "The archive cannot be shown";
      byId("empty").textContent = error.message;
      document.body.classList.add("in-chat");
    }
  };
  start();
})();
