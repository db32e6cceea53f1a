// Extras for the answering pages; each works without. One part after the other without losing the page, keys 1 to 5,
// a draft in this browser, copy and print.

const PREFIX = "common-ground/";
const PATIENCE = 20_000; // milliseconds
let form, key; // of the page being shown
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
  if (!form?.dataset.draft || form.hasAttribute("data-start")) return;
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
  form = null;
  location.assign((event.currentTarget.dataset.to ?? location.pathname) + location.search);
}

// The next page is fetched and shown in place: if that fails, this one is still here, and nothing is lost.
// Sending again is safe, because the receipt travels along.
function travel(event) {
  event.preventDefault();
  const button = event.submitter ?? form.querySelector("button[name=go]");
  const [address, anchor] = (button.hasAttribute("formaction") ? button.formAction : form.action).split("#");
  const body = new URLSearchParams(new FormData(form));
  body.delete("go");
  if (button.name) body.append(button.name, button.value);
  go(address, body, anchor);
}

async function go(address, body, anchor, isNew = true) {
  if (document.body.ariaBusy) return;
  document.body.ariaBusy = "true";
  try {
    const answer = await fetch(address, { method: "POST", body, signal: AbortSignal.timeout(PATIENCE) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.status >= 500 || !page.body.matches(".ask")) tell("busy");
    else show(page, address, anchor, isNew);
  } catch {
    tell("offline");
  }
  document.body.ariaBusy = null;
}

function tell(what) {
  const trouble = form.querySelector("[data-trouble]");
  trouble.textContent = trouble.dataset[what];
  trouble.hidden = false;
}

function show(page, address, anchor, isNew) {
  const before = screen(form);
  document.title = page.title;
  for (const name of ["lang", "dir"]) document.documentElement[name] = page.documentElement[name];
  document.body.replaceWith(page.body);
  wire();
  const spoken = `${address}?language=${document.documentElement.lang}`; // whoever reloads reads on in it
  if (isNew) history[screen(form) === before ? "replaceState" : "pushState"]({ screen: screen(form) }, "", spoken);
  const place = document.querySelector(".errors") ?? document.getElementById(anchor) ?? document.querySelector("h1");
  if (!place.matches("h1")) place.scrollIntoView();
  else scrollTo(0, 0);
  place.tabIndex = -1;
  place.focus({ preventScroll: true });
}

const screen = (shown) => shown?.elements.screen?.value ?? "";

// The browser's own back and forward.
function turnBack(event) {
  if (location.hash && !event.state) return; // a link within the page
  const wanted = event.state?.screen;
  if (!wanted || !screen(form)) { location.replace(location.pathname.replace(/[/](questions|send)$/, "") + location.search); return; }
  const body = new URLSearchParams(new FormData(form));
  body.append("go", wanted);
  go(location.pathname.replace(/send$/, "questions"), body, undefined, false);
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
  key = PREFIX + form.dataset.draft;
  const draft = form.dataset.draft && store.read(key);
  if (form.hasAttribute("data-start")) {
    if (draft) offerDraft(draft);
  } else {
    if (draft && !form.hasAttribute("data-check")) fill(draft);
    keep();
  }
  form.addEventListener("submit", travel);
}

function each(choice, act) {
  for (const one of document.querySelectorAll(choice)) act(one);
}

function wire() {
  form = document.querySelector("[data-trouble]")?.closest("form");
  each("[data-sent]", (one) => store.drop(PREFIX + one.dataset.sent));
  if (form) wireForm();
  each("[data-clear]", (button) => button.addEventListener("click", clear));
  each("textarea[data-limit]", (area) => {
    area.addEventListener("input", () => countLeft(area));
    countLeft(area);
  });
  each("[data-copy], [data-print]", (button) => { button.hidden = false; });
  each("[data-copy]", (button) => button.addEventListener("click", copy));
  each("[data-print]", (button) => button.addEventListener("click", () => print()));
}

dropOld();
wire();
for (const moment of ["change", "input"]) document.addEventListener(moment, keep);
addEventListener("pagehide", keep);
addEventListener("popstate", turnBack);
document.addEventListener("keydown", byNumber);
