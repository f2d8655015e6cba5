import { expect, it } from "vitest";
import { memoryWarning } from "./memory-warning.ts";

type State = Parameters<typeof memoryWarning>[0];
const state = (provider: "webgpu" | "wasm", edited: number): State => ({
  model: {
    status: "ready",
    value: { provider, memory: [{ side: 512, bytes: 3e9 }] } as never,
  },
  document: { memory: { shown: 1e9, edited } } as never,
  memoryBudget: undefined,
  form: { size: 512 },
});

it("speaks up where model and scene together want more than is assumed, or than the user has said", () => {
  expect(memoryWarning(state("webgpu", 4e9))).toBeUndefined();
  expect(memoryWarning(state("webgpu", 6e9))).toContain("about 9 GB on the GPU, 6 GB of it for the scene");
  expect(memoryWarning({ ...state("webgpu", 4e9), memoryBudget: 6e9 })).toContain("7 GB");
});

it("counts no model that computes on the CPU", () => {
  expect(memoryWarning(state("wasm", 6e9))).toBeUndefined();
  expect(memoryWarning(state("wasm", 9e9))).toContain("9 GB");
});
