/**
 * Which input or output of a graph plays which role. Exporters agree on ranks and types more than on names, so names
 * decide only between equals.
 */
import { UserError } from "../core/errors.ts";
import type { Port } from "../onnx/model.ts";

export interface GraphPorts {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

interface Role {
  readonly rank: readonly number[];
  readonly type: "float" | "integer" | "number";
  /** Tells equals apart; a port named so is preferred, and with `named` required to be. */
  readonly name?: RegExp;
  readonly named?: boolean;
  readonly optional?: boolean;
}
type Roles = Readonly<Record<string, Role>>;

const TYPES: Readonly<Record<Role["type"], (dtype: string) => boolean>> = {
  float: (dtype) => /^float(16|32)$/.test(dtype),
  integer: (dtype) => /^int(32|64)$/.test(dtype),
  number: (dtype) => /^(float(16|32)|int(32|64))$/.test(dtype),
};

/** In the order in which they are looked for: a taken port is not looked at again. */
const INPUTS = {
  text_encoder: {
    mask: { rank: [2], type: "number", name: /mask/i, named: true, optional: true },
    ids: { rank: [2], type: "integer", name: /ids|tokens/i },
  },
  unet: {
    timestep: { rank: [0, 1], type: "number", name: /^(timestep|t)$/i },
    sample: { rank: [4], type: "float", name: /sample|latent/i },
    context: { rank: [3], type: "float", name: /encoder_hidden_states|context/i },
  },
  vae_encoder: { image: { rank: [4], type: "float" } },
  vae_decoder: { latent: { rank: [4], type: "float" } },
} as const satisfies Record<string, Roles>;

const OUTPUTS = {
  text_encoder: { hidden: { rank: [3], type: "float", name: /^last_hidden_state$/ } },
  unet: { prediction: { rank: [4], type: "float", name: /sample/i } },
  vae_encoder: { latent: { rank: [4], type: "float", name: /latent/i } },
  vae_decoder: { image: { rank: [4], type: "float", name: /sample|image/i } },
} as const satisfies Record<string, Roles>;

/** The four networks of a latent diffusion model, named as their folders are. */
export type Part = keyof typeof INPUTS;
export const PARTS = Object.keys(INPUTS) as readonly Part[];

type Found<R extends Roles> = {
  readonly [K in keyof R]: R[K] extends { optional: true } ? Port | undefined : Port;
};
export type PartPorts<P extends Part> = Found<(typeof INPUTS)[P]> & Found<(typeof OUTPUTS)[P]>;

/** Extra inputs that tell a kind of model we do not run. */
const FOREIGN: readonly { readonly input: RegExp; readonly says: string }[] = [
  { input: /^(text_embeds|time_ids|add_text)/, says: "This is an SDXL UNet" },
  { input: /^timestep_cond$/, says: "This is a latent consistency model" },
  { input: /^(mid|down)_block|controlnet/, says: "This UNet expects a ControlNet" },
];

/** Throws a UserError when a graph is not the part that its place in the folder says. */
export function findPorts<P extends Part>(part: P, ports: GraphPorts): PartPorts<P> {
  const inputs = match(part, "input", INPUTS[part], ports.inputs);
  const outputs = match(part, "output", OUTPUTS[part], ports.outputs);
  const taken = new Set(Object.values(inputs).map((port) => port?.name));
  const extra = ports.inputs.filter(({ name }) => !taken.has(name));
  if (extra.length > 0) throw unfillable(part, extra);
  return { ...inputs, ...outputs } as PartPorts<P>;
}

function match(
  part: Part,
  what: string,
  roles: Roles,
  ports: readonly Port[],
): Record<string, Port | undefined> {
  const taken = new Set<Port>();
  const found: Record<string, Port | undefined> = {};
  for (const [name, role] of Object.entries(roles)) {
    const fits = ports.filter(
      ({ dims, dtype }) => role.rank.includes(dims.length) && TYPES[role.type](dtype),
    );
    const free = fits.filter((port) => !taken.has(port));
    const port =
      free.find((candidate) => role.name?.test(candidate.name)) ?? (role.named ? undefined : free[0]);
    if (!port && !role.optional) {
      throw new UserError(
        `${part}/model.onnx has no ${what} that could be its ${name} (it has ${ports.map(spell).join("; ")}).`,
        "The folder has to hold a Stable Diffusion model exported to ONNX, its parts in their own folders.",
      );
    }
    if (port) taken.add(port);
    found[name] = port;
  }
  return found;
}

function unfillable(part: Part, extra: readonly Port[]): UserError {
  const foreign = FOREIGN.find(({ input }) => extra.some(({ name }) => input.test(name)));
  const says = foreign ? `${foreign.says}: ` : "";
  return new UserError(
    `${says}${part}/model.onnx wants ${extra.map(spell).join(" and ")}, which we cannot fill in.`,
    "Use a Stable Diffusion 1.x or 2.x model.",
  );
}

export const spell = ({ name, dtype, dims }: Port): string => `${name}: ${dtype}[${dims.join(", ")}]`;
