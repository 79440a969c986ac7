"use strict";
// Makes elements. Texts become text nodes and attributes, so that nothing of an archive is taken for HTML.
window.hcfmt = window.hcfmt || {};

hcfmt.byId = (id) => document.getElementById(id);

// Properties are attributes, besides "class" and the listeners in "on"; absent children and attributes are passed over.
hcfmt.element = (name, properties = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "on") for (const [type, listener] of Object.entries(value)) element.addEventListener(type, listener);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return element;
};

// Outlines on a grid of 24 units.
const ICONS = {
  archive: "M4 8v11h16V8M3 4h18v4H3zM10 12h4",
  back: "M15 5l-7 7 7 7",
  calendar: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
  close: "M6 6l12 12M18 6L6 18",
  file: "M14 3H6v18h12V7zM14 3v4h4",
  flag: "M6 21V4h12l-3 4 3 4H6",
  help: "M9.2 9.2a2.8 2.8 0 1 1 3.9 2.7c-.8.4-1.1.9-1.1 1.8v.3M12 17.5v.1M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
  info: "M12 11v6M12 7.5v.1M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
  link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  room: "M9 4L7 20M17 4l-2 16M4 9h16M4 15h16",
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5",
  topic: "M4 20h4L19 9l-4-4L4 16z",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
};

hcfmt.icon = (name) => {
  const space = "http://www.w3.org/2000/svg";
  const [svg, path] = [document.createElementNS(space, "svg"), document.createElementNS(space, "path")];
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
};

// A button that shows an icon, with its name for those who do not see it.
hcfmt.iconButton = (button, icon, name) => {
  button.replaceChildren(hcfmt.icon(icon));
  button.setAttribute("aria-label", name);
};

// Addresses of the web and of mail; others, such as javascript:, are no links.
hcfmt.webAddress = (text) => (typeof text === "string" && /^(?:https?:\/\/|mailto:)/i.test(text) ? text : undefined);

// Files of the archive lie below files/; anything else is not loaded.
hcfmt.fileAddress = (text) => (typeof text === "string" && /^files\/(?!\/)/.test(text) ? text : undefined);

hcfmt.webLink = (address, ...children) =>
  hcfmt.webAddress(address)
    ? hcfmt.element("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow" }, ...children)
    : hcfmt.element("span", {}, ...children);

// Whether the page shows either the list of chats or the conversation, as page.css has it.
hcfmt.isNarrow = () => matchMedia("(max-width: 44rem)").matches;

// Shows a sentence for some seconds.
hcfmt.notify = (sentence) => {
  const notice = hcfmt.element("p", {}, sentence);
  hcfmt.byId("notices").append(notice);
  setTimeout(() => notice.remove(), 6000);
};
