/** Lets everybody else have a turn: frames are drawn and messages answered in the middle of long work. */
export const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
