import { gigabytes } from "../../diffusion/memory-plan.ts";
import { isRunning } from "../../editor/store.ts";
import fields from "../fields/Field.module.css";
import { SelectField } from "../fields/SelectField.tsx";
import { useSession, useSessionState } from "../session-context.ts";

const ASSUMED = "assumed";
const BUDGETS = [2, 3, 4, 6, 8, 12, 16, 24, 48].map((count) => ({ id: String(count), label: `${count} GB` }));

/** How much memory the model may take, what pictures of each size need of it, and what the scene takes. */
export function MemoryFields() {
  const session = useSession();
  const model = useSessionState((state) => state.model);
  const budget = useSessionState((state) => state.memoryBudget);
  const scene = useSessionState((state) => state.document?.memory);
  const locked = useSessionState((state) => isRunning(state) || state.busy !== undefined);
  if (model.status !== "ready" || model.value.memory.length === 0) return null;
  const { memory, memoryBudget } = model.value;
  const assumed = budget === undefined ? ` (${gigabytes(memoryBudget)})` : "";
  return (
    <>
      <SelectField
        label="Memory for the model"
        help="WebGPU does not tell how much the graphics card has. With less, parts load in turn and some is computed twice."
        value={budget === undefined ? ASSUMED : String(budget / 1e9)}
        options={[{ id: ASSUMED, label: `Assumed${assumed}` }, ...BUDGETS]}
        disabled={locked}
        onChange={(choice) =>
          void session.chooseMemory(choice === ASSUMED ? undefined : Number(choice) * 1e9)
        }
      />
      <ul className={fields["note"]} aria-label="Memory by view size">
        {memory.map(({ side, says }) => (
          <li key={side}>
            {side} px: {says}
          </li>
        ))}
        {scene && (
          <li>
            scene: {gigabytes(scene.shown)}, {gigabytes(scene.edited)} while it is edited
          </li>
        )}
      </ul>
    </>
  );
}
