import { slider, vector } from "../../core/params.ts";
import type { Point } from "../../scene/bounds.ts";
import { gradeSplats, NEUTRAL } from "../../scene/grade.ts";
import { defineCommand } from "../command.ts";
import { changeTarget, targetParam } from "../target.ts";

const factor = (label: string, help: string) =>
  slider({ label, help, min: 0, max: 2, step: 0.01, default: 1 });

export const grade = defineCommand({
  id: "color.grade",
  group: "color",
  title: "Grade color",
  help: "Changes colors and opacity, the same as seen from every side.",
  params: {
    target: targetParam,
    brightness: factor("Brightness", "Factor of all colors."),
    contrast: factor("Contrast", "Factor of the distance from middle grey."),
    saturation: factor("Saturation", "0 is grey, 1 as it is."),
    temperature: slider({
      label: "Temperature",
      help: "Colder to the left, warmer to the right.",
      ...{ min: -1, max: 1, step: 0.01, default: 0 },
    }),
    tint: vector({ label: "Tint", help: "Factors of red, green and blue.", default: [1, 1, 1] as Point }),
    opacity: factor("Opacity", "Factor of the opacity."),
  },
  apply(doc, { target, ...values }) {
    if (JSON.stringify({ ...NEUTRAL, ...values }) === JSON.stringify(NEUTRAL)) return doc;
    return changeTarget(doc, target, (splats, rows) => gradeSplats(splats, values, rows));
  },
});
