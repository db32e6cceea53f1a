// Extras for the answering pages; each works without. Keys 1 to 5, a draft in this browser, copy and print.

const PREFIX = "common-ground/";
const form = document.querySelector("form[data-draft]");
const key = PREFIX + (form?.dataset.draft ?? "");
const NOT_KEPT = new Set(["receipt", "checked", "replaces", "language"]);

// Storage may be refused (private windows, policy): then there is simply no draft.
const store = {
  read(name) { try { return JSON.parse(localStorage.getItem(name)); } catch { return null; } },
  write(name, value) { try { localStorage.setItem(name, JSON.stringify(value)); return true; } catch { return false; } },
  drop(name) { try { localStorage.removeItem(name); } catch { /* nothing was kept */ } },
};

function dropOld() {
  try {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith(PREFIX) && Date.parse(store.read(name)?.until) < Date.now()) store.drop(name);
    }
  } catch { /* no storage */ }
}

const said = () => [...new FormData(form)].filter(([name, value]) => value && !NOT_KEPT.has(name));

function keep() {
  const pairs = said();
  const chosen = pairs.some(([name]) => name !== "order" && name !== "screen");
  const kept = chosen && store.write(key, { until: form.dataset.until, pairs });
  if (!chosen) store.drop(key);
  for (const note of document.querySelectorAll("[data-kept]")) note.hidden = !kept;
}

// What the draft knows and the page does not: a tab closed, or a page reloaded, before it was sent on.
function fill(draft) {
  const known = new Set(said().map(([name]) => name));
  const drawn = new Set([...form.elements].map((field) => field.name));
  for (const [name, value] of draft.pairs) {
    if (known.has(name)) continue;
    const field = form.elements[name];
    if (!drawn.has(name)) form.append(hidden(name, value));
    else if (field instanceof HTMLTextAreaElement) field.value = value;
    else for (const one of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) if (one.value === value) one.checked = true;
  }
}

function hidden(name, value) {
  return Object.assign(document.createElement("input"), { type: "hidden", name, value });
}

function offerDraft(draft) {
  const start = form.querySelector("button[data-again]");
  start.textContent = start.dataset.again;
  start.value = draft.pairs.find(([name]) => name === "screen")?.[1] ?? "next";
  for (const part of form.querySelectorAll("[data-resume], [data-clear]")) part.hidden = false;
  form.elements.order.remove();
  for (const [name, value] of draft.pairs) if (name !== "screen") form.append(hidden(name, value));
}

function clear(event) {
  store.drop(key);
  removeEventListener("pagehide", keep);
  location.assign(event.currentTarget.dataset.to ?? location.pathname + location.search);
}

function byNumber(event) {
  const group = event.target.closest("fieldset.statement");
  if (!group || event.ctrlKey || event.altKey || event.metaKey) return;
  const choice = group.querySelector(`input[value="${CSS.escape(event.key)}"]`);
  if (!choice) return;
  choice.checked = true;
  choice.focus();
  choice.dispatchEvent(new Event("change", { bubbles: true }));
}

function holdOffline(event) {
  if (navigator.onLine) return;
  event.preventDefault();
  const trouble = event.currentTarget.querySelector("[data-trouble]");
  trouble.textContent = event.currentTarget.dataset.offline;
  trouble.hidden = false;
}

function countLeft(area) {
  const hint = document.getElementById(`${area.id}-hint`);
  const left = area.dataset.limit - [...area.value.replaceAll("\r\n", "\n").trim()].length;
  if (left < 100) hint.textContent = (left < 0 ? hint.dataset.over : hint.dataset.left).replace("#", Math.abs(left));
}

async function copy(event) {
  const button = event.currentTarget;
  const source = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = button.dataset.done;
  } catch {
    getSelection().selectAllChildren(source);
  }
}

function wireForm() {
  const draft = store.read(key);
  if (form.hasAttribute("data-start")) {
    if (draft) offerDraft(draft);
  } else {
    if (draft && !form.hasAttribute("data-check")) fill(draft);
    keep();
    form.addEventListener("change", keep);
    form.addEventListener("input", keep);
    addEventListener("pagehide", keep);
  }
  for (const button of document.querySelectorAll("[data-clear]")) button.addEventListener("click", clear);
}

dropOld();
const sent = document.querySelector("[data-sent]");
if (sent) store.drop(PREFIX + sent.dataset.sent);
if (form) wireForm();
document.querySelector("form[data-offline]")?.addEventListener("submit", holdOffline);
document.addEventListener("keydown", byNumber);
for (const area of document.querySelectorAll("textarea[data-limit]")) {
  area.addEventListener("input", () => countLeft(area));
  countLeft(area);
}
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", copy);
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
