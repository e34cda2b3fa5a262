// The view of the explorers of curves: it shows what Python has drawn (view.py) and tells of points that are moved.

function render({ model, el }) {
  const view = document.createElement("div");
  view.className = "course-view course-live";
  view.innerHTML = model.get("page");
  el.append(view);
  const field = view.querySelector(".field"); // the points lie on it
  const shown = {};
  let held = null; // the point under the mouse: { number, at, told }, `at` from 0 to 1, to the right and down
  let looked; // the image under the mouse, where there are images to look at
  let wanted = null; // the cell of a table that was picked and not told yet
  let nudged = [0, 0]; // by arrow keys and not told yet, in steps to the right and down
  let waiting = false; // for an answer: until it comes, a drag is only drawn and not told

  const place = (event) => {
    const box = field.getBoundingClientRect();
    const within = (value, low, length) => Math.min(1, Math.max(0, (value - low) / length));
    return [within(event.clientX, box.left, box.width), within(event.clientY, box.top, box.height)];
  };
  const follow = () => { // the held point is where the mouse is, wherever the last answer has put it
    if (!held?.at) return;
    const dot = view.querySelector(`[data-number="${held.number}"]`);
    const at = [held.at[0] * field.width.baseVal.value, held.at[1] * field.height.baseVal.value];
    if (dot?.dataset.level) at[1] = dot.dataset.level; // it is dragged along its row
    dot?.setAttribute("transform", `translate(${at})`);
  };
  const tell = () => {
    if (!held?.at || held.told === held.at) return;
    held.told = held.at;
    waiting = true;
    model.send({ move: held.number, to: held.at });
  };
  const update = () => {
    for (const [name, content] of Object.entries({ ...model.get("kept"), ...model.get("parts") })) {
      const part = view.querySelector(`[data-part="${name}"]`);
      if (part && shown[name] !== content) part.innerHTML = shown[name] = content;
    }
    for (const cell of view.querySelectorAll("[data-pick]")) {
      cell.setAttribute("aria-pressed", cell.dataset.pick === model.get("parts").picked);
    }
    waiting = false;
    follow();
    tell();
    ask();
    nudge();
  };

  const ask = () => { // of keys that come faster than answers only the last one counts
    if (wanted === null || waiting) return;
    waiting = true;
    model.send({ pick: Number(wanted) });
    wanted = null;
  };
  view.addEventListener("focusin", (event) => { // there is no `onfocusin`
    if (event.target.dataset.pick === undefined) return;
    wanted = event.target.dataset.pick;
    ask();
  });
  view.onkeydown = (event) => { // arrow keys go from cell to cell
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    const cell = event.target.closest("[data-pick]")?.parentElement;
    if (!step || !cell) return;
    const row = cell.closest("table").rows[cell.parentElement.rowIndex + step[0]];
    row?.cells[cell.cellIndex + step[1]]?.querySelector("[data-pick]")?.focus();
    event.preventDefault();
  };

  const nudge = () => {
    if (waiting || !(nudged[0] || nudged[1])) return;
    waiting = true;
    model.send({ nudge: nudged });
    nudged = [0, 0];
  };
  // Arrow keys move the chosen point. A notebook listens at the document and would go to another cell: be there before it.
  const steer = (event) => {
    const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    if (!step || event.target !== view || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    nudged = [nudged[0] + step[0], nudged[1] + step[1]];
    nudge();
  };
  if (field) {
    view.tabIndex = 0;
    view.setAttribute("role", "group");
    view.setAttribute("aria-label", "Arrow keys move the chosen point.");
    window.addEventListener("keydown", steer, true);
  }

  const look = (event) => {
    const seen = event.target.closest("[data-look]")?.dataset.look;
    if (seen !== undefined && seen !== looked) model.send({ look: Number(seen) });
    looked = seen;
  };

  view.onpointerdown = (event) => {
    const dot = event.target.closest("[data-number]");
    if (!dot || !event.isPrimary || event.button !== 0) return;
    if (view.closest(".jupyter-widgets-disconnected")) return; // the kernel was restarted: nobody would answer
    view.focus({ preventScroll: true }); // for the arrow keys
    held = { number: Number(dot.dataset.number) };
    waiting = false;
    view.setPointerCapture(event.pointerId); // a click after it is one on the view, and adds no point
    event.preventDefault();
  };
  view.onpointermove = (event) => {
    if (!event.isPrimary) return;
    if (!held) return look(event);
    held.at = place(event);
    follow();
    if (!waiting) tell();
  };
  view.onpointerup = view.onpointercancel = (event) => {
    if (!held || !event.isPrimary) return;
    tell();
    model.send({ choose: held.number });
    held = null;
  };
  view.onclick = (event) => {
    event.target.closest("[data-pick]")?.focus(); // Safari does not focus a button that is clicked
    if (event.target === field) model.send({ add: place(event) });
  };

  model.on("change:parts", update);
  update();
  return () => {
    model.off("change:parts", update);
    window.removeEventListener("keydown", steer, true);
  };
}

export default { render };
