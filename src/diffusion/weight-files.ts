import type { Model } from "../onnx/model.ts";

/** The files that a graph keeps weights in, by the location written in it; each once. Relative to the graph. */
export function weightLocations({ graph }: Model): readonly string[] {
  const attributes = graph.nodes.flatMap((node) =>
    [...node.attributes.values()].flatMap((attribute) =>
      attribute.kind === "tensor" ? [attribute.value] : [],
    ),
  );
  const tensors = [...graph.initializers.values(), ...attributes];
  return [...new Set(tensors.flatMap(({ external }) => external?.get("location") ?? []))];
}
