// Starts the components of the design systems and our own; pages work without it.
import { initAll } from "./govuk-frontend.min.js";
import { keepTyped } from "./autosave.js";
import { watchVisit } from "./session.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
// Radios with something below them are marked as expanded, which ARIA does not know of radios.
const unmark = () => document.querySelectorAll("input[type=radio][aria-expanded]").forEach((radio) => {
  radio.removeAttribute("aria-expanded");
});
unmark();
document.addEventListener("click", unmark);
window.addEventListener("pageshow", unmark);
if (document.querySelector('[data-module^="moj-"]')) {
  import("./moj-frontend.min.js").then((moj) => moj.initAll());
}
const lists = document.querySelectorAll("select[data-searchable]");
if (lists.length > 0) import("./searchable.js").then(({ makeSearchable }) => lists.forEach(makeSearchable));
document.querySelectorAll("form[data-autosave]").forEach(keepTyped);
document.querySelectorAll("dialog[data-session-warning]").forEach(watchVisit);
