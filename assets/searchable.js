// A long list with a field to search it. The list stays in the form, hidden, and holds the answer.
import "./accessible-autocomplete.min.js";

const MANY = 50;

export function makeSearchable(select) {
  const { id } = select;
  const described = (select.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
  const options = [...select.options].filter((option) => option.value);
  const faulty = select.classList.contains("govuk-select--error");
  const stray = new Option(); // holds what is not in the list, so that it is refused rather than lost
  const { typed = "" } = select.dataset;

  function choose(text) {
    const said = (text ?? "").trim();
    const found = options.find((option) => option.text.trim().toLowerCase() === said.toLowerCase());
    stray.remove();
    if (said && !found) {
      stray.value = said;
      select.add(stray);
    }
    const value = found?.value ?? said;
    if (select.value === value) return;
    select.value = value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  window.accessibleAutocomplete.enhanceSelectElement({
    selectElement: select,
    defaultValue: typed, // the words that ask for a choice are no choice
    inputClasses: faulty ? "govuk-input--error" : "",
    source: (query, show) => show(matching(options, query)),
    onConfirm: choose,
    confirmOnBlur: false,
    autoselect: false,
    showAllValues: true,
    tNoResults: () => "Nothing in the list matches",
  });

  const input = document.getElementById(id);
  input.addEventListener("blur", () => choose(input.value));
  if (typed) choose(typed);
  keepDescribed(input, described);
}

function matching(options, query) {
  const wanted = query.trim().toLowerCase().split(/\s+/);
  const found = options.map((option) => option.text).filter((text) => wanted.every((one) => has(text, one)));
  const [first] = wanted;
  found.sort((one, other) => begins(other, first) - begins(one, first));
  return found.slice(0, query ? MANY : options.length);
}

const has = (text, part) => text.toLowerCase().includes(part);
const begins = (text, part) => Number(text.toLowerCase().startsWith(part));

// The component writes the attribute anew at each key; the hint and the error belong to the field all the time.
function keepDescribed(input, ids) {
  const mend = () => {
    const now = (input.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
    if (ids.every((one) => now.includes(one))) return;
    input.setAttribute("aria-describedby", [...new Set([...ids, ...now])].join(" "));
  };
  new MutationObserver(mend).observe(input, { attributes: true, attributeFilter: ["aria-describedby"] });
  mend();
}
