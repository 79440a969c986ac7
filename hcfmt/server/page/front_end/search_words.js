"use strict";
// The words of texts, by which a page without a server searches; in Python these are page/search_text.py and
// store/search_words.py. Letter case and accents make no difference, and a character of a script without spaces
// between words is a word of its own.
window.hcfmt = window.hcfmt || {};
(() => {
  const LONGEST = 32; // characters of a word that the index holds
  const CHARACTERS = 200; // of a query
  const NEEDLES = 20;
  const ACCENTS = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1-\u05c7\u064b-\u065f]+/g;
  const APART = "\\u0e00-\\u0eff\\u1000-\\u109f\\u1100-\\u11ff\\u1780-\\u17ff\\u2e80-\\u9fff\\ua960-\\ua97f\\uac00-\\ud7ff\\u{20000}-\\u{3ffff}";
  const WORD = new RegExp(`[${APART}](?<=[\\p{L}\\p{N}])|(?:(?![${APART}])[\\p{L}\\p{N}\\u0900-\\u0963\\u0970-\\u0dff])+`, "gu");
  // A character with its accents, or the parts of Korean characters, which are composed.
  const UNITS = /[\u1100-\u11ff]+|\P{M}\p{M}*|\p{M}+/gu;
  const ENDS_IN_WORD = /[\p{L}\p{N}]$/u;
  const BEGINS_WITH_WORD = /^[\p{L}\p{N}]/u;
  const known = new Map();

  const textOfParts = (parts = []) => {
    let text = "";
    for (const part of parts) {
      const next = typeof part === "string" ? part : part.break ? "\n" : part.text;
      text += (ENDS_IN_WORD.test(text) && BEGINS_WITH_WORD.test(next) ? " " : "") + next;
    }
    return text;
  };

  // Returns the text of a message by which it is found.
  const textOf = ({ parts, file, card = {}, previews = [] }) => {
    const attributes = (card.attributes ?? []).flatMap(({ label, value }) => [label, value]);
    const ofCard = [card.title, textOfParts(card.description), textOfParts(card.activity), ...attributes];
    return [textOfParts(parts), file?.name, ...ofCard, ...previews.map(({ name }) => name)].filter(Boolean).join("\n");
  };

  // Returns a character without letter case and accents.
  const fold = (unit) => {
    let folded = known.get(unit);
    if (folded === undefined) {
      folded = unit.normalize("NFKD").replace(ACCENTS, "").normalize("NFC").toLowerCase().replaceAll("ς", "σ");
      if (unit.length < 9) known.set(unit, folded);
    }
    return folded;
  };

  // Returns the words of a text, each with the places where it begins and ends, counted in characters of the text.
  const words = (text) => {
    const begins = []; // of the unit that each character of the folded text comes from
    const ends = [];
    let folded = "";
    let place = 0;
    for (const [unit] of text.matchAll(UNITS)) {
      const next = fold(unit);
      const end = place + Array.from(unit).length;
      for (let at = 0; at < next.length; at += 1) {
        begins.push(place);
        ends.push(end);
      }
      folded += next;
      place = end;
    }
    return Array.from(folded.matchAll(WORD), ({ 0: word, index }) => ({ word, begin: begins[index], end: ends[index + word.length - 1] }));
  };

  // Returns the needles of a query, which a message must have: "phrases", and everything between blanks, of which
  // there may be several words, too. The last word stands for all that begin with it, unless a blank follows.
  const needles = (query) => {
    const text = Array.from(query).slice(0, CHARACTERS).join("");
    const found = Array.from(text.matchAll(/"([^"]*)"?|([^\s"]+)/g), ([, phrase, run]) => ({
      words: words(phrase ?? run).map(({ word }) => word),
      isPrefix: run !== undefined,
    }));
    found.forEach((needle, at) => {
      needle.isPrefix &&= at === found.length - 1 && !/\s$/.test(text);
    });
    return found.filter((needle) => needle.words.length > 0).slice(0, NEEDLES);
  };

  // Returns what to look up in the index for a needle, and whether each message that has it all has the needle.
  const lookups = (needle) => {
    const found = needle.words.map((word, at) => {
      const characters = Array.from(word);
      const isPrefix = needle.isPrefix && at === needle.words.length - 1;
      return { word: characters.slice(0, LONGEST).join(""), isPrefix, isCut: characters.length >= LONGEST };
    });
    return { words: found, isExact: found.length === 1 && !found[0].isCut };
  };

  // Returns the places where a needle is among the words of a text, as [begin, end].
  const marks = (needle, text) => {
    const found = [];
    const last = needle.words.length - 1;
    for (let at = 0; at + last < text.length; at += 1) {
      const fits = needle.words.every((word, step) => {
        const other = text[at + step].word;
        return needle.isPrefix && step === last ? other.startsWith(word) : other === word;
      });
      if (fits) found.push([text[at].begin, text[at + last].end]);
    }
    return found;
  };

  hcfmt.search = { textOf, words, needles, lookups, marks };
})();
