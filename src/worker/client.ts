import { UserError } from "../core/errors.ts";
import type { ModelsCalls, ModelsEvents } from "./models-protocol.ts";
import type { EngineCalls, EngineEvents, MachineInfo } from "./protocol.ts";
import { connectRpc, type RpcClient } from "./rpc.ts";

/** The page's end of the engine. */
export interface EngineClient extends RpcClient<EngineCalls, EngineEvents> {
  /** Brings the engine up, or up again, to draw on this canvas. */
  start(canvas: OffscreenCanvas): Promise<MachineInfo>;
}

const NOT_STARTED = new UserError(
  "The engine could not be started.",
  "Reload the page. If that does not help, update Chrome: Splatsmith needs module workers and WebGPU.",
);

const NO_MODELS = new UserError("The keeper of the models could not be started.", "Reload the page.");

/** Starts the engine's worker. */
export function startEngine(): EngineClient {
  const worker = new Worker(new URL("./engine.worker.ts", import.meta.url), {
    type: "module",
    name: "engine",
  });
  const rpc = connect<EngineCalls, EngineEvents>(worker, NOT_STARTED);
  return {
    ...rpc,
    start: (canvas) => rpc.call("start", { canvas }, [canvas]),
  };
}

export type ModelsClient = RpcClient<ModelsCalls, ModelsEvents>;

/** Starts the worker that keeps the models. */
export function startModels(): ModelsClient {
  const worker = new Worker(new URL("./models.worker.ts", import.meta.url), {
    type: "module",
    name: "models",
  });
  return connect(worker, NO_MODELS);
}

/** An error before the first word means that the worker could not be loaded. Later ones have answered their call. */
function connect<C, E>(worker: Worker, failure: UserError): RpcClient<C, E> {
  const rpc = connectRpc<C, E>(worker);
  const fail = (): void => rpc.fail(failure);
  worker.addEventListener("error", fail);
  worker.addEventListener("message", () => worker.removeEventListener("error", fail), { once: true });
  return rpc;
}
