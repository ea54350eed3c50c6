// The viewer: one case at a time, the image beside what each loss made of it, in three directions that move together.

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) {
      made.addEventListener(key.slice(2), value);
    } else {
      made.setAttribute(key, value);
    }
  }
  made.append(...children);
  return made;
}

function buildViewer(root, index, packs) {
  const cuts = directions(index.volume);
  const show = { errors: true, reference: true, cross: index.volume };
  const view = { zoom: 1, x: 0, y: 0 };
  const titles = ['Image', ...index.losses];
  let current = 0;
  let voxels;
  let at = [0, 0, 0];

  const entry = () => index.cases[current];
  const drawAll = () => panes.forEach((pane) => pane.draw());

  function move(axis, slice) {
    const inside = Math.max(0, Math.min(entry().shape[axis] - 1, slice));
    if (inside !== at[axis]) {
      at[axis] = inside;
      drawAll();
    }
  }

  function zoom(factor) {
    view.zoom = Math.max(1, Math.min(16, view.zoom * factor));
    if (view.zoom === 1) {
      view.x = view.y = 0;
    }
    drawAll();
  }

  async function open(number) {
    const wanted = (number + index.cases.length) % index.cases.length;
    current = wanted;
    select.value = String(wanted);
    const read = await readCase(packs[wanted].textContent);
    // another one may have been asked for meanwhile
    if (wanted !== current) {
      return;
    }
    voxels = read;
    at = fullest(voxels.reference.map((label) => (index.ignored.includes(label) ? 0 : label)), entry().shape);
    Object.assign(view, { zoom: 1, x: 0, y: 0 });
    part.textContent = entry().part;
    panes.forEach((pane) => pane.start());
    drawAll();
    root.dataset.case = entry().id;
  }

  // One direction: a slider and a picture for the image and each loss.
  function pane(direction) {
    let slice;
    let cutAt = -1;
    const label = element('output');
    const slider = element('input', {
      type: 'range',
      min: 0,
      'aria-label': direction.name + ' slice',
      oninput: () => move(direction.through, Number(slider.value)),
    });
    const pictures = titles.map((title, i) => {
      const canvas = element('canvas', { tabindex: 0, role: 'img' });
      const caption = element('figcaption');
      new Pointer(canvas, {
        wheel: (steps) => move(direction.through, at[direction.through] + steps),
        canMove: (steps) => {
          const next = at[direction.through] + steps;
          return next >= 0 && next < entry().shape[direction.through];
        },
        zoom,
        drag: (x, y) => {
          if (view.zoom > 1) {
            view.x += x;
            view.y += y;
            drawAll();
          }
        },
        pick: (x, y) => pick(canvas, x, y),
      });
      return { canvas, caption, title, figure: element('figure', {}, canvas, caption), loss: i - 1 };
    });
    const head = element('div', { class: 'head' }, element('h3', {}, direction.name), slider, label);
    head.hidden = !index.volume;
    const body = element('div', { class: 'pane', 'data-direction': direction.name }, head,
      element('div', { class: 'pictures' }, ...pictures.map((p) => p.figure)));

    const size = () => [direction.across, direction.down].map((axis) => entry().shape[axis] * entry().spacing[axis]);
    const flipped = (axis, value) => (direction.upwards ? entry().shape[axis] - 1 - value : value);

    function pick(canvas, x, y) {
      const place = placement(canvas, slice, size(), view);
      const column = Math.floor((x * canvas.width - place.x) / place.dx);
      const row = Math.floor((y * canvas.height - place.y) / place.dy);
      if (column >= 0 && column < slice.width && row >= 0 && row < slice.height) {
        at[direction.across] = column;
        at[direction.down] = flipped(direction.down, row);
        drawAll();
      }
    }

    function start() {
      cutAt = -1;
      slider.max = entry().shape[direction.through] - 1;
      const [width, height] = size();
      // neither a ribbon nor a tower
      body.style.setProperty('--aspect', Math.max(0.6, Math.min(1.7, width / height)).toFixed(3));
      for (const picture of pictures) {
        picture.caption.replaceChildren(
          picture.loss < 0 ? element('span', {}, 'Image') : element('code', {}, picture.title),
          picture.loss < 0 ? '' : ' ' + entry().scores[picture.loss],
        );
      }
    }

    function draw() {
      const number = at[direction.through];
      if (!voxels || body.hidden) {
        return;
      }
      if (number !== cutAt) {
        slice = sliceOf(voxels, entry().shape, direction, number, index.ignored);
        cutAt = number;
      }
      slider.value = number;
      label.textContent = number + 1 + ' / ' + entry().shape[direction.through];
      const cross = [at[direction.across], flipped(direction.down, at[direction.down])];
      for (const { canvas, title, loss } of pictures) {
        const box = canvas.getBoundingClientRect();
        canvas.width = Math.round(box.width * devicePixelRatio);
        canvas.height = Math.round(box.height * devicePixelRatio);
        drawSlice(canvas, slice, loss, placement(canvas, slice, size(), view), show, cross);
        canvas.setAttribute('aria-label', `${title}, ${entry().id}, ${direction.name} slice ${number + 1}` +
          (loss < 0 ? '' : `, ${index.metric} ${entry().scores[loss]}`));
      }
    }
    return { body, start, draw, direction };
  }

  const panes = cuts.map(pane);
  const select = element('select', { 'aria-label': 'Case', onchange: () => open(Number(select.value)) },
    ...index.cases.map((c, i) => element('option', { value: i }, c.id)));
  const part = element('span', { class: 'quiet' });
  const button = (text, label, action) => element('button', { type: 'button', 'aria-label': label, title: label, onclick: action }, text);
  const toggle = (text, key) => {
    const box = element('input', { type: 'checkbox', onchange: () => { show[key] = box.checked; drawAll(); } });
    box.checked = show[key];
    return { box, label: element('label', {}, box, ' ' + text) };
  };
  const last = index.cases.length - 1;
  const jumps = [['worst', 0], ['median', Math.floor(index.cases.length / 2)], ['best', last]];
  const toggles = {
    e: toggle('errors', 'errors'),
    r: toggle('reference', 'reference'),
    ...(index.volume ? { c: toggle('cross', 'cross') } : {}),
  };
  const only = element('select', { 'aria-label': 'Directions', onchange: () => turn(only.value) },
    element('option', { value: '' }, 'three directions'), ...cuts.map((cut) => element('option', {}, cut.name)));

  function turn(name) {
    only.value = name;
    panes.forEach((pane) => { pane.body.hidden = name !== '' && pane.direction.name !== name; });
    drawAll();
  }

  const keys = {
    ArrowUp: (axis) => move(axis, at[axis] + 1),
    ArrowDown: (axis) => move(axis, at[axis] - 1),
    PageUp: (axis) => move(axis, at[axis] + 5),
    PageDown: (axis) => move(axis, at[axis] - 5),
    Home: (axis) => move(axis, 0),
    End: (axis) => move(axis, Infinity),
    ArrowLeft: () => open(current - 1),
    ArrowRight: () => open(current + 1),
    '+': () => zoom(1.25),
    '-': () => zoom(0.8),
    0: () => zoom(0),
  };
  root.addEventListener('keydown', (event) => {
    const from = event.target.closest('canvas');
    if (!from || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const direction = cuts.find((cut) => cut.name === from.closest('.pane').dataset.direction);
    if (keys[event.key]) {
      keys[event.key](direction.through);
    } else if (toggles[event.key]) {
      toggles[event.key].box.click();
    } else {
      return;
    }
    event.preventDefault();
  });

  root.append(
    element('div', { class: 'bar' },
      element('span', { class: 'group' }, button('‹', 'Previous case', () => open(current - 1)), select, button('›', 'Next case', () => open(current + 1))),
      element('span', { class: 'group' }, ...(last > 1 ? jumps : []).map(([text, i]) => button(text, 'The ' + text + ' case', () => open(i)))),
      element('span', { class: 'group' }, button('−', 'Zoom out', () => zoom(0.8)), button('+', 'Zoom in', () => zoom(1.25)), button('1:1', 'Whole picture', () => zoom(0))),
      element('span', { class: 'group' }, ...Object.values(toggles).map((t) => t.label)),
      ...(index.volume ? [only] : []), part),
    ...panes.map((pane) => pane.body),
    element('p', { class: 'caption' }, index.volume
      ? 'Click a picture to move all directions there; then the wheel or ↑ ↓ turns its slices, ← → changes the case, + − (or Ctrl and the wheel) zoom, 0 shows all, drag moves, e r c switch what is drawn.'
      : 'Click a picture; then ← → change the case, + − (or Ctrl and the wheel) zoom, 0 shows all, drag moves, e r switch what is drawn.'),
  );
  root.hidden = false;
  document.documentElement.classList.add('views');
  for (const row of document.querySelectorAll('[data-case]')) {
    const i = index.cases.findIndex((c) => c.id === row.dataset.case);
    if (i >= 0 && row !== root) {
      const link = element('button', { type: 'button', class: 'link', title: 'Show it' }, row.textContent);
      link.addEventListener('click', () => { open(i); root.scrollIntoView({ block: 'start' }); });
      row.replaceChildren(link);
    }
  }
  new ResizeObserver(drawAll).observe(root);
  if (index.volume && root.clientWidth < 600) {
    turn(cuts[0].name);
  }
  return open(0);
}

buildViewer(
  document.getElementById('viewer'),
  JSON.parse(document.getElementById('cases').textContent),
  [...document.querySelectorAll('script.voxels')],
);
