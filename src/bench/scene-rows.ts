/** What depends on the scene: the rasterizer, the optimiser, and the whole step. */
import type { Bridge } from "../diffusion/codecs/bridge.ts";
import { bridges } from "../diffusion/codecs/index.ts";
import { Adam } from "../optim/adam.ts";
import { learningRates } from "../optim/learning-rates.ts";
import { NAMES } from "./names.ts";
import type { Row } from "./row.ts";
import type { SceneSubject } from "./scene-subject.ts";
import { prepareStep } from "./whole-step.ts";
import type { StepPart } from "./whole-step.ts";

const forward: Row<SceneSubject> = {
  name: NAMES.rasterForward,
  prepare: ({ rasterizer, view }) => ({ run: () => rasterizer.forward(view) }),
};

const backward: Row<SceneSubject> = {
  name: NAMES.rasterBackward,
  async prepare({ rasterizer, view, vImage }) {
    const { saved } = await rasterizer.renderComplete(view);
    return { run: () => rasterizer.vjp(saved, { image: vImage }) };
  },
};

const adam: Row<SceneSubject> = {
  name: NAMES.adam,
  async prepare({ gpu, rasterizer, view, vImage, settings, stage }) {
    const { splats } = view;
    const { saved } = await rasterizer.renderComplete(view);
    const gradients = await rasterizer.vjp(saved, { image: vImage });
    const rates = learningRates(settings.learningRates, 0, stage.extent);
    const optimizer = new Adam(gpu, splats);
    return {
      run: () => optimizer.step({ splats, gradients, rates }),
      dispose: () => optimizer.dispose(),
    };
  },
};

const step = (bridge: Bridge): Row<SceneSubject, StepPart> => ({
  name: NAMES.step(bridge.id),
  prepare: (subject) => prepareStep(subject, bridge),
});

export const sceneRows: readonly Row<SceneSubject, StepPart>[] = [
  forward,
  backward,
  adam,
  ...bridges.all.map(step),
];
