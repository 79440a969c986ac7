"use strict";
// The messages of a chat that were loaded, in chunks; forgets those that were used least recently.
(() => {
  const MOST = 40; // chunks that are kept

  hcfmt.MessageCache = class {
    constructor(source, chat, size) {
      Object.assign(this, { source, chat, size, chunks: new Map(), pending: new Map() });
    }

    get(i) {
      return this.chunks.get(Math.floor(i / this.size))?.[i % this.size];
    }

    // Whether a message can be shown: it and the one before, on which its form depends.
    has(i) {
      return this.get(i) !== undefined && (i === 0 || this.get(i - 1) !== undefined);
    }

    // Loads what is needed to show the messages from ``first`` to ``last``; resolves when it is there.
    load(first, last) {
      const needed = [];
      const from = Math.floor(Math.max(first - 1, 0) / this.size);
      const to = Math.floor(Math.min(last, this.chat.count - 1) / this.size);
      for (let chunk = from; chunk <= to; chunk += 1) {
        if (!this.chunks.has(chunk)) needed.push(this.fetch(chunk));
        else this.use(chunk, this.chunks.get(chunk));
      }
      return needed.length ? Promise.all(needed) : null;
    }

    fetch(chunk) {
      if (!this.pending.has(chunk)) {
        const done = this.read(chunk).then((messages) => this.use(chunk, messages)).finally(() => this.pending.delete(chunk));
        this.pending.set(chunk, done);
      }
      return this.pending.get(chunk);
    }

    // An answer may hold fewer messages than asked for; the next one goes on behind them.
    async read(chunk) {
      const first = chunk * this.size;
      const count = Math.min(this.size, this.chat.count - first);
      const messages = [];
      while (messages.length < count) {
        const some = await this.source.messages(this.chat.key, first + messages.length, count - messages.length);
        if (!some.length) break;
        messages.push(...some);
      }
      return messages;
    }

    use(chunk, messages) {
      this.chunks.delete(chunk);
      this.chunks.set(chunk, messages);
      if (this.chunks.size > MOST) this.chunks.delete(this.chunks.keys().next().value);
    }
  };
})();
