import { assertShape } from "../../core/assert.ts";

/** Mean absolute difference of a rendering from a picture, both [3, H, W], and its gradient on the rendering. */
export function l1Loss(
  rendered: Float32Array,
  picture: Float32Array,
): { readonly value: number; readonly gradient: Float32Array } {
  assertShape("picture", picture, [rendered.length]);
  let sum = 0;
  const gradient = rendered.map((value, i) => {
    const difference = value - picture[i]!;
    sum += Math.abs(difference);
    return Math.sign(difference) / rendered.length;
  });
  return { value: sum / rendered.length, gradient };
}
