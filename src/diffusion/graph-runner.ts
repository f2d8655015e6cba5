import { createTurns } from "../core/turns.ts";
import type { Gpu } from "../gpu/device.ts";
import type { Model, Port } from "../onnx/model.ts";
import { attentionIsRight } from "./attention-check.ts";
import { expandHalves } from "./expand-halves.ts";
import type { Precision } from "./precision.ts";
import type { Residency } from "./residency.ts";
import { runnable } from "./runnable.ts";
import { SessionError, createSession } from "./session.ts";
import type { FailureKind, Feed, Outputs, Provider, Session, SessionOptions } from "./session.ts";
import { splitWeights } from "./split-weights.ts";

/** Where the networks of a model compute. */
export interface Backend {
  readonly provider: Provider;
  readonly gpu?: Gpu | undefined;
  /** Which networks may be in memory together; all unless given. */
  readonly residency?: Residency | undefined;
  /** Told, in words, what makes a network slower or less exact than it might be; the console unless given. */
  readonly warn?: ((text: string) => void) | undefined;
}

/** What a session is made of. */
export interface Network {
  readonly bytes: Uint8Array | Blob;
  /** What `bytes` hold. */
  readonly model: Model;
  readonly inputs: readonly Port[];
  readonly externalData?: SessionOptions["externalData"];
  /** What is to be changed in the model, which needs all sizes fixed. */
  readonly rewrite?: ((fixed: Model) => Model) | undefined;
  /** float16 computes what multiplies weights in half precision; float32 unless given. */
  readonly precision?: Precision | undefined;
}

type Feeds = Readonly<Record<string, Feed>>;

/**
 * A network that loads when it is first run, and again after a run that failed. On WebGPU its symbolic sizes are
 * fixed to those of the run, which folds away most of what an exporter wrote to compute shapes; other sizes later load
 * it anew, since an app uses one size at a time. On wasm one session takes every size, unless operators that it lacks
 * have to be written in others.
 */
export interface GraphRunner {
  /** Whether its session is there and takes other sizes than those it ran last. */
  readonly takesAnySize: boolean;
  /** Runs one after the other. */
  run(feeds: Feeds): Promise<Outputs>;
  dispose(): Promise<void>;
}

/**
 * @param load reads the network; called once a session, so that nothing holds the weights twice
 */
export function createGraphRunner(
  name: string,
  load: () => Promise<Network>,
  { provider, gpu, residency, warn = console.warn }: Backend,
  gpuOutputs: readonly string[] = [],
): GraphRunner {
  let current: { readonly sizes: string; readonly session: Session } | undefined;
  const inOrder = createTurns();
  /** Half precision has failed once. */
  let needsSingle = false;
  /** Whether the session that is there, or is being made, computes in half precision. */
  let isMixed = false;

  const release = async (): Promise<void> => {
    const old = current;
    current = undefined;
    await old?.session.dispose();
  };

  const sessionFor = async (feeds: Feeds): Promise<Session> => {
    const sizes = sizesOf(feeds);
    if (current && (current.sizes === "any" || current.sizes === sizes)) return current.session;
    await release();
    const loaded = await load();
    isMixed = loaded.precision === "float16" && !needsSingle;
    const { onCpu, wrongFused, isFixed, ...prepared } = await runnable(
      name,
      { ...loaded, precision: isMixed ? "float16" : "float32" },
      dimsOf(feeds),
      provider,
      (form) => attentionIsRight(gpu!, form),
    );
    if (onCpu.length > 0) warn(`${name} runs partly on the CPU: ${onCpu.join("; ")}`);
    if (wrongFused.length > 0) {
      const forms = wrongFused.map(({ heads, width }) => `${heads} of ${width}`).join(", ");
      warn(`${name} attends in plain operators, fused it is wrong on this GPU for heads of ${forms}`);
    }
    const network = splitWeights(provider === "webgpu" ? await expandHalves(prepared) : prepared);
    const { bytes, inputs, externalData } = network;
    const session = await createSession(bytes, {
      name,
      provider,
      gpu,
      ...(provider === "webgpu" && { gpuOutputs, freeDimensionOverrides: symbolValues(inputs, feeds) }),
      ...(externalData?.length && { externalData }),
    });
    current = { sizes: provider === "webgpu" || isFixed ? sizes : "any", session };
    return session;
  };

  /** In float32 from then on where half precision turns out not to do. */
  const evaluate = async (feeds: Feeds): Promise<Outputs> => {
    let why = "its values leave the range";
    try {
      const session = await sessionFor(feeds);
      const outputs = await session.run(feeds);
      if (!isMixed || isFinite(outputs)) return outputs;
    } catch (error) {
      if (!isMixed || !(error instanceof SessionError) || !MAY_BE_HALVES.has(error.kind)) throw error;
      why = error.message;
    }
    needsSingle = true;
    warn(`${name} cannot be computed in half precision and goes on in float32: ${why}`);
    await release().catch(() => undefined);
    return evaluate(feeds);
  };

  const dispose = () => inOrder(release);
  const run = (feeds: Feeds) =>
    inOrder(async () => {
      try {
        return await evaluate(feeds);
      } catch (error) {
        await release().catch(() => undefined);
        throw error;
      }
    });
  return {
    get takesAnySize() {
      return current?.sizes === "any";
    },
    run: residency ? (feeds) => residency.run(name, dispose, () => run(feeds)) : run,
    dispose,
  };
}

/** Failures that float32 may not have. */
const MAY_BE_HALVES: ReadonlySet<FailureKind> = new Set(["no-f16", "unsupported-op", "other"]);

/** Of what came back to the CPU. */
const isFinite = ({ cpu }: Outputs): boolean =>
  Object.values(cpu).every(({ data }) => data.every(Number.isFinite));

const dimsOf = (feeds: Feeds) =>
  Object.fromEntries(Object.entries(feeds).map(([name, { dims }]) => [name, dims]));

const sizesOf = (feeds: Feeds): string =>
  Object.entries(feeds)
    .map(([name, { dims }]) => `${name} ${dims.join("×")}`)
    .join(", ");

/** The value each symbolic size takes in these feeds. */
function symbolValues(inputs: readonly Port[], feeds: Feeds): Record<string, number> {
  return Object.fromEntries(
    inputs.flatMap(({ name, dims }) =>
      dims.flatMap((dim, i) => {
        const size = feeds[name]?.dims[i];
        return typeof dim === "string" && dim !== "" && size !== undefined ? [[dim, size]] : [];
      }),
    ),
  );
}
