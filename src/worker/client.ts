import { UserError } from "../core/errors.ts";
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

/** Starts the engine's worker. */
export function startEngine(): EngineClient {
  const worker = new Worker(new URL("./engine.worker.ts", import.meta.url), {
    type: "module",
    name: "engine",
  });
  const rpc = connectRpc<EngineCalls, EngineEvents>(worker);
  // An error before the first word means that the worker could not be loaded. Later ones have answered their call.
  const fail = (): void => rpc.fail(NOT_STARTED);
  worker.addEventListener("error", fail);
  worker.addEventListener("message", () => worker.removeEventListener("error", fail), { once: true });
  return {
    ...rpc,
    start: (canvas) => rpc.call("start", { canvas }, [canvas]),
  };
}
