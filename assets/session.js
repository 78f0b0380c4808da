// Warns before a visit ends for want of use, in every tab at the same time, and lets one stay.
const WARN = 5 * 60_000;
const ANNOUNCED = [5, 2, 1];
const KEY = "tc-visit-ends";

export function watchVisit(dialog) {
  const length = Number(dialog.dataset.seconds) * 1000;
  const form = dialog.querySelector("form[data-extend]");
  const shown = dialog.querySelector("[data-left]");
  const announced = dialog.querySelector("[data-announce]");
  let ends = 0;
  let said = 0;

  function endsIn(milliseconds) {
    ends = Date.now() + milliseconds;
    window.localStorage.setItem(KEY, String(ends));
  }

  function look() {
    const left = ends - Date.now();
    if (left <= 0) window.location.assign("/sign-out");
    else if (left <= WARN) warn(Math.ceil(left / 60_000));
    else if (dialog.open) dialog.close();
  }

  function warn(minutes) {
    const words = `${minutes} ${minutes === 1 ? "minute" : "minutes"}`;
    if (shown.textContent !== words) shown.textContent = words;
    if (!dialog.open) {
      said = 0;
      dialog.querySelector("[data-typed]").hidden = !document.querySelector("form[data-autosave]");
      dialog.showModal();
    }
    if (minutes !== said && ANNOUNCED.includes(minutes)) {
      said = minutes;
      announced.textContent = `We will sign you out in ${words}.`;
    }
  }

  async function extend() {
    try {
      const options = { method: "POST", headers: { Accept: "application/json" }, redirect: "error" };
      const answer = await fetch(form.action, { ...options, body: new URLSearchParams(new FormData(form)) });
      if (!answer.ok) throw new Error(`it was answered ${answer.status}`);
      endsIn((await answer.json()).seconds * 1000);
      look();
    } catch {
      announced.textContent = "That did not work. Try again.";
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    extend();
  });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault(); // Escape means to stay, too
    extend();
  });
  window.addEventListener("tc:seen", () => endsIn(length));
  window.addEventListener("storage", (event) => {
    if (event.key === KEY && event.newValue) ends = Number(event.newValue);
  });
  endsIn(length);
  window.setInterval(look, 1000);
}
