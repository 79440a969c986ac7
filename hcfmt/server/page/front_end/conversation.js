"use strict";
// The conversation of one chat: its head, its messages, and which of them is chosen.
(() => {
  const { byId, element } = hcfmt;

  const describe = (chat) => {
    const count = hcfmt.counted(chat.count, "message");
    const tags = hcfmt.chatTags(chat).map((tag) => element("span", { class: "tag" }, tag));
    byId("chat-name").replaceChildren(element("bdi", {}, hcfmt.chatName(chat)), ...tags);
    byId("chat-topic").replaceChildren(chat.topic ? element("bdi", {}, chat.topic) : count);
    byId("chat-topic").title = chat.topic ?? "";
    byId("chat-tools").hidden = false;
    byId("messages").setAttribute("aria-label", `Messages of ${hcfmt.chatName(chat)}`);
    const day = byId("day");
    [day.min, day.max, day.value] = [hcfmt.dayOf(chat.first), hcfmt.dayOf(chat.last), ""];
    day.disabled = !chat.count;
    document.title = `${hcfmt.chatName(chat)} – HipChat archive`;
  };

  // The words that are marked in the message that a link leads to.
  let found = [];

  const ranges = (node) => {
    const places = [];
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      for (const word of found) {
        for (let at = text.data.indexOf(word); at >= 0 && places.length < 200; at = text.data.indexOf(word, at + word.length)) {
          places.push(new StaticRange({ startContainer: text, startOffset: at, endContainer: text, endOffset: at + word.length }));
        }
      }
    }
    return places;
  };

  const highlight = () => {
    const nodes = document.querySelectorAll(".row.target .content");
    globalThis.CSS?.highlights?.set("found", new Highlight(...[...nodes].flatMap(ranges)));
  };

  hcfmt.markFound = (words) => {
    found = [...new Set(words)].filter(Boolean);
    highlight();
  };

  hcfmt.Conversation = class {
    constructor(source, chunk) {
      Object.assign(this, { source, chunk, chat: null, chosen: null, findings: new Map() });
      const report = (error) => hcfmt.notify(`Messages could not be read. ${error.message}`);
      this.list = new hcfmt.WindowList(byId("messages"), {
        makeRow: (i) => this.makeRow(i),
        has: (i) => this.cache.has(i),
        load: (first, last) => this.cache.load(first, last)?.catch(report),
        moved: (i) => this.moved(i),
      });
      byId("day").before(hcfmt.icon("calendar"));
      byId("day").addEventListener("change", () => this.goToDay());
      byId("day").addEventListener("click", () => hcfmt.isNarrow() && byId("day").showPicker?.());
      byId("messages").addEventListener("focusin", (event) => this.choose(event.target.closest(".row")));
    }

    // Shows a chat: at a message, given by its index, else at its end.
    async open(chat, i) {
      const isNew = chat !== this.chat;
      if (isNew) {
        Object.assign(this, { chat, chosen: null, cache: new hcfmt.MessageCache(this.source, chat, this.chunk) });
        describe(chat);
        this.list.open(chat.count);
        byId("floating-day").textContent = "";
      }
      byId("empty").textContent = chat.count ? "" : "There are no messages here.";
      if (!chat.count || (!isNew && i === undefined)) {
        this.list.rest();
        return;
      }
      if (await this.list.show(i ?? chat.count - 1, 0.3)) this.mark(i);
    }

    makeRow(i) {
      const row = hcfmt.messageRow(this.chat, this.cache.get(i), this.cache.get(i - 1), this.findings.get(this.chat.key)?.get(i));
      if (i === this.target) row.classList.add("target");
      if (i === this.chosen) row.classList.add("chosen");
      return row;
    }

    // Marks the message that a link leads to.
    mark(i) {
      for (const row of this.list.rows.querySelectorAll(".target")) row.classList.remove("target");
      this.target = i;
      const row = i === undefined ? undefined : this.list.row(i);
      if (!row) return;
      row.classList.add("target");
      highlight();
      row.querySelector("article").focus({ preventScroll: true });
      const place = hcfmt.chatLink(this.chat.key, hcfmt.placeOf(row.message));
      if (location.hash !== place) history.replaceState(null, "", place);
    }

    choose(row) {
      if (!row || this.chosen === Number(row.dataset.i)) return;
      for (const other of this.list.rows.querySelectorAll(".chosen")) {
        other.classList.remove("chosen");
        for (const control of other.querySelectorAll(".time, .copy")) control.tabIndex = -1;
      }
      row.classList.add("chosen");
      for (const control of row.querySelectorAll(".time, .copy")) control.tabIndex = 0;
      this.chosen = Number(row.dataset.i);
    }

    // Chooses the message ``by`` rows further, from the first visible one if none is visible.
    async step(by) {
      if (!this.chat?.count) return;
      const first = this.list.anchor?.i ?? 0;
      const isThere = this.chosen !== null && this.list.row(this.chosen);
      const i = Math.min(Math.max(isThere ? this.chosen + by : first, 0), this.chat.count - 1);
      if (!this.list.row(i)) await this.list.show(i, by > 0 ? 0.7 : 0.1);
      const row = this.list.row(i);
      row?.querySelector("article").focus({ preventScroll: true });
      row?.scrollIntoView({ block: "nearest" });
    }

    showEnd(isLast) {
      return this.chat?.count && this.list.show(isLast ? this.chat.count - 1 : 0);
    }

    chosenLink() {
      const row = this.chosen === null ? undefined : this.list.row(this.chosen);
      return row && hcfmt.chatLink(this.chat.key, hcfmt.placeOf(row.message));
    }

    moved(i) {
      const time = this.cache.get(i)?.time;
      byId("floating-day").textContent = hcfmt.isTime(time) ? hcfmt.longDay(time) : "";
      const day = byId("day");
      if (day !== document.activeElement) day.value = hcfmt.dayOf(time);
    }

    async goToDay() {
      const day = byId("day");
      if (!this.chat || !day.value || day.validity.rangeUnderflow || day.validity.rangeOverflow) return;
      const i = await this.source.at(this.chat.key, hcfmt.startOfDay(day.value)).catch((error) => hcfmt.notify(error.message));
      if (typeof i === "number") await this.list.show(i);
    }

    showFindings(findings) {
      this.findings = findings;
      this.list.refresh();
    }
  };
})();
