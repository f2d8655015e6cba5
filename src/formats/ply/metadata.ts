/** Facts that splat tools keep in PLY comments. The last line about a fact wins; case does not matter. */
import type { SceneMetadata } from "../../scene/document.ts";

const NUMBER = "([+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:e[+-]?\\d+)?)";
/** Ours, and Brush's where it names a vector; its bare letter says nothing, as every file has the same. */
const UP = new RegExp(
  `^\\s*(?:splatsmith up|vertical axis:)\\s+${NUMBER}[\\s,]+${NUMBER}[\\s,]+${NUMBER}\\s*$`,
  "i",
);
/** Ours: center and radius of what views should look at. */
const FOCUS = new RegExp(`^\\s*splatsmith focus(?:\\s+${NUMBER}){4}\\s*$`, "i");
/** Brush and splat-transform write a mode, Postshot a flag. */
const MODE = /^\s*splatrendermode:\s*(\w+)/i;
const FLAG = /^\s*antialiased\s+([01])\s*$/i;

export function metadataOf(comments: readonly string[]): SceneMetadata {
  let antialiased = false;
  let up: SceneMetadata["up"];
  let focus: SceneMetadata["focus"];
  for (const comment of comments) {
    const mode = MODE.exec(comment);
    if (mode) antialiased = mode[1]!.toLowerCase() === "mip";
    const flag = FLAG.exec(comment);
    if (flag) antialiased = flag[1] === "1";
    const vector = UP.exec(comment)?.slice(1).map(Number) as [number, number, number] | undefined;
    const length = vector ? Math.hypot(...vector) : 0;
    if (vector && length > 0 && Number.isFinite(length)) {
      up = [vector[0] / length, vector[1] / length, vector[2] / length];
    }
    if (FOCUS.test(comment)) {
      const [x, y, z, radius] = comment.trim().split(/\s+/).slice(-4).map(Number) as [
        number,
        number,
        number,
        number,
      ];
      if (radius > 0) focus = { center: [x, y, z], radius };
    }
  }
  return { comments, antialiased, ...(up ? { up } : {}), ...(focus ? { focus } : {}) };
}

/** The comments to write: those there are, and a line for each fact that they do not state already. */
export function commentsOf({ comments, antialiased, up, focus }: SceneMetadata): string[] {
  const stated = metadataOf(comments);
  const facts: string[] = [];
  if (stated.antialiased !== antialiased) facts.push(`SplatRenderMode: ${antialiased ? "mip" : "default"}`);
  if (up && !up.every((x, i) => Math.abs(x - (stated.up?.[i] ?? NaN)) < 1e-6)) {
    facts.push(`splatsmith up ${up.join(" ")}`);
  }
  const stating = focus && `splatsmith focus ${[...focus.center, focus.radius].join(" ")}`;
  if (stating && !comments.includes(stating)) facts.push(stating);
  return [...comments, ...facts].flatMap((comment) => comment.split(/[\r\n]+/));
}
