import { Presets, SingleBar } from "cli-progress";
import { bytesInWords } from "../formats/words.ts";
import type { ModelProgress } from "../models/progress.ts";
import { leftInWords } from "./progress.ts";

export interface DownloadProgress {
  update(progress: ModelProgress): void;
  stop(): void;
}

/** A bar of bytes on standard error, with the file at work, rate and time left; lines where that is no terminal. */
export const createDownloadProgress = (): DownloadProgress => (process.stderr.isTTY ? bar() : lines());

const STATES: Readonly<Record<ModelProgress["state"], string>> = {
  checking: "checking ",
  downloading: "",
  waiting: "waiting to try again: ",
};

/** "1.2 GiB of 2.0 GiB", "3.4 MiB/s", "2:10 left", "unet/model.onnx 4/12": those that are known. */
export function progressInWords({
  state,
  file,
  files,
  bytes,
  total,
  bytesPerSecond,
  secondsLeft,
}: ModelProgress) {
  return {
    amount: `${bytesInWords(bytes)} of ${bytesInWords(total)}`,
    rate: bytesPerSecond > 0 ? `${bytesInWords(bytesPerSecond)}/s` : "",
    left: secondsLeft === undefined ? "" : leftInWords(secondsLeft),
    what: `${STATES[state]}${file.path} ${file.index + 1}/${files}`,
  };
}

function bar(): DownloadProgress {
  const bar = new SingleBar(
    {
      format: "{bar} {amount}  {rate}  {left}  {what}",
      barsize: 20,
      hideCursor: true,
      gracefulExit: false,
      fps: 8,
    },
    Presets.shades_classic,
  );
  let isStarted = false;
  return {
    update(progress) {
      const words = progressInWords(progress);
      if (!isStarted) bar.start(progress.total, progress.bytes, words);
      isStarted = true;
      bar.setTotal(progress.total);
      bar.update(progress.bytes, words);
    },
    stop: () => bar.stop(),
  };
}

const LINE_INTERVAL = 10_000; // ms

function lines(): DownloadProgress {
  let due = -Infinity;
  return {
    update(progress) {
      if (performance.now() < due && progress.bytes < progress.total) return;
      due = performance.now() + LINE_INTERVAL;
      const { amount, rate, left, what } = progressInWords(progress);
      console.error([amount, rate, left, what].filter(Boolean).join("  "));
    },
    stop: () => {},
  };
}
