"use strict";
// The panel beside the conversation: the search, the findings of the validation, and what is known about a chat.
(() => {
  const { byId, element } = hcfmt;
  const STEP = 200; // findings that are added at once

  const fact = (name, ...values) => [element("dt", {}, name), element("dd", { dir: "auto" }, ...values)];

  const person = (id) => {
    const { name, title, is_deleted: isDeleted } = hcfmt.people.get(id) ?? { name: hcfmt.people.name(id) };
    return element("li", {}, hcfmt.avatar(id, name), element("span", {}, element("bdi", { class: "name" }, name), title && element("small", { dir: "auto" }, title)), isDeleted && element("span", { class: "tag" }, "deleted"));
  };

  hcfmt.aboutNodes = (chat) => {
    const members = chat.people ?? chat.members ?? [];
    const rest = (chat.member_count ?? members.length) - members.length;
    return [
      element(
        "dl",
        { class: "facts" },
        ...(chat.topic ? fact("Topic", ...hcfmt.textNodes(chat.topic)) : []),
        ...fact("Messages", hcfmt.number(chat.count)),
        ...(hcfmt.isTime(chat.first) ? fact("First", hcfmt.longDay(chat.first)) : []),
        ...(hcfmt.isTime(chat.last) ? fact("Last", hcfmt.longDay(chat.last)) : []),
        ...(chat.people ? [] : fact("Room", [chat.privacy ?? "public", ...hcfmt.chatTags(chat).filter((tag) => tag !== "private")].join(", "))),
      ),
      element("h3", {}, chat.people ? "People" : `Members (${hcfmt.number(chat.member_count ?? members.length)})`),
      members.length ? element("ul", { class: "people" }, ...members.map(person)) : element("p", { class: "nothing" }, "The archive lists no members."),
      rest > 0 && element("p", { class: "nothing" }, `and ${hcfmt.number(rest)} more`),
    ].filter(Boolean);
  };

  const findingEntry = (finding, chats) => {
    const chat = chats.get(finding.chat);
    const hasPlace = chat && Number.isInteger(finding.i);
    const place = [hasPlace ? hcfmt.chatName(chat) : finding.member, finding.pointer].filter(Boolean).join(" ");
    const body = [hcfmt.findingNode(finding), place && element("small", { dir: "auto" }, place)];
    return element("li", {}, hasPlace ? element("a", { class: "hit", href: hcfmt.chatLink(chat.key, `@${finding.i}`) }, ...body) : element("div", { class: "hit" }, ...body));
  };

  hcfmt.findingsNodes = (document_, chats) => {
    if (!document_) return [element("p", { class: "found", role: "status" }, "The archive is being checked …")];
    if (document_.state !== "checked") return [element("p", { class: "found" }, `The archive was not checked. ${document_.reason ?? ""}`)];
    const { findings } = document_;
    const list = element("ol", { class: "hits" });
    const more = element("button", { type: "button", class: "plain more" }, "Show more");
    const add = () => {
      list.append(...findings.slice(list.childElementCount, list.childElementCount + STEP).map((finding) => findingEntry(finding, chats)));
      more.hidden = list.childElementCount >= findings.length;
    };
    more.addEventListener("click", add);
    add();
    const listed = document_.shown < document_.total ? `, of which ${hcfmt.number(document_.shown)} are listed` : "";
    return [element("p", { class: "found" }, element("span", { class: `tag ${hcfmt.verdictClass(document_.verdict)}` }, document_.verdict), ` ${hcfmt.counted(document_.total, "finding")}${listed}`), list, more];
  };

  hcfmt.verdictClass = (verdict) => (["valid", "invalid", "incomplete"].includes(verdict) ? verdict : "");

  // Opens the panel with nodes; ``kind`` names what it shows.
  hcfmt.openPanel = (kind, title, nodes) => {
    const panel = byId("panel");
    panel.dataset.kind = kind;
    panel.hidden = false;
    document.body.classList.add("with-panel");
    byId("panel-name").textContent = title;
    byId("panel-body").replaceChildren(...nodes);
  };

  hcfmt.closePanel = () => {
    const hadFocus = byId("panel").contains(document.activeElement);
    byId("panel").hidden = true;
    hcfmt.markFound([]);
    document.body.classList.remove("with-panel");
    if (hadFocus) byId("messages").focus({ preventScroll: true });
  };
})();
