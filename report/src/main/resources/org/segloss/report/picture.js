// Draws a slice: the image in gray, what the prediction has wrong in colours, the reference as an outline.

// of Okabe and Ito's palette; the printed pictures have the same
const INVENTED = [0xe6, 0x9f, 0x00];
const MISSED = [0x56, 0xb4, 0xe9];
const CONFUSED = [0xcc, 0x79, 0xa7];
const IGNORED = [0xbb, 0xbb, 0xbb];
const OUTLINE = '#f0e442';
const OPACITY = 0xa6;

function bitmap(width, height, colour) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  const pixels = context.createImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    pixels.data.set(colour(i), 4 * i);
  }
  context.putImageData(pixels, 0, 0);
  return canvas;
}

// `ignored` are labels of the reference that say that nothing is known.
function errorColour(reference, prediction, ignored = []) {
  if (reference === prediction || ignored.includes(reference)) {
    return [0, 0, 0, 0];
  }
  return [...(reference === 0 ? INVENTED : prediction === 0 ? MISSED : CONFUSED), OPACITY];
}

// Hatched, for it is neither a class nor an error.
function ignoredColour(reference, column, row, ignored) {
  return ignored.includes(reference) && (column + row) % 4 < 2 ? [...IGNORED, OPACITY] : [0, 0, 0, 0];
}

// The edges between pixels of different labels, both of them known.
function outline(labels, width, height, ignored) {
  const path = new Path2D();
  const apart = (one, other) => one !== other && !ignored.includes(one) && !ignored.includes(other);
  const edge = (x1, y1, x2, y2) => {
    path.moveTo(x1, y1);
    path.lineTo(x2, y2);
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const here = labels[y * width + x];
      if (apart(here, x + 1 < width ? labels[y * width + x + 1] : 0)) {
        edge(x + 1, y, x + 1, y + 1);
      }
      if (apart(here, y + 1 < height ? labels[(y + 1) * width + x] : 0)) {
        edge(x, y + 1, x + 1, y + 1);
      }
    }
  }
  return path;
}

// Slices of one case in one direction, ready to be drawn for each loss.
function sliceOf(voxels, shape, direction, index, ignored) {
  const width = shape[direction.across];
  const height = shape[direction.down];
  const slice = (values) => cut(values, shape, direction, index);
  const gray = slice(voxels.image);
  const reference = slice(voxels.reference);
  return {
    width,
    height,
    image: bitmap(width, height, (i) => [gray[i], gray[i], gray[i], 255]),
    ignored: bitmap(width, height, (i) => ignoredColour(reference[i], i % width, Math.floor(i / width), ignored)),
    outline: outline(reference, width, height, ignored),
    errors: voxels.predictions.map((prediction) => {
      const labels = slice(prediction);
      return bitmap(width, height, (i) => errorColour(reference[i], labels[i], ignored));
    }),
  };
}

// The part of a canvas that a slice covers: as large as fits, zoomed around its own centre and moved.
function placement(canvas, slice, size, view) {
  const scale = Math.min(canvas.width / size[0], canvas.height / size[1]) * view.zoom;
  const width = size[0] * scale;
  const height = size[1] * scale;
  return {
    x: (canvas.width - width) / 2 + view.x * canvas.width,
    y: (canvas.height - height) / 2 + view.y * canvas.height,
    dx: width / slice.width,
    dy: height / slice.height,
  };
}

// `loss` -1 is the image alone. `cross` is where the other directions cut, in pixels of the slice.
function drawSlice(canvas, slice, loss, place, show, cross) {
  const context = canvas.getContext('2d');
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = '#000';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.setTransform(place.dx, 0, 0, place.dy, place.x, place.y);
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  context.drawImage(slice.image, 0, 0);
  if (loss >= 0 && show.errors) {
    context.imageSmoothingEnabled = false;
    context.drawImage(slice.errors[loss], 0, 0);
  }
  if (show.reference) {
    context.imageSmoothingEnabled = false;
    context.drawImage(slice.ignored, 0, 0);
  }
  const line = (path, colour, width) => {
    context.save();
    context.strokeStyle = colour;
    context.lineWidth = width;
    const scaled = new Path2D();
    scaled.addPath(path, new DOMMatrix([place.dx, 0, 0, place.dy, place.x, place.y]));
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.stroke(scaled);
    context.restore();
  };
  const unit = devicePixelRatio;
  if (show.reference) {
    line(slice.outline, '#000', 3 * unit);
    line(slice.outline, OUTLINE, 1.5 * unit);
  }
  if (cross && show.cross) {
    const path = new Path2D();
    path.moveTo(cross[0] + 0.5, 0);
    path.lineTo(cross[0] + 0.5, slice.height);
    path.moveTo(0, cross[1] + 0.5);
    path.lineTo(slice.width, cross[1] + 0.5);
    line(path, 'rgb(255 255 255 / 0.45)', unit);
  }
}
