import { DeviceLostError } from "../../gpu/device.ts";

interface Watch {
  lost?: DeviceLostError;
  readonly waiting: Set<(error: DeviceLostError) => void>;
}
const watches = new WeakMap<GPUDevice, Watch>();

/** One listener a device: racing against `device.lost` anew each time would pile up reactions on it. */
function watch(device: GPUDevice): Watch {
  let entry = watches.get(device);
  if (!entry) {
    const created: Watch = { waiting: new Set() };
    entry = created;
    watches.set(device, created);
    void device.lost.then((info) => {
      created.lost = new DeviceLostError(info);
      for (const reject of created.waiting) reject(created.lost);
      created.waiting.clear();
    });
  }
  return entry;
}

/** Settles as `work` does, or rejects when the device is lost first: a lost device may leave `work` pending forever. */
export async function untilLost<T>(device: GPUDevice | undefined, work: () => Promise<T>): Promise<T> {
  if (!device) return work();
  const entry = watch(device);
  if (entry.lost) throw entry.lost;
  let reject!: (error: DeviceLostError) => void;
  const loss = new Promise<never>((_, fail) => (reject = fail));
  entry.waiting.add(reject);
  try {
    return await Promise.race([work(), loss]);
  } finally {
    entry.waiting.delete(reject);
  }
}
