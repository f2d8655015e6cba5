import type { StillLife } from "./attributes.ts";

/** A scene that comes with the page: what it shows and what one might make of it. */
export interface Recipe {
  readonly id: string;
  readonly name: string;
  readonly still: StillLife;
  /** A prompt that describes the scene. */
  readonly source: string;
  readonly targets: readonly string[];
}

const day = { time: "day", style: "photo" } as const;

export const recipes: readonly Recipe[] = [
  {
    id: "red-apple",
    name: "Red apple on grass",
    still: { ...day, kind: "apple", material: "red", ground: "grass", seed: 900011 },
    source: "a photo of a red apple on grass",
    targets: [
      "a photo of a blue apple on grass",
      "a photo of a gold apple on grass",
      "a photo of a pumpkin on grass",
      "a photo of a red apple on snow",
    ],
  },
  {
    id: "pumpkin",
    name: "Pumpkin on snow",
    still: { ...day, kind: "pumpkin", material: "natural", ground: "snow", seed: 900023 },
    source: "a photo of a pumpkin on snow",
    targets: [
      "a photo of a purple pumpkin on snow",
      "a photo of a green pumpkin on snow",
      "a photo of a pumpkin on sand",
      "a photo of a stone pumpkin on snow",
    ],
  },
  {
    id: "yellow-duck",
    name: "Yellow duck on a wooden table",
    still: { ...day, kind: "duck", material: "yellow", ground: "table", seed: 900023 },
    source: "a photo of a yellow duck on a wooden table",
    targets: [
      "a photo of a red duck on a wooden table",
      "a photo of a blue duck on a wooden table",
      "a photo of a checkered duck on a wooden table",
      "a photo of a yellow duck on grass",
    ],
  },
];
