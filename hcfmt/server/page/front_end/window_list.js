"use strict";
// A scrolled list of any length, of which only the rows around what is visible exist.
//
// Heights of rows that do not exist are not known, so none are kept: the rows stand in a block, whose place in the scrolled
// space is in proportion to their numbers. While the list is scrolled, rows are added and removed at both ends of the block
// without moving those that are visible. When the scrolling rests, the block is moved to the place that its numbers demand,
// and the scrolled position by as much, which nobody sees. The space is never higher than browsers allow.
(() => {
  const HIGHEST = 8000000; // pixels; browsers stop between 17 and 33 million
  const BATCH = 12; // rows that are added before heights are read again
  const MOST = 280; // rows that exist
  const REST = 160; // milliseconds without scrolling after which the block is moved
  const AHEAD = 60; // items that are loaded ahead

  hcfmt.WindowList = class {
    // ``makeRow(i)`` returns the row of an item that is there, as ``has(i)`` says; ``load(first, last)`` returns a promise, or
    // null if there is nothing to load; ``moved(i)`` is called with the first visible item.
    constructor(viewport, { makeRow, has, load, moved }) {
      Object.assign(this, { viewport, makeRow, has, load, moved, count: 0, turn: 0 });
      this.rows = hcfmt.element("div", { class: "rows" });
      this.space = hcfmt.element("div", { class: "space" }, this.rows);
      viewport.replaceChildren(this.space);
      viewport.addEventListener("scroll", () => this.scrolled(), { passive: true });
      const observer = new ResizeObserver(() => this.resized());
      observer.observe(viewport);
      observer.observe(this.rows);
      this.open(0);
    }

    open(count) {
      Object.assign(this, { count, turn: this.turn + 1, from: 0, to: 0, top: 0, scale: 0, anchor: null });
      this.rows.replaceChildren();
      this.space.style.height = "0px";
    }

    get height() {
      return this.viewport.clientHeight;
    }

    // Pixels above and below the viewport in which rows exist.
    get margin() {
      return Math.min(this.height, 1200) + 200;
    }

    get blockHeight() {
      return this.rows.getBoundingClientRect().height;
    }

    get bottom() {
      return this.top + this.blockHeight;
    }

    // Shows item ``i``, the top of its row ``share`` of the viewport's height below the viewport's top; the last one at its end.
    async show(i, share = 0) {
      const turn = (this.turn += 1);
      const target = Math.min(Math.max(i, 0), this.count - 1);
      this.busy(true);
      await this.load(target - AHEAD, target + AHEAD);
      if (turn !== this.turn) return false;
      if (!this.has(target)) {
        this.busy(false);
        return false;
      }
      const isLast = target === this.count - 1;
      this.build(target, this.height * (isLast ? 1 : share), isLast);
      this.settle();
      this.loadAround();
      this.scrolled();
      return true;
    }

    busy(isBusy) {
      clearTimeout(this.resting); // of what came before
      this.viewport.setAttribute("aria-busy", isBusy);
    }

    // Makes the rows around item ``i`` anew, its top ``y`` pixels below the viewport's top, or its bottom if ``isLast``.
    build(i, y, isLast = false) {
      this.rows.replaceChildren(this.makeRow(i));
      Object.assign(this, { from: i, to: i + 1 });
      this.place(this.viewport.scrollTop + y - (isLast ? this.blockHeight : 0));
      this.extend();
      if (!this.scale) this.scale = Math.min(this.blockHeight / (this.to - this.from), HIGHEST / this.count);
      this.remember();
    }

    place(top) {
      this.top = top;
      this.rows.style.top = `${top}px`;
    }

    // Removes rows that are far away, and adds rows at both ends as far as they are needed and there.
    extend() {
      const start = this.viewport.scrollTop;
      const end = start + this.height;
      this.trim(start - 1.25 * this.margin, end + 1.25 * this.margin);
      const hasRoom = () => this.rows.childElementCount < MOST;
      while (this.to < this.count && this.has(this.to) && this.bottom < end + this.margin && hasRoom()) this.append();
      while (this.from > 0 && this.has(this.from - 1) && this.top > start - this.margin && hasRoom()) this.prepend();
    }

    append() {
      const rows = [];
      for (let i = this.to; i < Math.min(this.to + BATCH, this.count) && this.has(i); i += 1) rows.push(this.makeRow(i));
      this.rows.append(...rows);
      this.to += rows.length;
    }

    prepend() {
      const { bottom } = this;
      const rows = [];
      for (let i = this.from - 1; i >= Math.max(this.from - BATCH, 0) && this.has(i); i -= 1) rows.unshift(this.makeRow(i));
      this.rows.prepend(...rows);
      this.from -= rows.length;
      this.place(bottom - this.blockHeight);
    }

    trim(highest, lowest) {
      const rows = [...this.rows.children];
      let above = 0;
      let below = rows.length;
      while (above < below - 1 && this.top + rows[above].offsetTop + rows[above].offsetHeight < highest) above += 1;
      while (below > above + 1 && this.top + rows[below - 1].offsetTop > lowest) below -= 1;
      this.remove(rows.slice(below));
      const { bottom } = this;
      this.remove(rows.slice(0, above));
      if (above) this.place(bottom - this.blockHeight);
      this.from += above;
      this.to -= rows.length - below;
    }

    remove(rows) {
      if (rows.some((row) => row.contains(document.activeElement))) this.viewport.focus({ preventScroll: true });
      for (const row of rows) row.remove();
    }

    // The number of the first row that reaches below the viewport's top.
    firstVisible() {
      const rows = this.rows.children;
      const start = this.viewport.scrollTop - this.top;
      let [low, high] = [0, rows.length - 1];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (rows[middle].offsetTop + rows[middle].offsetHeight > start) high = middle;
        else low = middle + 1;
      }
      return this.from + low;
    }

    remember() {
      const i = this.firstVisible();
      const row = this.row(i);
      this.anchor = { i, row, offset: row.offsetTop };
      this.moved(i);
    }

    // Moves the block to its place in the whole, and the scrolled position by as much.
    settle() {
      if (!this.rows.childElementCount) return;
      const top = this.from ? Math.max(Math.round(this.from * this.scale), 1) : 0;
      const shift = top - this.top;
      const scrolled = this.viewport.scrollTop + shift;
      this.space.style.height = `${Math.ceil(top + this.blockHeight + (this.count - this.to) * this.scale)}px`;
      if (shift) {
        this.place(top);
        this.viewport.scrollTop = scrolled;
      }
      this.remember();
    }

    scrolled() {
      this.busy(true);
      cancelAnimationFrame(this.frame);
      this.frame = requestAnimationFrame(() => this.update());
      this.resting = setTimeout(() => this.rest(), REST);
    }

    rest() {
      if (this.isJumping) return;
      this.settle();
      this.busy(false);
    }

    update() {
      if (!this.rows.childElementCount) return;
      const start = this.viewport.scrollTop;
      if (start + this.height < this.top || start > this.bottom) {
        this.jump();
        return;
      }
      this.extend();
      const isHigh = this.from > 0 ? start < this.margin : this.top !== 0;
      const missing = this.space.offsetHeight - this.bottom;
      const isLow = this.to < this.count ? missing < this.height : Math.abs(missing) > 1;
      if (isHigh || isLow) this.settle();
      else this.remember();
      this.loadAround();
    }

    loadAround() {
      const { turn } = this;
      const again = () => turn === this.turn && this.update();
      this.load(this.from - AHEAD, this.to + AHEAD)?.then(again);
    }

    // The scrollbar was drawn to a place without rows: shows the items that are there in proportion.
    async jump() {
      if (this.isJumping) return;
      const { turn, viewport } = this;
      this.isJumping = true;
      for (let start = -1; turn === this.turn && start !== viewport.scrollTop; ) {
        start = viewport.scrollTop;
        const share = Math.min(start / Math.max(this.space.offsetHeight - this.height - 1, 1), 1);
        const i = Math.min(Math.floor(share * this.count), this.count - 1);
        await this.load(i - AHEAD, i + AHEAD);
        if (turn === this.turn && this.has(i)) this.build(i, share * this.height, share === 1);
      }
      this.isJumping = false;
      if (turn === this.turn) this.scrolled();
    }

    // Rows or the viewport have another size: keeps the first visible row where it was.
    resized() {
      if (!this.anchor?.row.isConnected) return;
      this.place(this.top + this.anchor.offset - this.anchor.row.offsetTop);
      this.scrolled();
    }

    // Makes the rows that exist anew, where they are.
    refresh() {
      if (!this.anchor?.row.isConnected) return;
      this.build(this.anchor.i, this.top + this.anchor.row.offsetTop - this.viewport.scrollTop);
      this.settle();
    }

    row(i) {
      return this.rows.children[i - this.from];
    }
  };
})();
