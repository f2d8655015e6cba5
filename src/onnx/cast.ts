import { int } from "./attributes.ts";
import type { DType } from "./dtype.ts";
import { DTYPES } from "./dtype.ts";
import type { GraphNode } from "./model.ts";

export const castNode = (name: string, from: string, to: string, dtype: DType): GraphNode => ({
  name,
  op: "Cast",
  domain: "",
  inputs: [from],
  outputs: [to],
  attributes: new Map([["to", int(DTYPES[dtype].code)]]),
});
