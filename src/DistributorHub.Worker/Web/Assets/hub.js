// Makes the pages quicker to use; all of them work without it.
(() => {
  "use strict";
  const main = () => document.getElementById("main");
  let row = -1;

  // What is not looked at need not be asked for, and what someone has paused stays as it is.
  document.addEventListener("htmx:before:request", event => {
    const island = event.target.closest?.("[data-island]");
    if (island && (document.hidden || document.documentElement.dataset.paused)) event.preventDefault();
  });

  document.addEventListener("click", event => {
    const pause = event.target.closest("[data-pause]");
    if (!pause) return;
    const root = document.documentElement;
    const paused = root.dataset.paused = root.dataset.paused ? "" : "yes";
    pause.setAttribute("aria-pressed", paused ? "true" : "false");
    pause.textContent = paused ? "Go on" : "Pause";
  });

  // Values and the places they were read from light up together.
  const link = (event, on) => {
    const key = event.target.closest?.("[data-k]")?.dataset.k;
    if (!key) return;
    for (const one of document.querySelectorAll("[data-k]"))
      if (one.dataset.k.split(" ").some(k => key.split(" ").includes(k))) one.classList.toggle("on-k", on);
  };
  for (const [name, on] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]])
    document.addEventListener(name, event => link(event, on));

  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog")) return;
    const rows = [...(main()?.querySelectorAll("tr[data-row]") ?? [])];
    if (event.key === "/") {
      event.preventDefault();
      (document.getElementById("s") ?? document.getElementById("q"))?.focus();
    } else if ((event.key === "j" || event.key === "k") && rows.length > 0) {
      row = Math.min(rows.length - 1, Math.max(0, row + (event.key === "j" ? 1 : -1)));
      rows.forEach((one, index) => one.toggleAttribute("aria-current", index === row));
      const first = rows[row].querySelector("a");
      first?.focus();
      first?.scrollIntoView({ block: "nearest" });
    }
  });

  // A draft that was not saved is not lost by a slip.
  let unsaved = Boolean(document.querySelector("[data-draft=changed]"));
  document.addEventListener("input", event => { if (event.target.closest("[data-draft]")) unsaved = true; });
  document.addEventListener("submit", event => { if (event.target.querySelector?.("[data-draft]")) unsaved = false; });
  window.addEventListener("beforeunload", event => { if (unsaved) event.preventDefault(); });
})();
