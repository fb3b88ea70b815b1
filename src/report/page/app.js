"use strict";

const element = (id) => document.getElementById(id);
const MOST_SHOWN = 100000;  // browsers end elements at some tens of millions of pixels
const SPARE_ROWS = 6;       // above and below what is visible
const MOST_BARS = 4;        // in a row of the list; details have all
const MOST_LABELS = 500;    // offered while a label is typed

let rows = [];
let thumbnailBlocks = [];   // of each block of rows a script element, or the list of its thumbnails once read
let rowsPerBlock = 1;
let summary = null;
let matches = [];           // numbers of the rows that fit the filters, in the order shown
let rowHeight = 0;          // pixels
const shown = new Map();    // place in `matches` -> list item
let detailed = -1;          // place in `matches` of the row in the dialog

function make(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;  // never markup: rows are untrusted
  return made;
}

function percent(value) {
  return `${(100 * value).toFixed(value >= 0.1 || value <= 0 ? 0 : 1)} %`;
}

function grouped(number) { return number.toLocaleString("en"); }
function images(number) { return `${grouped(number)} ${number === 1 ? "image" : "images"}`; }

function readData() {
  for (const script of document.querySelectorAll("script[data-rows]")) {
    const block = JSON.parse(script.textContent);
    rowsPerBlock = Math.max(rowsPerBlock, block.length);
    rows.push(...block);
    script.remove();
  }
  thumbnailBlocks = [...document.querySelectorAll("script[data-thumbnails]")];
  summary = JSON.parse(element("summary").textContent);
}

function thumbnailOf(number) {
  const block = Math.floor(number / rowsPerBlock);
  if (!thumbnailBlocks[block]) return "";
  if (!Array.isArray(thumbnailBlocks[block])) {
    const script = thumbnailBlocks[block];
    thumbnailBlocks[block] = JSON.parse(script.textContent);
    script.remove();
  }
  return thumbnailBlocks[block][number % rowsPerBlock];
}

function pictureOf(number) {
  const box = make("div", "thumb");
  const thumbnail = thumbnailOf(number);
  if (thumbnail) {
    const image = box.appendChild(make("img"));
    image.alt = "";  // the caption stands beside it
    image.src = `data:image/jpeg;base64,${thumbnail}`;
  } else {
    box.textContent = rows[number].error ? "failed" : "no picture";
  }
  return box;
}

function captionOf(row) {
  if (row.error) return row.error.message;
  return row.description !== undefined ? row.description : row.caption;
}

function hasSaid(row) { return !row.error && row.statements.some((statement) => statement.said); }
function isDescribed(row) { return row.description !== undefined; }

function barOf(name, value, said, of, number = percent(value)) {
  const bar = make("div", said ? "bar said" : "bar");
  const label = make("span", "name", name);
  label.title = name;
  const progress = make("progress");
  progress.max = 1;
  progress.value = Math.max(value, 0);
  progress.setAttribute("aria-label", `${name}: ${number}${said ? ", selected" : ""}`);
  if (of !== undefined) bar.append(make("span", "of", of));
  bar.append(label, progress, make("span", "number", number));
  return bar;
}

function barsOf(row) {
  const bars = make("div", "bars");
  if (isDescribed(row)) {
    bars.append(barOf("with the picture", row.cosine, true, "cosine", row.cosine.toFixed(4)));
    for (const word of row.words.slice(0, MOST_BARS - 1)) bars.append(barOf(word.word, word.support, true, "support"));
  } else if (!row.error) {
    for (const statement of row.statements.slice(0, MOST_BARS)) {
      const bar = barOf(statement.label, statement.confidence, statement.said, statement.set);
      bar.title = `probability ${percent(statement.probability)}, cosine ${statement.cosine.toFixed(4)}`;
      bars.append(bar);
    }
  }
  return bars;
}

function itemOf(place) {
  const number = matches[place];
  const row = rows[number];
  const item = make("li", "row");
  item.style.top = `${place * rowHeight}px`;
  item.setAttribute("aria-setsize", matches.length);
  item.setAttribute("aria-posinset", place + 1);
  const card = make("article", row.error ? "failed" : isDescribed(row) || hasSaid(row) ? "" : "silent");
  const words = make("div", "words");
  const open = make("button", "open", captionOf(row));
  open.type = "button";
  open.addEventListener("click", () => showDetails(place));
  const path = make("span", "path", row.path);
  path.title = row.path;
  words.append(open, path);
  if (!row.error && row.statements.length > MOST_BARS) {
    words.append(make("span", "quiet", `${row.statements.length} statements, ${MOST_BARS} shown`));
  }
  card.append(pictureOf(number), words, barsOf(row));
  item.append(card);
  return item;
}

/** Brings into the list what can be seen of it, and takes out the rest, but for what has the focus. */
function render() {
  const list = element("list");
  const top = list.getBoundingClientRect().top;
  const last = Math.min(shownCount(), Math.ceil((innerHeight - top) / rowHeight) + SPARE_ROWS);
  const first = Math.max(0, Math.min(last, Math.floor(-top / rowHeight) - SPARE_ROWS));
  let next = null;
  for (const [place, item] of shown) {
    if (place >= first && place < last) continue;
    if (!item.contains(document.activeElement)) {
      item.remove();
      shown.delete(place);
    } else if (place >= last) {
      next = item;
    }
  }
  for (let place = last - 1; place >= first; --place) {  // in the order of places, for readers and the tab key
    let item = shown.get(place);
    if (!item) {
      item = itemOf(place);
      shown.set(place, item);
      list.insertBefore(item, next);
    }
    next = item;
  }
}

function shownCount() { return Math.min(matches.length, MOST_SHOWN); }

/** Begins the list anew: other rows, another order, or another height. */
function renderAll() {
  const list = element("list");
  list.replaceChildren();
  shown.clear();
  const probe = make("li", "row");
  list.append(probe);
  rowHeight = probe.offsetHeight;
  probe.remove();
  list.style.height = `${shownCount() * rowHeight}px`;
  render();
}

/** For a window of another size: the same row stays at the top, though rows may have got another height. */
function renderResized() {
  const list = element("list");
  const place = -list.getBoundingClientRect().top / rowHeight;
  renderAll();
  if (place > 0) scrollBy(0, list.getBoundingClientRect().top + place * rowHeight);
}

function fitsFilters() {
  const words = element("text").value.toLowerCase().split(/\s+/).filter(Boolean);
  const show = element("show").value;
  const set = element("set").value;
  const label = element("label").value.trim().toLowerCase();
  const least = element("least").value / 100;
  const saidOnly = element("said").checked;
  const exact = label && [...element("labels").options].some((option) => option.value.toLowerCase() === label);
  const isShown = {
    all: () => true,
    said: hasSaid,
    silent: (row) => !row.error && !isDescribed(row) && !hasSaid(row),
    described: isDescribed,
    errors: (row) => Boolean(row.error),
  }[show] || ((row) => Boolean(row.error) && `error ${row.error.kind}` === show);
  const fitsLabel = (statement) => {
    if (set && statement.set !== set) return false;
    const name = statement.label.toLowerCase();
    return !label || (exact ? name === label : name.includes(label));
  };
  /** The highest confidence among the statements asked for; below 0: there is none. */
  const confidence = (row) => {
    if (row.error) return -1;
    if (isDescribed(row)) return set || label ? -1 : Math.max(row.cosine, 0);
    let best = -1;
    for (const statement of row.statements) {
      if ((statement.said || !saidOnly) && fitsLabel(statement)) best = Math.max(best, statement.confidence);
    }
    return best;
  };
  const asksForStatements = set || label || least > 0;
  const fits = (row) => isShown(row) && (!asksForStatements || confidence(row) >= Math.max(least, 0)) &&
      words.every((word) => textOf(row).includes(word));
  return { fits, confidence };
}

/** What is searched: caption, path, labels, or the error; made once. */
function textOf(row) {
  if (row.text === undefined) {
    const labels = row.error ? [] : row.statements.map((statement) => statement.label);
    row.text = [row.path, captionOf(row), ...labels].join("\n").toLowerCase();
  }
  return row.text;
}

function applyFilters() {
  const { fits, confidence } = fitsFilters();
  matches = [];
  for (let number = 0; number < rows.length; ++number) if (fits(rows[number])) matches.push(number);
  const order = element("order").value;
  if (order !== "order") {
    const values = new Map(matches.map((number) => [number, confidence(rows[number])]));
    const sign = order === "most" ? -1 : 1;
    matches.sort((a, b) => sign * (values.get(a) - values.get(b)) || a - b);
  }
  element("least-value").textContent = `${element("least").value} %`;
  const part = matches.length < rows.length ? `${grouped(matches.length)} of ` : "";
  element("count").textContent = part + images(rows.length) +
      (matches.length > MOST_SHOWN ? `; the first ${grouped(MOST_SHOWN)} are listed` : "");
  element("nothing").hidden = matches.length > 0;
  for (const button of element("sets").children) {
    button.setAttribute("aria-pressed", button.dataset.set === element("set").value);
  }
  renderAll();
  const form = element("filters");
  const listTop = element("list").getBoundingClientRect().top;
  if (listTop < form.offsetHeight) scrollBy(0, listTop - form.offsetHeight);  // back to the first row
}

function offerLabels() {
  const set = element("set").value;
  const counts = new Map();
  for (const row of rows) {
    for (const statement of row.statements || []) {
      if (!set || statement.set === set) counts.set(statement.label, (counts.get(statement.label) || 0) + 1);
    }
  }
  const best = [...counts].sort((a, b) => b[1] - a[1]).slice(0, MOST_LABELS);
  element("labels").replaceChildren(...best.map(([label, count]) => {
    const option = make("option");
    option.value = label;
    option.label = images(count);
    return option;
  }));
}

function setOf(statement) {
  const box = make("section", statement.said ? "set spoke" : "set");
  const head = make("h3", "", statement.set);
  const numbers = `confidence ${percent(statement.confidence)}`;
  head.append(make("span", "", statement.said ? `selected, ${numbers}` : `rejected${statement.reason ? `: ${statement.reason}` : ""}, ${numbers}`));
  const labels = statement.labels || [statement];
  box.append(head, ...labels.map((label) => {
    const bar = barOf(label.label, label.probability, statement.said && label.label === statement.label);
    bar.title = `cosine ${label.cosine.toFixed(4)}`;
    return bar;
  }));
  return box;
}

function showDetails(place) {
  detailed = place;
  const number = matches[place];
  const row = rows[number];
  const top = make("div", "top");
  const facts = make("div");
  const path = make("h2", "", row.path);
  path.id = "details-path";
  facts.append(path, make("p", row.error ? "line failed" : "line", row.error ? captionOf(row) : row.caption));
  const models = [row.model, row.languageModel].filter(Boolean).join(" and ");
  facts.append(make("p", "quiet", row.error ? `error of kind ${row.error.kind}` :
      `${row.width} × ${row.height} pixels, ${models}${isDescribed(row) ? `, cosine ${row.cosine.toFixed(4)}` : ""}`));
  top.append(pictureOf(number), facts);
  const content = [top];
  if (!row.error && row.statements.length > 0) content.push(make("h2", "", "Statements, by probability"));
  element("details-content").replaceChildren(...content, ...(row.statements || []).map(setOf));
  element("previous").disabled = place === 0;
  element("next").disabled = place + 1 >= shownCount();
  if (!element("details").open) element("details").showModal();
  element("details").scrollTop = 0;
}

/** Puts the focus on the row at `place`, scrolling as far as need be. */
function focusRow(place) {
  if (place < 0 || place >= shownCount()) return;
  const top = element("list").getBoundingClientRect().top + place * rowHeight;
  const above = element("filters").offsetHeight;
  if (top < above) scrollBy(0, top - above);
  else if (top + rowHeight > innerHeight) scrollBy(0, top + rowHeight - innerHeight);
  render();
  shown.get(place).querySelector(".open").focus({ preventScroll: true });
}

function moveInList(event) {
  const item = event.target.closest(".row");
  const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
  if (!item || step === undefined) return;
  event.preventDefault();
  const place = Number(item.getAttribute("aria-posinset")) - 1;
  focusRow(Math.max(0, Math.min(shownCount() - 1, place + step)));
}

function moveInDetails(step) {
  if (detailed + step >= 0 && detailed + step < shownCount()) showDetails(detailed + step);
}

function showSummary() {
  const tile = (name, value, more, className) => {
    const box = make("div", className);
    const number = make("dd", "", value);
    if (more) number.append(make("small", "", more));
    box.append(make("dt", "", name), number);
    return box;
  };
  const share = (count) => summary.images ? `${percent(count / summary.images)} of all` : "";
  const captioned = summary.images - summary.failed - summary.described;
  const tiles = [tile("Images", grouped(summary.images))];
  if (captioned > 0) {
    tiles.push(tile("With statement", grouped(captioned - summary.silent), share(captioned - summary.silent)));
    tiles.push(tile("Abstained", grouped(summary.silent), share(summary.silent)));
  }
  if (summary.described > 0) tiles.push(tile("Described", grouped(summary.described), share(summary.described)));
  const kinds = summary.errors.map((error) => `${grouped(error.images)} ${error.kind}`).join(", ");
  tiles.push(tile("Errors", grouped(summary.failed), kinds, summary.failed > 0 ? "failed" : ""));
  element("numbers").replaceChildren(...tiles);
  element("sources").textContent = summary.sources.join(", ");
  element("sets").hidden = summary.sets.length === 0;
  element("sets").replaceChildren(...summary.sets.map((set) => {
    const button = make("button", "said");
    button.type = "button";
    button.dataset.set = set.set;
    button.title = "Show the images with a statement of this set";
    const bar = make("progress");
    bar.max = set.images;
    bar.value = set.said;
    bar.setAttribute("aria-hidden", "true");
    button.append(make("span", "name", set.set), bar, make("span", "number", `${grouped(set.said)} of ${grouped(set.images)}`));
    button.addEventListener("click", () => {
      element("set").value = element("set").value === set.set ? "" : set.set;
      offerLabels();
      applyFilters();
    });
    return button;
  }));
}

function fillChoices() {
  const choices = [["all images", "all"], ["with a statement", "said"], ["abstained", "silent"]];
  if (summary.described > 0) choices.push(["described", "described"]);
  choices.push(["errors", "errors"]);
  if (summary.errors.length > 1) for (const error of summary.errors) choices.push([`errors: ${error.kind}`, `error ${error.kind}`]);
  element("show").replaceChildren(...choices.map(([text, value]) => new Option(text, value)));
  element("set").replaceChildren(new Option("any", ""), ...summary.sets.map((set) => new Option(set.set, set.set)));
}

function start() {
  readData();
  showSummary();
  fillChoices();
  offerLabels();
  applyFilters();
  addEventListener("scroll", () => requestAnimationFrame(render), { passive: true });  // once a frame at most
  addEventListener("resize", () => requestAnimationFrame(renderResized));
  const form = element("filters");
  form.addEventListener("input", (event) => {
    if (event.target.id === "set") offerLabels();
    applyFilters();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { offerLabels(); applyFilters(); }));  // once the fields are empty
  element("more").addEventListener("click", () => {
    const open = element("fields").classList.toggle("open-on-phone");
    element("more").setAttribute("aria-expanded", open);
  });
  element("list").addEventListener("keydown", moveInList);
  element("close").addEventListener("click", () => element("details").close());
  element("details").addEventListener("close", () => focusRow(detailed));
  element("previous").addEventListener("click", () => moveInDetails(-1));
  element("next").addEventListener("click", () => moveInDetails(1));
  element("details").addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") moveInDetails(-1);
    if (event.key === "ArrowRight") moveInDetails(1);
  });
}

start();
