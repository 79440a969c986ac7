"use strict";
// Reads the documents of the archive from the server of this page.
window.hcfmt = window.hcfmt || {};
(() => {
  const read = async (name, parameters = {}) => {
    const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null));
    const response = await fetch(`page/${name}.json?${query}`).catch(() => {
      throw new Error("The server does not answer. Has it ended?");
    });
    if (response.status === 401) throw new Error("The page may not read the archive any more. Open the address that the server printed.");
    if (response.status === 404) return null;
    if (!response.ok) throw new Error(`The server answered with status ${response.status}.`);
    return response.json();
  };
  const index = (place) => place?.i ?? null;

  hcfmt.source = {
    overview: () => read("overview"),
    messages: async (chat, first, count) => (await read("messages", { chat, first, count })) ?? [],
    at: async (chat, time) => index(await read("at", { chat, time })),
    place: async (chat, id) => index(await read("place", { chat, id })),
    search: async (q, chat, before) => (await read("search", { q, chat, before, count: 50 })) ?? { hits: [], next: null, total: 0, is_total_exact: true },
    findings: async () => (await read("findings")) ?? { state: "not checked" },
  };
})();
