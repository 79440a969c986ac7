"use strict";
// Filters the findings of each archive by text and severity. Without this script all are shown.
for (const section of document.querySelectorAll("[data-findings]")) {
  const form = section.querySelector(".filter");
  if (!form) continue;
  const search = form.querySelector("[type=search]");
  const boxes = [...form.querySelectorAll("[type=checkbox]")];
  const output = form.querySelector("output");
  const groups = [...section.querySelectorAll(".group")].map((group) => {
    const name = group.querySelector("summary").textContent.toLowerCase();
    const sentences = [];
    for (const item of group.querySelectorAll(".places > *")) {
      if (item.matches("dt")) sentences.push({ item, places: [] });
      else sentences.at(-1).places.push(item);
    }
    return { group, name, sentences, wasOpen: group.open };
  });
  const texts = new Map();
  const textOf = (item) => {
    if (!texts.has(item)) texts.set(item, item.textContent.toLowerCase());
    return texts.get(item);
  };
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const severities = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let shown = 0;
    let all = 0;
    for (const { group, name, sentences, wasOpen } of groups) {
      const chosen = severities.has(group.dataset.severity);
      let inGroup = 0;
      for (const { item, places } of sentences) {
        let ofSentence = 0;
        for (const place of places) {
          const text = `${name} ${textOf(item)} ${textOf(place)}`;
          place.hidden = !(chosen && words.every((word) => text.includes(word)));
          ofSentence += !place.hidden;
        }
        item.hidden = !ofSentence;
        inGroup += ofSentence;
        all += places.length;
      }
      group.hidden = !inGroup;
      group.open = words.length ? inGroup > 0 : wasOpen;
      shown += inGroup;
    }
    output.textContent = shown === all ? "" : `${shown} of ${all} listed findings`;
  };
  let pending = 0;
  form.addEventListener("input", () => {
    cancelAnimationFrame(pending);
    pending = requestAnimationFrame(filter);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
}
// A link to a group of findings opens it.
const open = () => {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const details = target && (target.matches("details") ? target : target.querySelector(":scope > details"));
  if (details) details.open = true;
};
addEventListener("hashchange", open);
open();
