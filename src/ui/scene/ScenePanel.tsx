import { formatCount } from "../format.ts";
import { Section } from "../Section.tsx";
import { useSessionState } from "../session-context.ts";
import { CleanUp } from "./CleanUp.tsx";
import { DemoGallery } from "./DemoGallery.tsx";
import { Grade } from "./Grade.tsx";
import { Layers } from "./Layers.tsx";
import { Selection } from "./Selection.tsx";
import { TransformFields } from "./TransformFields.tsx";

/** What is there: scenes, layers, selection, and what can be done to them by hand. */
export function ScenePanel() {
  const document = useSessionState((state) => state.document);
  return (
    <>
      <Section title="Demo scenes">
        <DemoGallery />
      </Section>
      {document && (
        <>
          <Section title="Layers" note={document.layers.length}>
            <Layers />
          </Section>
          <Section title="Selection" note={document.selected > 0 ? formatCount(document.selected) : "none"}>
            <Selection />
          </Section>
          <Section title="Transform" isOpen={false}>
            <TransformFields />
          </Section>
          <Section title="Colour" isOpen={false}>
            <Grade />
          </Section>
          <Section title="Clean up" isOpen={false}>
            <CleanUp />
          </Section>
        </>
      )}
    </>
  );
}
