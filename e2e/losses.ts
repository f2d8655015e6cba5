import type { Page, Worker } from "@playwright/test";

/** The device goes right before or after work of this label is submitted the nth time; at once without one. */
export interface Loss {
  readonly label?: string;
  readonly nth?: number;
  readonly before?: boolean;
}

interface LossState {
  /** The one in use; work still goes to lost ones for a moment. */
  device?: GPUDevice;
  readonly gone: WeakSet<GPUDevice>;
  next: Loss[];
  seen: number;
  count: number;
}
type Scope = typeof globalThis & { losses?: LossState };

/** The worker that owns the GPU. */
export const engineOf = (page: Page): Worker =>
  page.workers().find((worker) => worker.url().includes("engine"))!;

/**
 * Has the page's engine lose its devices, one after the other, as a driver that is reset takes it away. Crashing the whole GPU process is
 * nearer to that, but a browser that sees it several times gives the page no GPU any more.
 */
export const loseDevice = (page: Page, ...losses: Loss[]): Promise<void> =>
  engineOf(page).evaluate((next: Loss[]) => {
    const scope = globalThis as Scope;
    const watch = (): LossState => {
      const state: LossState = { gone: new WeakSet(), next: [], seen: 0, count: 0 };
      const { createCommandEncoder } = GPUDevice.prototype;
      GPUDevice.prototype.createCommandEncoder = function (...args) {
        if (!state.gone.has(this)) state.device = this;
        return createCommandEncoder.apply(this, args);
      };
      const { submit } = GPUQueue.prototype;
      GPUQueue.prototype.submit = function (commands) {
        const list = [...commands];
        const { label, nth = 1, before } = state.next[0] ?? {};
        const isDue =
          this === state.device?.queue && list.some((each) => each.label === label) && ++state.seen === nth;
        if (isDue && before) lose(state);
        submit.call(this, list);
        if (isDue && !before) lose(state);
      };
      return state;
    };
    const lose = (state: LossState): void => {
      state.next.shift();
      state.seen = 0;
      state.count++;
      state.gone.add(state.device!);
      state.device!.destroy();
      delete state.device;
    };
    const state = (scope.losses ??= watch());
    state.next = next;
    state.seen = 0;
    if (next[0]!.label === undefined) lose(state);
  }, losses);

/** How often that has happened. */
export const lossesSoFar = (page: Page): Promise<number> =>
  engineOf(page).evaluate(() => (globalThis as Scope).losses?.count ?? 0);
