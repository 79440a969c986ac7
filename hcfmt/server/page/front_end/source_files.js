"use strict";
// The source of a page without a server: the same methods as source_http.js, which read the files below data/.
// Messages are numbered through all chats in the order of the overview, in each chat the oldest first.

window.hcfmt = window.hcfmt || {};
(() => {
  const HITS = 50; // on one page of a search
  const TRIED = 1000; // messages that may be read for it
  const AROUND = 60; // characters before a hit
  const EXCERPT = 240; // characters
  let chats = null;
  let latest = { query: null, chat: null, found: null };

  const overview = () => hcfmt.data.load("overview");
  const findings = () => hcfmt.data.load("findings");

  // Returns the chats by key, each with the number of its first message, and how many messages a file has.
  async function knownChats() {
    if (chats === null) {
      const about = await overview();
      const byKey = new Map();
      const list = [];
      let base = 0;
      for (const { key, count } of about.chats) {
        const chat = { key, count, base };
        byKey.set(key, chat);
        if (count > 0) list.push(chat);
        base += count;
      }
      chats = { byKey, list, chunk: about.chunk, piece: (await hcfmt.data.load("index")).times };
    }
    return chats;
  }

  async function messages(key, first, count) {
    const { byKey, chunk } = await knownChats();
    const chat = byKey.get(key);
    const start = Math.max(0, first);
    const stop = Math.min(start + count, chat?.count ?? 0);
    const files = [];
    for (let at = Math.floor(start / chunk); at * chunk < stop; at += 1) {
      files.push(hcfmt.data.load(`messages/${key}/${at}`));
    }
    const offset = Math.floor(start / chunk) * chunk;
    return (await Promise.all(files)).flat().slice(start - offset, Math.max(start, stop) - offset);
  }

  // Returns the time of a message by its number.
  async function timeOf(number, piece) {
    const at = Math.floor(number / piece);
    return (await timesOf(at))[number - at * piece];
  }

  const timesOf = remembered(async (at) => {
    let time = 0;
    return Float64Array.from(hcfmt.data.numbers(await hcfmt.data.load(`times/${at}`)), (step) => {
      time += step % 2 ? -(step + 1) / 2 : step / 2;
      return time;
    });
  });

  // Returns a function that calls another one once for each value.
  function remembered(call) {
    const known = new Map();
    return (value) => {
      if (!known.has(value)) known.set(value, call(value));
      return known.get(value);
    };
  }

  // Returns the index of the first message at or after a time, of the last one if all are older.
  async function at(key, time) {
    const { byKey, piece } = await knownChats();
    const chat = byKey.get(key);
    if (!chat?.count) return null;
    let low = 0;
    let high = chat.count - 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (await timeOf(chat.base + middle, piece) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // Returns the index of a message by its id. The index of words has the beginning and the end of each id.
  async function place(key, id) {
    const chat = (await knownChats()).byKey.get(key);
    const wanted = id.toLowerCase();
    if (!chat?.count) return null;
    const numbers = await numbersOf(`#${wanted.slice(0, 2)}${wanted.slice(-2)}`, false);
    for (const number of within(numbers, chat)) {
      const [message] = await messages(key, number - chat.base, 1);
      if (message.id === wanted) return number - chat.base;
    }
    return null;
  }

  const within = (numbers, chat) => numbers.filter((number) => number >= chat.base && number < chat.base + chat.count);

  // Returns the numbers of the messages that have a word, or a word with this beginning, in order.
  async function numbersOf(word, isPrefix) {
    const { shards: firsts } = await hcfmt.data.load("index");
    const start = Math.max(0, firsts.findLastIndex((first) => first < word));
    const end = firsts.findLastIndex((first) => first <= word || (isPrefix && first.startsWith(word)));
    const files = [];
    for (let shard = start; shard <= end; shard += 1) files.push(hcfmt.data.load(`search/${shard}`));
    const found = [];
    for (const { words, lists } of await Promise.all(files)) {
      words.forEach((known, index) => {
        if (known !== word && !(isPrefix && known.startsWith(word))) return;
        let number = 0;
        for (const step of hcfmt.data.numbers(lists[index])) found.push(number += step);
      });
    }
    return isPrefix ? Float64Array.from(new Set(found)).sort() : Float64Array.from(found);
  }

  // Returns the messages that may have all needles, with their times.
  async function candidates(needles, chat) {
    const lookups = needles.map(hcfmt.search.lookups);
    let numbers = null;
    for (const { word, isPrefix } of lookups.flatMap((lookup) => lookup.words)) {
      const having = await numbersOf(word, isPrefix);
      numbers = numbers === null ? having : common(numbers, having);
    }
    if (chat) numbers = within(numbers, chat);
    const { piece } = await knownChats();
    const pieces = new Map();
    for (const number of numbers) pieces.set(Math.floor(number / piece), null);
    await Promise.all(Array.from(pieces.keys(), async (piece_) => pieces.set(piece_, await timesOf(piece_))));
    const times = numbers.map((number) => pieces.get(Math.floor(number / piece))[number % piece]);
    return { numbers, times, sorted: times.slice().sort(), isExact: lookups.every((lookup) => lookup.isExact) };
  }

  // Returns the numbers that two ordered lists have in common.
  function common(numbers, others) {
    let at = 0;
    return numbers.filter((number) => {
      while (at < others.length && others[at] < number) at += 1;
      return others[at] === number;
    });
  }

  // Returns the numbers of the newest messages, the newest first, from one place in that order to another.
  function newest({ numbers, times, sorted }, first, stop) {
    const oldest = sorted[Math.max(0, sorted.length - stop)];
    const chosen = [];
    for (let at = 0; at < numbers.length; at += 1) if (times[at] >= oldest) chosen.push(at);
    chosen.sort((one, other) => times[other] - times[one] || numbers[other] - numbers[one]);
    return chosen.slice(first, stop).map((at) => numbers[at]);
  }

  async function search(query, key, cursor) {
    const { byKey } = await knownChats();
    const needles = hcfmt.search.needles(query);
    const chat = key ? byKey.get(key) : null;
    if (needles.length === 0 || (key && !chat)) return { hits: [], next: null, total: 0, is_total_exact: true };
    if (latest.query !== query || latest.chat !== chat) {
      latest = { query, chat, found: candidates(needles, chat) };
    }
    const found = await latest.found;
    const total = found.numbers.length;
    const hits = [];
    let at = cursor ?? 0;
    for (const limit = at + TRIED; at < Math.min(total, limit) && hits.length < HITS;) {
      const tried = newest(found, at, at + HITS - hits.length);
      hits.push(...(await Promise.all(tried.map((number) => hit(number, needles)))).filter(Boolean));
      at += tried.length;
    }
    return { hits, next: at < total ? at : null, total, is_total_exact: found.isExact };
  }

  // Returns a message with all needles as a hit, null for another one.
  async function hit(number, needles) {
    const { list } = await knownChats();
    const chat = list[list.findLastIndex(({ base }) => base <= number)];
    const [message] = await messages(chat.key, number - chat.base, 1);
    const text = hcfmt.search.textOf(message);
    const words = hcfmt.search.words(text);
    const marks = needles.map((needle) => hcfmt.search.marks(needle, words));
    if (marks.some((places) => places.length === 0)) return null;
    const { i, time, from = null, name = "" } = message;
    return { chat: chat.key, i, time, from, name, ...excerpt(text, inOrder(marks.flat())) };
  }

  // Returns places in order, without those that overlap an earlier one.
  function inOrder(places) {
    const found = [];
    for (const [first, end] of places.sort((one, other) => one[0] - other[0] || one[1] - other[1])) {
      if (found.length === 0 || first >= found.at(-1)[1]) found.push([first, end]);
    }
    return found;
  }

  // Returns the part of a text around the first mark, in one line. Places are counted in characters, not in UTF-16 units.
  function excerpt(text, marks) {
    const characters = Array.from(text);
    const start = characters.length > EXCERPT ? Math.max(0, marks[0][0] - AROUND) : 0;
    const stop = Math.min(characters.length, start + EXCERPT);
    const before = start > 0 ? "…" : "";
    const after = stop < characters.length ? "…" : "";
    const moved = before.length - start;
    return {
      text: before + characters.slice(start, stop).join("").replaceAll("\n", " ") + after,
      marks: marks.filter(([, end]) => end <= stop).map(([first, end]) => [first + moved, end + moved]),
    };
  }

  hcfmt.source = { overview, messages, at, place, search, findings };
})();
