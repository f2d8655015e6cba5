/** The one place where a GPUDevice is obtained, shared and lost. */
import { UserError } from "../core/errors.ts";

export interface Gpu {
  readonly device: GPUDevice;
  readonly adapterInfo: GPUAdapterInfo;
  /** The "GPU" is a program on the CPU: SwiftShader, lavapipe, WARP. */
  readonly isSoftware: boolean;
  readonly limits: GPUSupportedLimits;
  readonly features: GPUSupportedFeatures;
  /** Resolves when the device is gone, also after `destroy`. */
  readonly lost: Promise<GPUDeviceLostInfo>;
  /**
   * Hears every error that nobody awaited: validation, out of memory, a kernel that did not compile. Errors from
   * before the first listener are delivered to it. Returns the way to stop listening.
   */
  onError(listener: (error: Error) => void): () => void;
  /** Sends an error to the listeners. */
  report(error: Error): void;
  destroy(): void;
}

export interface OpenGpuOptions {
  /** Where adapters come from; `navigator.gpu` unless given. */
  readonly gpu?: GPU | undefined;
  readonly powerPreference?: GPUPowerPreference;
}

/** The device went away underneath a piece of work. */
export class DeviceLostError extends UserError {
  constructor(info: GPUDeviceLostInfo) {
    const detail = info.message ? `: ${info.message}` : "";
    super(`The GPU was lost${detail}`, "The scene as of the last finished step is kept; try again.");
    this.name = "DeviceLostError";
  }
}

/** There is no room for one of our buffers; whatever was to use it does nothing. */
export class GpuMemoryError extends UserError {
  constructor(detail: string) {
    super(
      "The GPU has no memory left for that.",
      "What is open is kept. Close other tabs and programs that use the GPU; edit at a smaller view size, say under " +
        "Machine that there is less memory for the model, or remove layers or splats that are not needed.",
      { cause: detail },
    );
    this.name = "GpuMemoryError";
  }
}

/** Whether memory was refused: to us, or to what shares the device, whose work then fails where it is awaited. */
export const isMemoryRefusal = (error: Error): boolean =>
  error instanceof GpuMemoryError || error.cause instanceof GPUOutOfMemoryError;

/** Raised from the default to what the adapter has: scenes and models need large bindings, sorts shared memory. */
const LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupSizeY",
  "maxComputeWorkgroupSizeZ",
  "maxComputeWorkgroupsPerDimension",
  // maxStorageBuffersPerShaderStage stays at its default of 8: every pass fits, on every machine alike.
] as const;

/**
 * Used where there. `subgroups` is left out on purpose: ONNX Runtime shares this device and its fused attention is
 * wrong on adapters with tiny subgroups (SwiftShader has 4 lanes); without the feature it takes the right path.
 */
const FEATURES = ["timestamp-query", "shader-f16"] as const;

/** Opens a device with the limits and features the adapter has. Throws a UserError where there is none. */
export async function openGpu(options: OpenGpuOptions = {}): Promise<Gpu> {
  const source = options.gpu ?? globalThis.navigator?.gpu;
  if (!source) {
    throw new UserError(
      "This browser has no WebGPU.",
      "Use Chrome or Edge 113 or newer, over https or on localhost.",
    );
  }
  const adapter = await source.requestAdapter({
    powerPreference: options.powerPreference ?? "high-performance",
  });
  if (!adapter) {
    throw new UserError(
      "WebGPU found no graphics adapter.",
      "In Chrome, open chrome://gpu to see why and check that hardware acceleration is on in the settings; " +
        "on Linux, start it with --enable-unsafe-webgpu --enable-features=Vulkan.",
    );
  }
  return wrapDevice(await requestDevice(adapter), adapter.info);
}

/** Milliseconds before each further try. */
const REOPEN_DELAYS = [100, 400, 1500, 4000];

/** As `openGpu`, after a loss: where the GPU's process has died, there is no adapter until another one is up. */
export async function reopenGpu(options: OpenGpuOptions = {}, delays = REOPEN_DELAYS): Promise<Gpu> {
  for (const delay of delays) {
    try {
      return await openGpu(options);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, delay));
    }
  }
  return openGpu(options);
}

async function requestDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  try {
    return await adapter.requestDevice({
      label: "splatsmith",
      requiredFeatures: FEATURES.filter((feature) => adapter.features.has(feature)),
      requiredLimits: Object.fromEntries(LIMITS.map((limit) => [limit, adapter.limits[limit]])),
    });
  } catch (cause) {
    throw new UserError(
      `The graphics adapter gave no device: ${cause instanceof Error ? cause.message : String(cause)}`,
      "Close other programs that use the GPU, update its driver, and try again.",
      { cause },
    );
  }
}

function wrapDevice(device: GPUDevice, adapterInfo: GPUAdapterInfo): Gpu {
  const listeners = new Set<(error: Error) => void>();
  let unheard: Error[] = [];
  const report = (error: Error): void => {
    if (listeners.size === 0) unheard.push(error);
    for (const listener of listeners) listener(error);
  };
  device.addEventListener("uncapturederror", (event) => {
    event.preventDefault();
    report(new Error(event.error.message, { cause: event.error }));
  });
  return {
    device,
    adapterInfo,
    isSoftware: isSoftwareAdapter(adapterInfo),
    limits: device.limits,
    features: device.features,
    lost: device.lost,
    report,
    onError(listener) {
      listeners.add(listener);
      const missed = unheard;
      unheard = [];
      for (const error of missed) listener(error);
      return () => void listeners.delete(listener);
    },
    destroy: () => device.destroy(),
  };
}

function isSoftwareAdapter(info: GPUAdapterInfo): boolean {
  if (info.isFallbackAdapter) return true;
  const text = `${info.vendor} ${info.architecture} ${info.device} ${info.description}`.toLowerCase();
  return /swiftshader|lavapipe|llvmpipe|softpipe|basic render|warp/.test(text);
}
