// Keeps what is typed into a form, every ten seconds and when one leaves a field, and says so.
const EVERY = 10_000;

export function keepTyped(form) {
  const status = form.querySelector("[data-autosave-status]");
  const place = new URL(form.getAttribute("action") ?? "", window.location.href).pathname;
  let changed = false;
  let underWay = null;

  async function save() {
    if (!changed || underWay) return;
    changed = false;
    underWay = new AbortController();
    try {
      const answer = await fetch(`/typed/kept?place=${encodeURIComponent(place)}`, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams(new FormData(form)),
        signal: underWay.signal,
        redirect: "error",
        keepalive: true,
      });
      if (!answer.ok) throw new Error(`it was answered ${answer.status}`);
      say(`Saved at ${(await answer.json()).at}`);
      window.dispatchEvent(new Event("tc:seen"));
    } catch {
      if (underWay.signal.aborted) return;
      changed = true;
      say("Not saved yet");
    } finally {
      underWay = null;
    }
  }

  function say(text) {
    if (status && status.textContent !== text) status.textContent = text;
  }

  for (const event of ["input", "change"]) {
    form.addEventListener(event, () => {
      changed = true;
    });
  }
  form.addEventListener("focusout", save);
  form.addEventListener("submit", () => {
    changed = false;
    underWay?.abort();
  });
  window.addEventListener("pagehide", save);
  window.setInterval(save, EVERY);
}
