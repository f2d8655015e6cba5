import { isSame } from "../core/same.ts";
import { upOf } from "../editor/form.ts";
import type { SessionStore } from "../editor/store.ts";
import type { Viewport } from "./viewport.ts";

/**
 * Looks at every scene that is opened, and again whenever another way is up: in the document, or as the user says.
 * Where only the focus has moved, the camera stays, and framing goes there.
 */
export function followScene(store: SessionStore, viewport: Pick<Viewport, "show" | "setFocus">): void {
  store.subscribe(({ scene, document, form }, before) => {
    if (!scene) return;
    if (scene !== before.scene) viewport.show({ focus: scene.focus, up: upOf(form, scene) });
    else if (document) {
      const { focus } = document;
      const up = upOf(form, document);
      if (!before.document || !isSame(up, upOf(before.form, before.document))) viewport.show({ focus, up });
      else if (!isSame(focus, before.document.focus)) viewport.setFocus(focus);
    }
  });
}
