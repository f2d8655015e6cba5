import type { VideoCodec } from "mediabunny";
import { UserError } from "../core/errors.ts";
import type { RgbaPicture } from "../edit/pictures.ts";

export interface Film {
  add(picture: RgbaPicture): Promise<void>;
  finish(): Promise<{ readonly bytes: ArrayBuffer; readonly extension: string }>;
  cancel(): Promise<void>;
}

/** In order of how many players know them; a browser encodes some. */
const MP4_CODECS: VideoCodec[] = ["avc"];
const WEBM_CODECS: VideoCodec[] = ["vp9", "vp8", "av1"];

/** Begins a film of pictures of one size, in the best form that this browser can encode. */
export async function openFilm(width: number, height: number, fps: number): Promise<Film> {
  if (!("VideoEncoder" in self)) throw NO_ENCODER;
  const {
    BufferTarget,
    CanvasSource,
    getFirstEncodableVideoCodec,
    Mp4OutputFormat,
    Output,
    QUALITY_HIGH,
    WebMOutputFormat,
  } = await import("mediabunny");
  const codec = await getFirstEncodableVideoCodec([...MP4_CODECS, ...WEBM_CODECS], { width, height });
  if (!codec) throw NO_ENCODER;
  const format = MP4_CODECS.includes(codec) ? new Mp4OutputFormat() : new WebMOutputFormat();
  const target = new BufferTarget();
  const output = new Output({ format, target });
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d")!;
  const source = new CanvasSource(canvas, { codec, bitrate: QUALITY_HIGH });
  output.addVideoTrack(source, { frameRate: fps });
  await output.start();
  let frames = 0;
  return {
    async add({ data }) {
      context.putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0);
      await source.add(frames++ / fps, 1 / fps);
    },
    async finish() {
      await output.finalize();
      return { bytes: target.buffer!, extension: format.fileExtension };
    },
    cancel: () => output.cancel(),
  };
}

const NO_ENCODER = new UserError(
  "This browser cannot encode video of that size.",
  "Choose a smaller size, update Chrome, or save pictures.",
);
