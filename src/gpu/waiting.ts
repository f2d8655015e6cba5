/** Waiting for the GPU without hanging when it is gone. */
import { DeviceLostError } from "./device.ts";
import type { Gpu } from "./device.ts";

interface Losses {
  info: GPUDeviceLostInfo | undefined;
  readonly waiters: Set<(info: GPUDeviceLostInfo) => void>;
}

/** One handler per device for all that wait: handlers on `lost` itself would pile up, and keep results alive. */
const losses = new WeakMap<GPUDevice, Losses>();

function lossesOf(gpu: Gpu): Losses {
  let known = losses.get(gpu.device);
  if (!known) {
    const made: Losses = (known = { info: undefined, waiters: new Set() });
    losses.set(gpu.device, made);
    void gpu.lost.then((info) => {
      made.info = info;
      for (const tell of made.waiters) tell(info);
    });
  }
  return known;
}

/** A mapping fails a moment before `lost` resolves; the loss is the cause, so it gets this long to come first. */
const GRACE_MS = 50;

/** A promise of the device that rejects with DeviceLostError when the device goes, instead of hanging. */
export function unlessLost<T>(gpu: Gpu, work: Promise<T>): Promise<T> {
  const { info, waiters } = lossesOf(gpu);
  if (info) {
    work.catch(() => undefined); // fails for the same reason
    return Promise.reject(new DeviceLostError(info));
  }
  return new Promise<T>((resolve, reject) => {
    const abandon = (lost: GPUDeviceLostInfo): void => {
      waiters.delete(abandon);
      reject(new DeviceLostError(lost));
    };
    waiters.add(abandon);
    work.then(
      (value) => {
        waiters.delete(abandon);
        resolve(value);
      },
      (error: unknown) => {
        setTimeout(() => {
          waiters.delete(abandon);
          reject(error);
        }, GRACE_MS);
      },
    );
  });
}

/** Waits for everything submitted so far; throws DeviceLostError when that will never be done. */
export const queueDone = (gpu: Gpu): Promise<void> =>
  unlessLost(gpu, gpu.device.queue.onSubmittedWorkDone()).then(() => undefined);
