import type { Camera } from "../camera/camera.ts";
import type { Doc, Layer } from "../document/document.ts";
import { centreHit, maskOf } from "../document/screen.ts";
import { selectWhere, type Hit } from "../document/select.ts";
import type { ScreenSelection } from "./protocol.ts";
import type { SceneView } from "./scene-view.ts";

/**
 * Selects what lies under a shape. Centres are looked for on the CPU, whatever lies before them; what covers pixels,
 * and what is on the surface, the GPU knows from drawing.
 */
export async function selectInView(
  doc: Doc,
  { shape, mode, surfaceOnly, footprint }: ScreenSelection,
  camera: Camera,
  view: Pick<SceneView, "contributors">,
): Promise<Doc> {
  const mask = maskOf(shape, camera);
  if (!footprint && !surfaceOnly) {
    return selectWhere(doc, mode, ({ scene }) => centreHit(scene.splats, camera, mask));
  }
  const seen = await view.contributors(mask.words, { footprint, surfaceOnly });
  const first = firstSplats(doc);
  return selectWhere(doc, mode, (layer): Hit => {
    const offset = first.get(layer)!;
    return (splat) => ((seen[(offset + splat) >> 5]! >>> ((offset + splat) & 31)) & 1) === 1;
  });
}

/** Where each layer's splats begin among those that are drawn. */
function firstSplats(doc: Doc): ReadonlyMap<Layer, number> {
  const first = new Map<Layer, number>();
  let at = 0;
  for (const layer of doc.layers) {
    first.set(layer, at);
    at += layer.state.length;
  }
  return first;
}
