import { castNode } from "../cast.ts";
import { floatTensor } from "../floats.ts";
import type { Form } from "./form.ts";

/** Halves behind a Cast to the graph's own type. Weights that are halves already stay. */
export const half: Form = ({ name, tensor }, values, { fresh }) => {
  if (tensor.dtype === "float16") {
    return { initializers: new Map([[name, tensor]]), prologue: [], consumers: new Map() };
  }
  const halves = fresh(`${name}_half`);
  return {
    initializers: new Map([[halves, floatTensor("float16", tensor.dims, values)]]),
    prologue: [castNode(fresh(`${name}/Cast`), halves, name, tensor.dtype)],
    consumers: new Map(),
  };
};
