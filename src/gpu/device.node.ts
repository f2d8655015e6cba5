/** WebGPU in Node: Google's Dawn from npm `webgpu`, made to look like a browser's. */
import { create, globals } from "webgpu";
import { openGpu } from "./device.ts";
import type { Gpu, OpenGpuOptions } from "./device.ts";

/** Held for the life of the process: Dawn's adapters and devices die with the object that made them. */
let instance: GPU | undefined;

/** Timestamps are rounded to 65 µs for the privacy of pages, several times what a pass takes on a fast GPU. */
const DAWN_OPTIONS = ["disable-dawn-features=timestamp_quantization"];

/** `navigator.gpu` for Node. Also defines the WebGPU globals (GPUBufferUsage and the like). */
export function nodeGpu(): GPU {
  if (!instance) {
    Object.assign(globalThis, globals);
    copySharedWrites();
    instance = create(DAWN_OPTIONS);
  }
  return instance;
}

/** As `openGpu`, on Dawn. */
export const openNodeGpu = (options: OpenGpuOptions = {}): Promise<Gpu> =>
  openGpu({ ...options, gpu: nodeGpu() });

/** Dawn in Node refuses data on a SharedArrayBuffer, where a browser takes it; ONNX Runtime's threads have it. */
function copySharedWrites(): void {
  const queue = GPUQueue.prototype;
  const writeBuffer = queue.writeBuffer;
  queue.writeBuffer = function (buffer, bufferOffset, data, dataOffset, size) {
    const view = ArrayBuffer.isView(data);
    if (!((view ? data.buffer : data) instanceof SharedArrayBuffer)) {
      return writeBuffer.call(
        this,
        buffer,
        bufferOffset,
        data as GPUAllowSharedBufferSource,
        dataOffset,
        size,
      );
    }
    // Offset and size count elements of a typed array, and bytes of anything else.
    const unit = view && "BYTES_PER_ELEMENT" in data ? (data.BYTES_PER_ELEMENT as number) : 1;
    const start = (dataOffset ?? 0) * unit;
    const length = size === undefined ? data.byteLength - start : size * unit;
    const bytes = view
      ? new Uint8Array(data.buffer, data.byteOffset + start, length)
      : new Uint8Array(data, start, length);
    return writeBuffer.call(this, buffer, bufferOffset, bytes.slice());
  };
}
