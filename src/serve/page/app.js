"use strict";

const element = (id) => document.getElementById(id);
let picture = null;
let searching = null;  // AbortController of the search that runs
let running = null;  // AbortController of the requests for the current picture

function show(id, visible) { element(id).hidden = !visible; }
function say(text) { element("status").textContent = text; }
function headers() {
  const token = sessionStorage.getItem("token");
  return token ? { Authorization: `Bearer ${token}` } : {};
}

function showError(text) {
  element("error").textContent = text;
  show("error", true);
  say("");
}

async function errorText(response) {
  if (response.status === 401) show("token-field", true);
  try {
    const { error } = await response.json();
    if (error.kind === "input") return `This picture cannot be used: ${error.message}.`;
    return [error.message, error.where, error.remedy].filter(Boolean).join("; ");
  } catch {
    return `the server answered ${response.status}`;
  }
}

function percent(value) {
  return `${(100 * value).toFixed(value >= 0.1 ? 0 : 1)} %`;
}

function barOf(label) {
  const row = document.createElement("div");
  row.className = label.said ? "bar said" : "bar";
  const name = document.createElement("span");
  name.className = "name";
  name.textContent = name.title = label.label;
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = label.probability;
  bar.setAttribute("aria-label", `${label.label}: ${percent(label.probability)}`);
  bar.title = `cosine ${label.cosine.toFixed(4)}`;
  const number = document.createElement("span");
  number.className = "number";
  number.textContent = percent(label.probability);
  row.append(name, bar, number);
  return row;
}

function showRecord(record) {
  element("caption").textContent = record.caption;
  element("numbers").textContent = `${record.width} × ${record.height} pixels, ${record.ms} ms with ${record.model}`;
  const sets = (record.explain || []).map((set) => {
    const box = document.createElement("section");
    box.className = set.said ? "set said" : "set";
    const head = document.createElement("h3");
    const verdict = document.createElement("span");
    const said = record.statements.filter((statement) => statement.said && statement.set === set.set);
    const sure = said.filter((statement) => "confidence" in statement).map((statement) => percent(statement.confidence));
    verdict.textContent = set.said ? `selected${sure.length ? `, confidence ${sure.join(", ")}` : ""}` : `rejected: ${set.reason}`;
    head.append(set.set, verdict);
    // A selected hypernym has the sum of its kinds' probabilities, which are among the labels.
    const others = set.labels.filter((label) => !said.some((statement) => statement.label === label.label));
    box.append(head, ...[...said, ...others].slice(0, Math.max(said.length, set.labels.length)).map(barOf));
    return box;
  });
  element("sets").replaceChildren(...sets);
  show("caption-box", true);
}

async function caption(signal) {
  const query = new URLSearchParams({ explain: "1", top_k: element("top-k").value || "3", rank: element("rank").value,
                                      name: picture.name || "picture" });
  if (element("labels").value) query.append("labels", element("labels").value);
  if (element("author").value) query.append("author", element("author").value);
  const response = await fetch(`v1/caption?${query}`, { method: "POST", body: picture, headers: headers(), signal });
  if (!response.ok) throw new Error(await errorText(response));
  showRecord(await response.json());
}

function showStep(step) {
  const settled = document.createElement("span");
  const common = step.text.startsWith(step.settled) ? step.settled.length : 0;
  settled.textContent = step.text.slice(0, common);
  const rest = document.createElement("span");
  rest.className = "unsettled";
  rest.textContent = step.text.slice(common);
  element("description").replaceChildren(settled, rest);
  const rows = step.candidates.map((candidate) => {
    const row = document.createElement("tr");
    for (const text of [candidate.text, candidate.logprob, candidate.cosine]) {
      const cell = document.createElement("td");
      cell.textContent = typeof text === "number" ? text.toFixed(3) : text;
      row.append(cell);
    }
    return row;
  });
  element("candidates").tBodies[0].replaceChildren(...rows);
  show("candidates", rows.length > 0);
}

/** How far the image supports each word, or that nothing is known of it. */
function supportOf(record) {
  if (record.source === "search") return "";
  const words = (record.words || []).map((word) => `${word.word} ${word.support.toFixed(2)}`);
  return words.length ? `Support: ${words.join(", ")}.` : "Nothing is supported: these are the label sets' statements.";
}

function takeEvent(text) {
  const field = (name) => (text.match(new RegExp(`^${name}: (.*)$`, "m")) || [])[1];
  const data = JSON.parse(field("data"));
  if (field("event") === "token") {
    showStep(data);
  } else if (field("event") === "record") {
    element("description").textContent = data.description;
    say(`Described in ${Math.round(data.ms)} ms with ${data.model} and ${data.language_model}. ${supportOf(data)}`);
  } else {
    throw new Error([data.error.message, data.error.remedy].filter(Boolean).join("; "));
  }
}

async function describe(signal) {
  const response = await fetch("v1/describe?stream=1", { method: "POST", body: picture, headers: headers(), signal });
  if (!response.ok) throw new Error(await errorText(response));
  show("description-box", true);
  say("Describing …");
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    waiting += value;
    const events = waiting.split("\n\n");
    waiting = events.pop();
    events.forEach(takeEvent);
  }
}

/** Asks for what has changed: a new picture is described as well, other options only change the statements. */
async function run(isNew) {
  if (!picture) return;
  if (isNew && running) running.abort();
  if (isNew) running = new AbortController();
  const { signal } = running;
  show("error", false);
  if (isNew) for (const id of ["caption-box", "description-box", "candidates"]) show(id, false);
  if (isNew) element("description").textContent = "";
  say("Looking …");
  try {
    await caption(signal);
    say("Captioned.");
    if (isNew && element("models").dataset.describes) await describe(signal);
  } catch (error) {
    if (error.name !== "AbortError") showError(error.message === "Failed to fetch" ? "The server cannot be reached." : error.message);
  }
}

function foundItem(record) {
  const item = document.createElement("li");
  const frame = document.createElement("div");
  frame.className = "frame";
  if (record.thumbnail) {
    const image = document.createElement("img");
    image.src = `data:image/jpeg;base64,${record.thumbnail}`;
    image.alt = "";
    frame.append(image);
  } else {
    frame.textContent = "no thumbnail";
  }
  const path = document.createElement("p");
  const name = document.createElement("bdi");
  name.textContent = record.path;
  path.append(name);
  const numbers = document.createElement("p");
  numbers.className = "numbers";
  numbers.textContent = `${record.rank}, cosine ${record.cosine.toFixed(4)}`;
  item.append(frame, path, numbers);
  return item;
}

/** Calls `take` with each line of the response as it arrives. */
async function readLines(response, take) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (waiting + value).split("\n");
    waiting = lines.pop();
    lines.forEach(take);
  }
}

/** Searches the server's index for the terms, and for the chosen picture if `like`. */
async function search(like) {
  const [text, ...without] = element("terms").value.split(" - ").map((term) => term.trim());
  const form = new FormData();
  if (text) form.append("text", text);
  for (const term of without.filter(Boolean)) form.append("without", term);
  if (like) form.append("image", picture);
  if (![...form.keys()].length) return;
  form.append("top", "24");
  form.append("thumbnails", "256");
  if (searching) searching.abort();
  searching = new AbortController();
  const { signal } = searching;
  const status = element("search-status");
  element("found").replaceChildren();
  status.textContent = "Searching …";
  try {
    const response = await fetch("v1/search", { method: "POST", body: form, headers: headers(), signal });
    if (!response.ok) throw new Error(await errorText(response));
    let count = 0;
    await readLines(response, (line) => { count += 1; element("found").append(foundItem(JSON.parse(line))); });
    status.textContent = count ? `${count} images, best first` : "No image was found.";
  } catch (error) {
    if (error.name !== "AbortError") status.textContent = error.message === "Failed to fetch" ? "The server cannot be reached." : error.message;
  }
}

function showPreview(visible) {
  show("preview", visible);
  show("invitation", !visible);
  element("drop").classList.toggle("filled", visible);
}

function take(file) {
  if (!file) return;
  picture = file;
  element("like").disabled = false;
  const preview = element("preview");
  URL.revokeObjectURL(preview.src);
  preview.src = URL.createObjectURL(file);
  preview.alt = `The chosen picture, ${file.name || "pasted"}`;
  preview.onerror = () => showPreview(false);  // what this browser cannot show the server may still read
  showPreview(true);
  run(true);
}

async function loadLists() {
  const [models, labels] = await Promise.all(["v1/models", "v1/labels"].map(async (path) => {
    const response = await fetch(path, { headers: headers() });
    if (!response.ok) throw new Error(await errorText(response));
    return response.json();
  }));
  element("models").textContent = [models.model, models.language_model].filter(Boolean).join(" and ");
  show("search", "indexed_images" in models);
  element("terms").title = `${models.indexed_images} images`;
  element("models").dataset.describes = models.language_model ? "yes" : "";
  element("labels").replaceChildren(new Option(`default (${labels.default.join(", ")})`, ""),
                                    ...labels.names.map((name) => new Option(name)));
}

function start() {
  const load = () => loadLists().then(() => show("error", false)).catch((error) => showError(error.message));
  element("file").addEventListener("change", (event) => take(event.target.files[0]));
  for (const id of ["top-k", "rank", "labels", "author"]) element(id).addEventListener("change", () => run(false));
  element("query").addEventListener("submit", (event) => { event.preventDefault(); search(false); });
  element("like").addEventListener("click", () => search(true));
  element("options").addEventListener("submit", (event) => event.preventDefault());
  element("token").addEventListener("change", (event) => {
    sessionStorage.setItem("token", event.target.value);
    load().then(() => run(true));
  });
  element("copy").addEventListener("click", async () => {
    await navigator.clipboard.writeText(element("caption").textContent);
    say("Copied.");
  });
  document.addEventListener("paste", (event) => take(event.clipboardData.files[0]));
  document.addEventListener("dragover", (event) => { event.preventDefault(); element("drop").classList.add("over"); });
  document.addEventListener("dragleave", () => element("drop").classList.remove("over"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    element("drop").classList.remove("over");
    take(event.dataTransfer.files[0]);
  });
  load();
}

start();
