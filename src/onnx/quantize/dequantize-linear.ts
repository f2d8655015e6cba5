import { int } from "../attributes.ts";
import { castNode } from "../cast.ts";
import { floatTensor } from "../floats.ts";
import type { GraphNode } from "../model.ts";
import type { Form } from "./form.ts";
import { INT8, channelGroups, roundGroup } from "./rounding.ts";

/** Since then the scale may be a half, and the result is of the scale's type. */
const HALF_SCALES = 19;

/**
 * int8 with one scale an output channel behind a DequantizeLinear: for every kind of weight, on every provider, and
 * in gradients. ONNX Runtime keeps the int8 and expands it in every run, or once at load where it is told to.
 */
export const dequantizeLinear: Form = ({ name, tensor, axis }, values, { opset, fresh }) => {
  const { dtype, dims } = tensor;
  const codes = new Int8Array(values.length);
  const scales = Float32Array.from(channelGroups(dims, axis), (group) =>
    roundGroup(values, group, INT8, codes),
  );
  const [quantized, scale] = [fresh(`${name}_int8`), fresh(`${name}_scale`)];
  const scaleType = dtype === "float16" && opset >= HALF_SCALES ? "float16" : "float32";
  const isDone = scaleType === dtype;
  const expanded = isDone ? name : fresh(`${name}_float`);
  const node: GraphNode = {
    name: fresh(`${name}/DequantizeLinear`),
    op: "DequantizeLinear",
    domain: "",
    inputs: [quantized, scale],
    outputs: [expanded],
    attributes: new Map([["axis", int(axis)]]),
  };
  return {
    initializers: new Map([
      [quantized, { dtype: "int8", dims, raw: new Uint8Array(codes.buffer) }],
      [scale, floatTensor(scaleType, [scales.length], scales)],
    ]),
    prologue: isDone ? [node] : [node, castNode(fresh(`${name}/Cast`), expanded, name, dtype)],
    consumers: new Map(),
  };
};
