
"use strict";
(() => {
  const lang = document.documentElement.lang;
  const table = document.querySelector("table");
  const body = table.tBodies[0];
  const headers = [...table.tHead.rows[0].cells];
  const rows = [...body.rows];
  const collator = new Intl.Collator(lang, { numeric: true });
  const figures = new Intl.NumberFormat(lang);

  // What a cell is sorted by: null where it is unknown, a number where it shows one, else its text.
  const keyOf = (cell, kind) => {
    const text = cell.textContent;
    if (text === "" || kind !== "number") return text || null;
    const value = Number(cell.dataset.v ?? text);
    return Number.isNaN(value) ? text : value;
  };

  const compareTexts = (kind) =>
    kind === "date" ? (a, b) => (a < b ? -1 : a > b ? 1 : 0) : collator.compare;

  // Unknown stands last in both directions; among numbers, texts come after them; equals keep their order.
  const sortBy = (place, kind, direction) => {
    const texts = compareTexts(kind);
    const compare = (a, b) => {
      if (typeof a === typeof b) return typeof a === "number" ? a - b : texts(a, b);
      return typeof a === "number" ? -1 : 1;
    };
    const keyed = rows.map((row) => ({ row, key: keyOf(row.cells[place], kind) }));
    const known = keyed.filter(({ key }) => key !== null);
    known.sort((a, b) => direction * compare(a.key, b.key));
    const sorted = document.createDocumentFragment();
    for (const { row } of known) sorted.append(row);
    for (const { row, key } of keyed) if (key === null) sorted.append(row);
    body.append(sorted);
  };

  headers.forEach((header, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener("click", () => {
      const descending = header.getAttribute("aria-sort") === "ascending";
      for (const other of headers) other.removeAttribute("aria-sort");
      header.setAttribute("aria-sort", descending ? "descending" : "ascending");
      sortBy(place, header.dataset.kind, descending ? -1 : 1);
    });
  });

  const filter = document.getElementById("filter");
  const output = document.querySelector("output");
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  let folded = null;

  const say = (shown) => {
    const { all, one, some } = output.dataset;
    const sentence = shown < rows.length ? some : rows.length === 1 ? one : all;
    output.textContent = sentence
      .replace("{shown}", figures.format(shown))
      .replace("{all}", figures.format(rows.length));
  };

  const show = () => {
    folded ??= rows.map((row) => fold([...row.cells].map((cell) => cell.textContent).join("\n")));
    const words = fold(filter.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, at) => {
      row.hidden = !words.every((word) => folded[at].includes(word));
      if (!row.hidden) shown += 1;
    });
    say(shown);
  };

  let waiting = 0;
  filter.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, rows.length > 2000 ? 250 : 0);
  });
  say(rows.length);
  document.querySelector(".tools").hidden = rows.length === 0;
})();
