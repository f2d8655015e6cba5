import { presetCandidates } from "../candidates.ts";
import type { Basis, CellResult, FinishedCell, RegionKind } from "../cells.ts";
import { regionsOf } from "../cells.ts";
import { edits } from "../edits.ts";

export const CANDIDATES = presetCandidates("embedded");
export const BASIS: Basis = {
  ...{ model: "model", provider: "wasm", precision: "float32", adapter: "adapter" },
  ...{ judge: "judge", views: 4, size: 128 },
};

/** How an edit came out: in how many of four views it worked, and how the surroundings fared. */
export interface Outcome {
  readonly edit: string;
  readonly candidate?: string;
  readonly region?: RegionKind;
  readonly worked: number;
  readonly psnr?: number;
  readonly seconds?: number;
}

export function finished({
  edit: id,
  candidate,
  region,
  worked,
  psnr = 30,
  seconds = 50,
}: Outcome): FinishedCell {
  const edit = edits.get(id);
  const views = Array.from({ length: BASIS.views }, (_, i) => (i < worked ? edit.to : edit.from));
  const change = { psnr, ssim: 0.9 };
  const result: CellResult = {
    before: views.map(() => edit.from),
    after: views,
    similarity: { before: 0.1, after: 0.2 },
    direction: worked / BASIS.views,
    outside: change,
    object: change,
    run: { steps: 100, seconds, secondsPerStep: seconds / 100 },
  };
  return {
    edit,
    region: region ?? regionsOf(edit)[0]!,
    candidate: CANDIDATES.find((each) => each.id === (candidate ?? "embedded-ssd"))!,
    result,
  };
}
