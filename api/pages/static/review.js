// Keys for reviews, and a claim that is renewed while somebody works. Every key is a button.
const GUARD = 500;
const RENEWAL = 5 * 60 * 1000;

let ready = performance.now() + GUARD;
let sent = false;
let active = true;

function isWriting(target) {
  return target instanceof HTMLElement && target.matches("textarea, input, select");
}

function isQuiet(event) {
  return event.ctrlKey || event.metaKey || event.altKey || event.repeat;
}

document.addEventListener("keydown", (event) => {
  active = true;
  if (event.defaultPrevented || isQuiet(event) || isWriting(event.target)) {
    return;
  }
  const key = event.key.toLowerCase();
  if (key === "h") {
    const help = document.getElementById("help");
    if (help === null) {
      return;
    }
    help.open = !help.open;
    if (help.open) {
      help.querySelector("summary").focus();
    }
    return;
  }
  const button = document.querySelector(`button[data-key="${CSS.escape(key)}"]`);
  if (button === null) {
    return;
  }
  event.preventDefault();
  if (performance.now() < ready || sent) {
    return;
  }
  const note = document.getElementById("note");
  if (button.value === "unsure" && note.value.trim() === "") {
    note.focus();
    return;
  }
  button.click();
});

for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
    }
    sent = true;
  });
}

window.addEventListener("pageshow", () => {
  sent = false;
  ready = performance.now() + GUARD;
});

for (const kind of ["pointermove", "scroll"]) {
  document.addEventListener(kind, () => { active = true; }, { passive: true });
}

setInterval(() => {
  const renew = document.querySelector("form[data-renew]");
  if (active && renew !== null) {
    active = false;
    hold(renew);
  }
}, RENEWAL);

async function hold(form) {
  const answer = await fetch(form.action, {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams(new FormData(form)),
    redirect: "manual",
  });
  const until = answer.ok ? (await answer.json()).until : "";
  document.querySelector("[data-lost]").hidden = until !== "";
  document.querySelector("[data-claim]").hidden = until === "";
  document.querySelector("[data-until]").textContent = until;
}
