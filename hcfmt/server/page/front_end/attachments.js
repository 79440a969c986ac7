"use strict";
// What hangs on a message: its file, the preview of a link, the card of a notification, and findings.
(() => {
  const { element } = hcfmt;
  const WIDEST = 360;
  const HIGHEST = 260;

  // Width and height of a picture in the conversation, so that it takes its space before it is loaded.
  const fitted = (width, height) => {
    if (!(width > 0 && height > 0)) return [240, 160];
    const share = Math.min(1, WIDEST / width, HIGHEST / height);
    return [Math.max(Math.round(width * share), 24), Math.max(Math.round(height * share), 24)];
  };

  hcfmt.picture = (address, name, size = {}) => {
    const url = hcfmt.fileAddress(address);
    if (!url) return element("span", { class: "missing" }, name || "picture");
    const [width, height] = fitted(size.width, size.height);
    const image = element("img", { class: "shown-picture", src: url, alt: name ?? "", width, height, decoding: "async" });
    image.addEventListener("error", () => image.replaceWith(element("span", { class: "missing" }, "This picture cannot be shown.")));
    return image;
  };

  const openPicture = (file) => {
    const dialog = hcfmt.byId("picture");
    const close = element("button", { type: "button", class: "icon", title: "Close (Esc)", on: { click: () => dialog.close() } });
    hcfmt.iconButton(close, "close", "Close");
    const caption = element("p", {}, element("bdi", {}, file.name), element("a", { href: file.url, download: file.name || true, class: "plain" }, `Save (${hcfmt.fileSize(file.size)})`));
    dialog.replaceChildren(close, element("img", { src: file.url, alt: file.name }), caption);
    dialog.showModal();
  };

  const isPicture = (file) => /^image\/(?:png|jpeg|gif|webp|bmp)$/.test(file.type ?? "");

  hcfmt.fileNode = (file) => {
    const url = hcfmt.fileAddress(file.url);
    const size = hcfmt.fileSize(file.size);
    if (!url) {
      return element("p", { class: "file missing" }, hcfmt.icon("file"), element("span", {}, element("bdi", { class: "file-name" }, file.name), element("small", {}, [size, "not in the archive"].filter(Boolean).join(" · "))));
    }
    if (isPicture(file)) {
      const shown = hcfmt.fileAddress(file.thumbnail) ?? url;
      const open = element("button", { type: "button", class: "thumbnail", "aria-label": `Show ${file.name}` }, hcfmt.picture(shown, file.name, file));
      open.addEventListener("click", () => openPicture(file));
      return element("figure", { class: "picture-file" }, open, element("figcaption", {}, element("bdi", {}, file.name), ` · ${size}`));
    }
    return element("a", { class: "file", href: url, download: file.name || true }, hcfmt.icon("file"), element("span", {}, element("bdi", { class: "file-name" }, file.name), element("small", {}, size)));
  };

  // Nothing for a preview that says no more than the address in the text.
  hcfmt.previewNode = (preview, said) => {
    const image = hcfmt.fileAddress(preview.image);
    const text = preview.name || preview.url;
    if (!image && (!text || said.includes(text))) return null;
    return element("div", { class: "preview" }, text && hcfmt.webLink(preview.url, element("bdi", {}, text)), image && hcfmt.picture(image, preview.name, preview));
  };

  hcfmt.cardNode = (card) => {
    const icon = hcfmt.fileAddress(card.icon);
    const title = element("p", { class: "card-title" }, icon && element("img", { src: icon, alt: "", width: 16, height: 16 }), hcfmt.webLink(card.url, element("bdi", {}, card.title || card.url || "Card")));
    const attributes = (card.attributes ?? []).flatMap(({ label, value, style, url }) => [
      element("dt", { dir: "auto" }, label ?? ""),
      element("dd", { dir: "auto", class: /^lozenge/.test(style ?? "") ? "lozenge" : null }, hcfmt.webLink(url, value ?? "")),
    ]);
    const text = (parts, kind) => parts?.length > 0 && element("p", { class: kind, dir: "auto" }, ...hcfmt.partNodes(parts));
    return element(
      "div",
      { class: "card" },
      title,
      text(card.activity, "card-activity"),
      text(card.description, "card-text"),
      attributes.length > 0 && element("dl", {}, ...attributes),
    );
  };

  const SHOWN = 3; // findings of one message that are shown at it

  hcfmt.findingNode = (finding) =>
    element("span", { class: `finding ${/^[a-z]+$/.test(finding.severity) ? finding.severity : ""}` }, element("b", {}, finding.severity), " ", element("code", {}, finding.code), " ", element("span", { dir: "auto" }, finding.sentence));

  hcfmt.findingsNode = (findings) =>
    element(
      "ul",
      { class: "findings", "aria-label": "Findings" },
      ...findings.slice(0, SHOWN).map((finding) => element("li", { title: finding.pointer }, hcfmt.findingNode(finding))),
      findings.length > SHOWN && element("li", {}, element("a", { href: "#findings" }, `${hcfmt.number(findings.length - SHOWN)} more`)),
    );
})();
