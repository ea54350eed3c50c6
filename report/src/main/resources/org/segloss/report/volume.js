// A case's voxels, as they lie in the page: zlib in Base64, a byte a voxel, x fastest.

async function unpacked(text) {
  const packed = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// The image, the reference, and each loss's prediction.
async function readCase(pack) {
  const [image, reference, ...predictions] = await Promise.all(pack.trim().split(' ').map(unpacked));
  return { image, reference, predictions };
}

// How a direction cuts a volume: the axes across and down a slice, and the one through the slices; 0 is x. In three
// dimensions y and z point up, as in NIfTI.
function directions(volume) {
  return volume
    ? [
        { name: 'Axial', across: 0, down: 1, through: 2, upwards: true },
        { name: 'Coronal', across: 0, down: 2, through: 1, upwards: true },
        { name: 'Sagittal', across: 1, down: 2, through: 0, upwards: true },
      ]
    : [{ name: 'Image', across: 0, down: 1, through: 2, upwards: false }];
}

// A slice of a volume, row after row from the top.
function cut(voxels, shape, direction, index) {
  const { across, down, through, upwards } = direction;
  const steps = [1, shape[0], shape[0] * shape[1]];
  const width = shape[across];
  const height = shape[down];
  const slice = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) {
    const at = upwards ? height - 1 - row : row;
    let from = index * steps[through] + at * steps[down];
    for (let column = 0; column < width; column++, from += steps[across]) {
      slice[row * width + column] = voxels[from];
    }
  }
  return slice;
}

// Where to begin: the slice that has most of the reference, and in it the row that has most.
function fullest(voxels, shape) {
  const at = shape.map((size) => Math.floor(size / 2));
  const area = shape[0] * shape[1];
  const most = (size, indexOf, from, to) => {
    const counts = new Uint32Array(size);
    for (let i = from; i < to; i++) {
      if (voxels[i] !== 0) {
        counts[indexOf(i)]++;
      }
    }
    return counts.indexOf(Math.max(...counts));
  };
  if (voxels.some((label) => label !== 0)) {
    at[2] = most(shape[2], (i) => Math.floor(i / area), 0, voxels.length);
    const [from, to] = [at[2] * area, (at[2] + 1) * area];
    at[1] = most(shape[1], (i) => Math.floor(i / shape[0]) % shape[1], from, to);
    // the middle of the row's first stretch
    const row = voxels.subarray(from + at[1] * shape[0], from + (at[1] + 1) * shape[0]);
    at[0] = row.findIndex((label) => label !== 0);
    let end = at[0];
    while (end < shape[0] && row[end] !== 0) {
      end++;
    }
    at[0] = Math.floor((at[0] + end - 1) / 2);
  }
  return at;
}
