// The view of the explorers of curves: it shows what Python has drawn (view.py) and tells of points that are moved.

function render({ model, el }) {
  const view = document.createElement("div");
  view.className = "course-view";
  view.innerHTML = model.get("page");
  el.append(view);
  const field = view.querySelector(".field"); // the points lie on it
  const shown = {};
  let held = null; // the point under the mouse: { number, at, told }, `at` from 0 to 1, to the right and down
  let waiting = false; // for an answer: until it comes, a drag is only drawn and not told

  const place = (event) => {
    const box = field.getBoundingClientRect();
    const within = (value, low, length) => Math.min(1, Math.max(0, (value - low) / length));
    return [within(event.clientX, box.left, box.width), within(event.clientY, box.top, box.height)];
  };
  const follow = () => { // the held point is where the mouse is, wherever the last answer has put it
    if (!held?.at) return;
    const at = [held.at[0] * field.width.baseVal.value, held.at[1] * field.height.baseVal.value];
    view.querySelector(`[data-number="${held.number}"]`)?.setAttribute("transform", `translate(${at})`);
  };
  const tell = () => {
    if (!held?.at || held.told === held.at) return;
    held.told = held.at;
    waiting = true;
    model.send({ move: held.number, to: held.at });
  };
  const update = () => {
    for (const [name, content] of Object.entries(model.get("parts"))) {
      const part = view.querySelector(`[data-part="${name}"]`);
      if (part && shown[name] !== content) part.innerHTML = shown[name] = content;
    }
    waiting = false;
    follow();
    tell();
  };

  view.onpointerdown = (event) => {
    const dot = event.target.closest("[data-number]");
    if (!dot || !event.isPrimary || event.button !== 0) return;
    held = { number: Number(dot.dataset.number) };
    waiting = false;
    view.setPointerCapture(event.pointerId); // a click after it is one on the view, and adds no point
    event.preventDefault();
  };
  view.onpointermove = (event) => {
    if (!held || !event.isPrimary) return;
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
    if (event.target === field) model.send({ add: place(event) });
  };

  model.on("change:parts", update);
  update();
  return () => model.off("change:parts", update);
}

export default { render };
