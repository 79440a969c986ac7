"use strict";
// Turns the text of a message into nodes: addresses become links, names mentions, (shortcuts) emoticons.
(() => {
  const MOST = 20000; // characters of one text that are searched for addresses, mentions and emoticons
  // A mention as hcfmt/export/mentions.py has it.
  const MENTION = "@[^\\x00-,/:-@\\[-^`{-\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]{1,200}";
  const TOKEN = new RegExp(
    `(?<link>https?://[^\\s<>"\\u0000-\\u001f]{1,2000})|(?<mention>${MENTION})|(?<emoticon>\\([A-Za-z0-9_-]{1,60}\\))` +
      "|(?<=^|\\s)(?<smiley>>?[:;=8]['-]?[()DpPoO\\\\/|*]|<3)(?=$|\\s)",
    "gu",
  );
  // What stands behind an address and belongs to the sentence around it.
  const BEHIND = /[.,;:!?'"*_~]+$/;

  const address = (text) => {
    let end = text.replace(BEHIND, "");
    if (end.endsWith(")") && !end.includes("(")) end = end.slice(0, -1).replace(BEHIND, "");
    return [hcfmt.webLink(end, end), text.slice(end.length)];
  };

  const mention = (text, before) => {
    if (/[\p{L}\p{N}._-]/u.test(before)) return [text]; // the host of a mail address
    const name = text.slice(1);
    for (const candidate of [name, name.replace(/[.-]+$/, "")]) {
      const key = candidate.toLowerCase();
      const person = hcfmt.people.mentioned(key);
      if (!person && key !== "all" && key !== "here") continue;
      const kind = person ? "mention" : "mention everybody";
      return [hcfmt.element("span", { class: kind, title: person ? person.name : "Everybody in the room" }, `@${candidate}`), name.slice(candidate.length)];
    }
    return [text];
  };

  const emoji = (character, text) => hcfmt.element("span", { class: "emoji", role: "img", "aria-label": text, title: text }, character);

  const emoticon = (text) => {
    const shortcut = text.slice(1, -1);
    const picture = hcfmt.emoticons.get(shortcut) ?? hcfmt.emoticons.get(shortcut.toLowerCase());
    const url = picture && hcfmt.fileAddress(picture.url);
    if (url) {
      const image = hcfmt.element("img", { class: "emoticon", src: url, alt: text, title: text, height: picture.height || 25, width: picture.width });
      image.addEventListener("error", () => image.replaceWith(text));
      return [image];
    }
    const character = hcfmt.EMOJI.get(shortcut.toLowerCase());
    return [character ? emoji(character, text) : text];
  };

  // Emoticons of the archive by shortcut; set when the overview is there.
  hcfmt.emoticons = new Map();

  hcfmt.textNodes = (text) => {
    const nodes = [];
    let end = 0;
    for (const match of text.slice(0, MOST).matchAll(TOKEN)) {
      if (match.index > end) nodes.push(text.slice(end, match.index));
      const { link, mention: name, emoticon: shortcut } = match.groups;
      if (link) nodes.push(...address(link));
      else if (name) nodes.push(...mention(name, text.slice(Math.max(match.index - 1, 0), match.index)));
      else if (shortcut) nodes.push(...emoticon(shortcut));
      else nodes.push(emoji(hcfmt.SMILEYS.get(match[0]) ?? match[0], match[0]));
      end = match.index + match[0].length;
    }
    return [...nodes, text.slice(end)].filter((node) => node !== "");
  };

  const TAGS = { bold: "strong", italic: "em", underline: "u", strike: "s", code: "code", pre: "pre" };

  const part = (value) => {
    if (typeof value === "string") return hcfmt.textNodes(value);
    if (value.break) return [hcfmt.element("br")];
    if (value.image) return [hcfmt.picture(value.image, value.text, value)];
    let nodes = value.link || value.code || value.pre ? [value.text] : hcfmt.textNodes(value.text ?? "");
    for (const [property, tag] of Object.entries(TAGS)) if (value[property]) nodes = [hcfmt.element(tag, {}, ...nodes)];
    return value.link ? [hcfmt.webLink(value.link, ...nodes)] : nodes;
  };

  hcfmt.partNodes = (parts) => (parts ?? []).flatMap(part);
  hcfmt.plainText = (parts) => (parts ?? []).map((value) => (typeof value === "string" ? value : value.break ? "\n" : value.text ?? "")).join("");

  // A text with marked places; ``marks`` are pairs of offsets in code points.
  hcfmt.markedNodes = (text, marks) => {
    const characters = Array.from(text);
    const nodes = [];
    let last = 0;
    for (const [start, end] of marks ?? []) {
      if (start < last) continue;
      nodes.push(characters.slice(last, start).join(""), hcfmt.element("mark", {}, characters.slice(start, end).join("")));
      last = end;
    }
    return [...nodes, characters.slice(last).join("")];
  };
})();
