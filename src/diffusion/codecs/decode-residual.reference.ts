/** Twin of shaders/codec/change.wgsl and residual.wgsl. */

export interface ResidualInput {
  readonly image: ArrayLike<number>; // x [C, H, W]
  readonly decoded: ArrayLike<number>; // D(z)
  readonly moved: ArrayLike<number>; // D(z − η·g)
  readonly decodedSource: ArrayLike<number>; // D(zSource)
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}
export interface ResidualWeights {
  readonly gain: number;
  readonly relax: number;
  readonly low: number;
  readonly high: number;
}

const RADIUS = 4;

export function residual(input: ResidualInput, weights: ResidualWeights): Float64Array {
  const { image, decoded, moved, channels, height, width } = input;
  const pixels = height * width;
  const blurred = boxMean(changeOf(input), height, width);
  return Float64Array.from({ length: channels * pixels }, (_, i) => {
    const { gain, relax, low, high } = weights;
    const w = Math.min(1, Math.max(0, (blurred[i % pixels]! - low) / (high - low)));
    return gain * (decoded[i]! - moved[i]! + relax * w * (image[i]! - decoded[i]!));
  });
}

/** Mean over channels of |D(z) − D(zSource)|, [H, W]. */
function changeOf({ decoded, decodedSource, channels, height, width }: ResidualInput): Float64Array {
  const pixels = height * width;
  return Float64Array.from({ length: pixels }, (_, pixel) => {
    let sum = 0;
    for (let i = pixel; i < channels * pixels; i += pixels) sum += Math.abs(decoded[i]! - decodedSource[i]!);
    return sum / channels;
  });
}

/** Mean over a box around each pixel, zeros beyond the border. */
function boxMean(values: Float64Array, height: number, width: number): Float64Array {
  const at = (x: number, y: number): number =>
    x >= 0 && x < width && y >= 0 && y < height ? values[y * width + x]! : 0;
  return values.map((_, pixel) => {
    let sum = 0;
    for (let dy = -RADIUS; dy <= RADIUS; dy++) {
      for (let dx = -RADIUS; dx <= RADIUS; dx++) {
        sum += at((pixel % width) + dx, Math.floor(pixel / width) + dy);
      }
    }
    return sum / (2 * RADIUS + 1) ** 2;
  });
}
