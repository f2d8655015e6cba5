import type { Gpu } from "../gpu/device.ts";
import type { GpuImage } from "../gpu/image.ts";
import { layoutOf, packUniforms } from "../gpu/uniforms.ts";
import { reflect } from "../gpu/wgsl-reflect.ts";
import { loadShader } from "../gpu/wgsl.ts";

/** Another image of the same size, which takes the canvas' left share. */
export interface Comparison {
  readonly image: GpuImage;
  readonly share: number;
}

/** Puts rendered images on the canvas. */
export interface Presenter {
  /** Draws `image` [3, H, W] over the whole canvas, which is made `width` × `height` pixels large. */
  present(image: GpuImage, width: number, height: number, comparison?: Comparison): void;
  dispose(): void;
}

const SHADER = "view/present";

export function createPresenter({ device }: Gpu, canvas: OffscreenCanvas): Presenter {
  const context = canvas.getContext("webgpu")!;
  const format = navigator.gpu.getPreferredCanvasFormat();
  context.configure({ device, format, alphaMode: "opaque" });

  const { code } = loadShader(SHADER);
  const layout = layoutOf("Present", reflect(code));
  const module = device.createShaderModule({ label: SHADER, code });
  const pipeline = device.createRenderPipeline({
    label: SHADER,
    layout: "auto",
    vertex: { module },
    fragment: { module, targets: [{ format }] },
  });
  const sizes = device.createBuffer({
    label: `${SHADER} sizes`,
    size: packUniforms(layout, { image_size: [1, 1], canvas_size: [1, 1], divide: 0 }, "Present").byteLength,
    usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
  });

  return {
    present(image, width, height, comparison) {
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
      const values = {
        image_size: [image.width, image.height],
        canvas_size: [width, height],
        divide: comparison?.share ?? 0,
      };
      device.queue.writeBuffer(sizes, 0, packUniforms(layout, values, "Present"));
      const bindGroup = device.createBindGroup({
        label: SHADER,
        layout: pipeline.getBindGroupLayout(0),
        entries: [
          { binding: 0, resource: { buffer: sizes } },
          { binding: 1, resource: { buffer: image.buffer } },
          { binding: 2, resource: { buffer: (comparison?.image ?? image).buffer } },
        ],
      });
      const encoder = device.createCommandEncoder({ label: SHADER });
      const pass = encoder.beginRenderPass({
        label: SHADER,
        colorAttachments: [
          { view: context.getCurrentTexture().createView(), loadOp: "clear", storeOp: "store" },
        ],
      });
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindGroup);
      pass.draw(3);
      pass.end();
      device.queue.submit([encoder.finish()]);
    },
    dispose: () => sizes.destroy(),
  };
}
