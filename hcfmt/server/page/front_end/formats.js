"use strict";
// Dates, sizes and numbers as people read them. Dates are in the time zone of the browser.
(() => {
  const format = (options) => new Intl.DateTimeFormat("en-GB", options);
  const DAY = format({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
  const SHORT_DAY = format({ day: "numeric", month: "short", year: "numeric" });
  const CLOCK = format({ hour: "2-digit", minute: "2-digit" });
  const NUMBER = new Intl.NumberFormat("en-GB");
  const LAST = 8.64e15; // the last millisecond that a Date can have

  hcfmt.isTime = (time) => typeof time === "number" && Math.abs(time) <= LAST;
  const formatted = (formatter, time) => (hcfmt.isTime(time) ? formatter.format(time) : "");
  hcfmt.longDay = (time) => formatted(DAY, time) || "No date";
  hcfmt.shortDay = (time) => formatted(SHORT_DAY, time);
  hcfmt.clock = (time) => formatted(CLOCK, time) || "--:--";
  hcfmt.exactTime = (time) => (hcfmt.isTime(time) ? `${formatted(DAY, time)}, ${formatted(CLOCK, time)} (${new Date(time).toISOString()})` : "No date");

  // The day of a time as a date input has it, such as "2017-03-27".
  hcfmt.dayOf = (time) => {
    if (!hcfmt.isTime(time)) return "";
    const date = new Date(time);
    const padded = (number, length) => String(number).padStart(length, "0");
    return `${padded(date.getFullYear(), 4)}-${padded(date.getMonth() + 1, 2)}-${padded(date.getDate(), 2)}`;
  };
  hcfmt.startOfDay = (day) => new Date(`${day}T00:00:00`).getTime();

  hcfmt.number = (number) => NUMBER.format(number);
  hcfmt.counted = (number, noun, plural = `${noun}s`) => `${NUMBER.format(number)} ${number === 1 ? noun : plural}`;

  hcfmt.fileSize = (bytes) => {
    if (!Number.isFinite(bytes) || bytes < 0) return "";
    const units = ["bytes", "KB", "MB", "GB", "TB"];
    const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
    const value = bytes / 1000 ** power;
    return `${power && value < 10 ? value.toFixed(1) : NUMBER.format(Math.round(value))} ${units[power]}`;
  };
})();
