// The view of the sketchpad: boxes to draw in, and the answer. Python rasterises, adapts and predicts (sketchpad.py).

const HELP = "Draw with mouse, touch or pen. With the keyboard: Tab to a box, arrow keys write one of our symbols, " +
  "Backspace undoes a stroke, Delete clears the box.";
const QUERY = 5; // the box after the five classes
const SIDE = 28; // pixels of the image that the network sees
const APART = 0.008; // of a box: points closer than this add nothing

function make(parent, tag, attributes = {}, text = "") {
  const svg = tag === "svg" || tag === "path";
  const node = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  // What can have the focus tells JupyterLab to keep its own keys to itself, such as D D for "delete the cell".
  if (["svg", "button", "select"].includes(tag)) node.setAttribute("data-lm-suppress-shortcuts", "true");
  node.append(text);
  parent.append(node);
  return node;
}

function outline(stroke) {
  const points = stroke.map(([x, y]) => `${100 * x},${100 * y}`);
  return `M${points.join("L")}` + (points.length === 1 ? "l0,0" : ""); // a round cap makes a dot of it
}

function place(event, svg) {
  const box = svg.getBoundingClientRect();
  const within = (value, low, length) => Math.min(1, Math.max(0, Math.round((1000 * (value - low)) / length) / 1000));
  return [within(event.clientX, box.left, box.width), within(event.clientY, box.top, box.height)];
}

function makeBox(parent, number, model) {
  const name = number === QUERY ? "Query" : `Symbol ${number + 1}`;
  const box = make(parent, "div", { class: "box", style: `--class: ${model.get("colors")[number] ?? "currentColor"}` });
  make(box, "span", { class: "name" }, number === QUERY ? "Query: which symbol is this?" : name);
  const svg = make(box, "svg", {
    viewBox: "0 0 100 100", tabindex: 0, role: "application", "aria-label": `${name}: drawing box. ${HELP}`,
  });
  const tools = make(box, "div", { class: "tools" });
  const strokes = () => model.get("drawings")[number];
  const set = (drawing) => {
    model.set("drawings", model.get("drawings").map((old, i) => (i === number ? drawing : old)));
    model.save_changes();
  };
  const undo = () => set(strokes().slice(0, -1));
  const clear = () => set([]);
  const example = (step) => model.send({ example: number, step });
  for (const [word, says, action] of [
    ["Undo", `Undo the last stroke of ${name}`, undo],
    ["Clear", `Clear ${name}`, clear],
    ["Example", `Write an example in ${name}`, () => example(1)],
  ]) {
    make(tools, "button", { type: "button", title: says, "aria-label": says }, word).onclick = action;
  }
  svg.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, Enter: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) example(step);
    else if (event.key === "Backspace" || (event.key === "z" && (event.ctrlKey || event.metaKey))) undo();
    else if (event.key === "Delete") clear();
    else return; // Tab and the others do what they always do
    event.preventDefault();
    event.stopPropagation();
  };

  let stroke = null, line = null;
  const add = (event) => {
    const point = place(event, svg);
    const last = stroke.at(-1);
    if (last && Math.hypot(point[0] - last[0], point[1] - last[1]) < APART) return;
    stroke.push(point);
    line.setAttribute("d", outline(stroke));
  };
  svg.onpointerdown = (event) => {
    if (!event.isPrimary || event.button !== 0) return;
    svg.setPointerCapture(event.pointerId);
    stroke = [];
    line = make(svg, "path");
    add(event);
  };
  svg.onpointermove = (event) => {
    if (!stroke || !event.isPrimary) return;
    const events = event.getCoalescedEvents?.() ?? [];
    (events.length ? events : [event]).forEach(add);
  };
  const end = (event) => {
    if (!stroke || !event.isPrimary) return;
    const done = stroke;
    stroke = null;
    set([...strokes(), done]);
  };
  svg.onpointerup = end;
  svg.onpointercancel = end;

  let seen = null;
  return (winner) => {
    box.classList.toggle("winner", winner === number);
    if (seen === strokes()) return; // only the box that changed is drawn again
    seen = strokes();
    svg.querySelectorAll("path").forEach((path) => path !== line && path.remove());
    line?.remove();
    seen.forEach((one) => make(svg, "path", { d: outline(one) }));
    if (stroke) svg.append(line); // a stroke that is not finished stays
  };
}

function percent(value) { // a softmax is never quite 0 or 1
  return value > 0.9995 ? "> 99.9 %" : value < 0.0005 ? "< 0.1 %" : `${(100 * value).toFixed(1)} %`;
}

function paint(canvas, pixels, number) {
  const image = new ImageData(SIDE, SIDE);
  for (let i = 0; i < SIDE * SIDE; i++) {
    const grey = 255 - pixels.getUint8(number * SIDE * SIDE + i);
    image.data.set([grey, grey, grey, 255], 4 * i);
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

function makeCanvas(parent, label) {
  return make(parent, "canvas", { width: SIDE, height: SIDE, role: "img", "aria-label": label });
}

function makeRow(table, number, color) {
  const row = make(table, "tr", { style: `--class: ${color}` });
  make(row, "th", { scope: "row" }, `${number + 1}`);
  const canvas = makeCanvas(make(row, "td"), `Symbol ${number + 1} as the network sees it`);
  const [distance, probability] = ["distance", "probability"].map((kind) => {
    const cell = make(make(row, "td", { class: kind }), "div");
    return { bar: make(cell, "i"), text: make(cell, "span") };
  });
  return (shown) => {
    const at = shown.classes.indexOf(number);
    paint(canvas, shown.pixels, number);
    row.classList.toggle("winner", shown.winner === number);
    const fill = (part, values, most, write) => {
      const value = values ? values[at] : undefined;
      part.bar.style.width = value === undefined ? "0" : `${(66 * value) / most}%`;
      part.bar.hidden = value === undefined;
      part.text.textContent = value === undefined ? "" : write(value);
    };
    fill(distance, shown.distances, Math.max(1e-9, ...(shown.distances ?? [])), (v) => v.toFixed(1));
    fill(probability, shown.probabilities, 1, percent);
  };
}

function render({ model, el }) {
  const root = make(el, "div", { class: "sketchpad course-live" });
  const top = make(root, "div", { class: "top" });
  const menu = make(make(top, "label", {}, "Learner trained on "), "select");
  model.get("names").forEach((name) => make(menu, "option", { value: name }, name));
  menu.onchange = () => { model.set("chosen", menu.value); model.save_changes(); };
  make(top, "button", { type: "button" }, "Clear all boxes").onclick = () => {
    model.set("drawings", model.get("drawings").map(() => []));
    model.save_changes();
  };
  make(root, "p", { class: "help" }, HELP);
  const boxes = make(root, "div", { class: "boxes" });
  const draw = [0, 1, 2, 3, 4].map((number) => makeBox(boxes, number, model));
  const below = make(root, "div", { class: "below" });
  const left = make(below, "div");
  draw.push(makeBox(left, QUERY, model));
  const seen = make(left, "div", { class: "seen" });
  const query = makeCanvas(seen, "The query as the network sees it");
  make(seen, "span", {}, "what the network sees: 28 × 28 pixels");
  const answer = make(below, "div", { class: "answer" });
  const sentence = make(answer, "p", { class: "sentence", role: "status" });
  const table = make(answer, "table");
  const head = make(table, "tr");
  for (const [kind, word] of [["", ""], ["", "seen"], ["distance", "squared distance to the prototype"], ["", "probability"]])
    make(head, "th", { scope: "col", class: kind }, word);
  const rows = model.get("colors").map((color, number) => makeRow(table, number, color));

  const redraw = () => draw.forEach((show) => show(model.get("shown").winner));
  const update = () => {
    const shown = model.get("shown");
    sentence.textContent = shown.sentence;
    menu.value = model.get("chosen");
    table.classList.toggle("no-distance", !shown.measures);
    paint(query, shown.pixels, QUERY);
    rows.forEach((show) => show(shown));
    redraw();
  };
  model.on("change:shown", update);
  model.on("change:drawings", redraw);
  update();
  return () => { model.off("change:shown", update); model.off("change:drawings", redraw); };
}

export default { render };
