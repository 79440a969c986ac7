"use strict";
// The data of a page without a server. Each file calls hcfmtData with its name, which is its path below data/ without
// ".js", and its value: a page from file: may load scripts, and nothing else.
window.hcfmt = window.hcfmt || {};
(() => {
  const KEPT = 256; // files
  const waiting = new Map(); // by name, the functions that end the promise of a file
  const kept = new Map(); // promises by name, the one used longest ago first

  function load(name) {
    const promise = kept.get(name) ?? request(name);
    kept.delete(name);
    kept.set(name, promise);
    for (const other of kept.keys()) {
      if (kept.size <= KEPT) break;
      if (!waiting.has(other)) kept.delete(other);
    }
    return promise;
  }

  function request(name) {
    const promise = new Promise((resolve, reject) => {
      const script = document.createElement("script");
      const end = (error) => {
        script.remove();
        if (!waiting.delete(name) || !error) return;
        kept.delete(name);
        reject(error);
      };
      waiting.set(name, (value) => { end(null); resolve(value); });
      script.onload = () => end(new Error(`The file data/${name}.js of this archive is damaged.`));
      script.onerror = () => end(new Error(`The file data/${name}.js of this archive is missing.`));
      script.src = `data/${name}.js`;
      document.head.append(script);
    });
    return promise;
  }

  // Numbers are digits of base 32, the lowest first; all digits of a number but its last are from the second half.
  const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const VALUES = new Uint8Array(128);
  for (let at = 0; at < DIGITS.length; at += 1) VALUES[DIGITS.charCodeAt(at)] = at;

  // Returns the numbers of a text.
  function numbers(text) {
    const found = [];
    let number = 0;
    let weight = 1;
    for (let at = 0; at < text.length; at += 1) {
      const digit = VALUES[text.charCodeAt(at)];
      number += (digit & 31) * weight;
      if (digit > 31) {
        weight *= 32;
      } else {
        found.push(number);
        number = 0;
        weight = 1;
      }
    }
    return found;
  }

  hcfmt.data = { load, numbers, receive: (name, value) => waiting.get(name)?.(value) };
})();

function hcfmtData(name, value) {
  hcfmt.data.receive(name, value);
}
