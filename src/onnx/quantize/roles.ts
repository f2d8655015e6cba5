/** Weights that a measurement showed to matter more than their size, by their place in the graph and not their name. */
import { ancestors, descendants } from "../graph.ts";
import type { Graph } from "../model.ts";
import type { Weight } from "./weights.ts";

export type Role = "first layer" | "last layer" | "time embedding";

/** A graph's inputs that are pictures or latents, whose first convolutions count as first layers. */
const PICTURE_RANK = 4;

/** The role of each weight that has one. */
export function rolesOf(graph: Graph, weights: readonly Weight[]): ReadonlyMap<string, Role> {
  const pictures = graph.inputs.filter(({ dims }) => dims?.length === PICTURE_RANK);
  const times = graph.inputs.filter(
    ({ dims, name }) => (dims?.length ?? 2) < 2 && /^t(imesteps?)?$/i.test(name),
  );
  const reach = (names: readonly { readonly name: string }[]): ReadonlySet<string> =>
    new Set(names.flatMap(({ name }) => [...descendants(graph.nodes, name)]));
  const [fromPicture, fromTime] = [reach(pictures), reach(times)];
  const isWeight = new Set(weights.map(({ name }) => name));
  const layers = graph.nodes.filter(({ inputs }) => inputs.some((name) => isWeight.has(name)));
  const layerOutputs = layers.flatMap(({ outputs }) => outputs);
  const afterALayer = reach(layerOutputs.map((name) => ({ name })));

  const roleOf = ({ name, consumers }: Weight): Role | undefined => {
    const inputs = consumers.flatMap((node) => node.inputs.filter((input) => input !== name));
    if (inputs.some((input) => fromTime.has(input)) && !inputs.some((input) => fromPicture.has(input))) {
      return "time embedding";
    }
    if (inputs.some((input) => fromPicture.has(input) && !afterALayer.has(input))) return "first layer";
    return undefined;
  };
  const roles = new Map(
    weights.flatMap((weight) => {
      const role = roleOf(weight);
      return role ? [[weight.name, role] as const] : [];
    }),
  );
  for (const name of lastLayers(graph, weights)) if (!roles.has(name)) roles.set(name, "last layer");
  return roles;
}

/** Weights of the layers that nothing but arithmetic separates from a picture or latent the graph gives. */
function lastLayers(graph: Graph, weights: readonly Weight[]): string[] {
  const pictures = graph.outputs.filter(({ dims }) => dims?.length === PICTURE_RANK);
  const before = new Set(pictures.flatMap(({ name }) => [...ancestors(graph.nodes, name)]));
  const candidates = weights.filter(({ consumers }) =>
    consumers.some(({ outputs }) => outputs.some((output) => before.has(output))),
  );
  const isLayer = new Set(candidates.flatMap(({ consumers }) => consumers));
  return candidates
    .filter(({ consumers }) =>
      consumers.every(({ outputs }) => {
        const after = descendants(graph.nodes, outputs[0]!);
        return ![...isLayer].some(
          (node) => !consumers.includes(node) && node.inputs.some((input) => after.has(input)),
        );
      }),
    )
    .map(({ name }) => name);
}
