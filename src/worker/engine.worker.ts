import { createEngine } from "./engine.ts";
import type { EngineCalls, EngineEvents } from "./protocol.ts";
import { serveRpc, type Port } from "./rpc.ts";

const server = serveRpc<EngineCalls, EngineEvents>(
  self as unknown as Port,
  createEngine((...event) => server.emit(...event)),
);
