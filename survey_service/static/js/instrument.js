// Looks through an instrument's words while they are typed; saving does the same without this.

const PAUSE = 400; // milliseconds after the last key
const form = document.getElementById("words");
let waiting, unsaved = false, round = 0;

function show(id, faults) {
  const place = document.getElementById(`fault-${id}`);
  if (!place) return;
  const said = faults ?? [];
  if ([...place.children].map((one) => one.textContent).join("|") !== said.join("|")) {
    place.replaceChildren(...said.map((text) => Object.assign(document.createElement("span"), { className: "error", textContent: text })));
  }
  const field = place.parentElement.querySelector("textarea");
  if (said.length) field?.setAttribute("aria-invalid", "true"); else field?.removeAttribute("aria-invalid");
}

async function look() {
  const mine = ++round;
  try {
    const answer = await fetch(form.dataset.look, { method: "POST", body: new FormData(form) });
    if (!answer.ok || mine !== round) return;
    const found = await answer.json();
    for (const place of form.querySelectorAll("[id^=fault-]")) {
      const id = place.id.slice("fault-".length);
      show(id, found.faults[id]);
    }
    document.getElementById("content").textContent = found.content;
    document.getElementById("age").textContent = found.age;
  } catch { /* offline: saving looks through it too */ }
}

form?.addEventListener("input", () => {
  unsaved = true;
  clearTimeout(waiting);
  waiting = setTimeout(look, PAUSE);
});
form?.addEventListener("submit", () => { unsaved = false; });
addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
