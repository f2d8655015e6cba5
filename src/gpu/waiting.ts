/** Waiting for the GPU without hanging when it is gone. */
import { DeviceLostError } from "./device.ts";
import type { Gpu } from "./device.ts";

/** A promise of the device that rejects with DeviceLostError when the device goes, instead of hanging. */
export function unlessLost<T>(gpu: Gpu, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    void gpu.lost.then((info) => reject(new DeviceLostError(info)));
    work.then(resolve, (error: unknown) => {
      // A mapping fails a moment before `lost` resolves: the loss is the cause, so it goes first if it comes.
      setTimeout(() => reject(error), 50);
    });
  });
}

/** Waits for everything submitted so far; throws DeviceLostError when that will never be done. */
export const queueDone = (gpu: Gpu): Promise<void> =>
  unlessLost(gpu, gpu.device.queue.onSubmittedWorkDone()).then(() => undefined);
