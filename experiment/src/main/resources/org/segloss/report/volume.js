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

// The slice along an axis that has most of the reference.
function fullest(voxels, shape, axis) {
  const counts = new Uint32Array(shape[axis]);
  const step = [1, shape[0], shape[0] * shape[1]][axis];
  for (let i = 0; i < voxels.length; i++) {
    if (voxels[i] !== 0) {
      counts[Math.floor(i / step) % shape[axis]]++;
    }
  }
  const most = Math.max(...counts);
  return most === 0 ? Math.floor(shape[axis] / 2) : counts.indexOf(most);
}
