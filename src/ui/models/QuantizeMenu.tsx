import { Button, Menu } from "@mantine/core";
import { QUANTIZATIONS } from "../../models/quantizing.ts";
import type { LocalSource } from "../../worker/models-protocol.ts";
import { useApp } from "../session-context.ts";

/** Stores a model anew with its weights in fewer bits. */
export function QuantizeMenu({
  source,
  onQuantize,
}: {
  readonly source: LocalSource;
  readonly onQuantize?: () => void;
}) {
  const { models } = useApp();
  return (
    <Menu position="bottom-end" width={300}>
      <Menu.Target>
        <Button size="xs" variant="default" title="Stores it anew with its weights in fewer bits">
          Quantize
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {QUANTIZATIONS.map(({ id, label, help }) => (
          <Menu.Item
            key={id}
            title={help}
            onClick={() => {
              onQuantize?.();
              void models.quantize(source, id);
            }}
          >
            {label}: {help}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
