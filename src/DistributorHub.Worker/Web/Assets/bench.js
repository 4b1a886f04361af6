// The workbench: the caret goes where a link leads, and what the line it stands in makes lights up.
(() => {
  "use strict";
  const area = () => document.getElementById("text");
  const lineOf = at => area().value.slice(0, at).split("\n").length;
  let lit = "";

  const light = key => {
    if (key === lit) return;
    for (const one of document.querySelectorAll("[data-k]")) {
      const keys = one.dataset.k.split(" ");
      if (lit && keys.includes(lit)) one.classList.remove("on-line");
      if (key && keys.includes(key)) one.classList.add("on-line");
    }
    lit = key;
  };
  document.addEventListener("selectionchange", () =>
    light(document.activeElement === area() ? `L${lineOf(area().selectionStart)}` : ""));

  document.addEventListener("click", event => {
    const link = event.target.closest("a[data-line]");
    if (!link || !area()) return;
    event.preventDefault();
    const lines = area().value.split("\n");
    const line = Math.min(Number(link.dataset.line), lines.length) - 1;
    const start = lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0);
    const column = Math.min(Number(link.dataset.col ?? 1) - 1, lines[line].length);
    area().focus({ preventScroll: true });
    area().setSelectionRange(start + column, start + (link.dataset.col ? column : lines[line].length));
    document.getElementById(`y${line + 1}`)?.scrollIntoView({ block: "center" });
  });

  document.addEventListener("input", event => {
    if (event.target === area()) area().rows = area().value.split("\n").length;
  });

  document.addEventListener("keydown", event => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target === area()) area().form.requestSubmit();
  });
})();
