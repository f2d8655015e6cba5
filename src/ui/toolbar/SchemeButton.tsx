import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { IconMoon, IconSun } from "@tabler/icons-react";
import { ICON } from "../icon-size.ts";
import { IconButton } from "../IconButton.tsx";

/** Dark or light; by itself as the system has it. */
export function SchemeButton() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("dark");
  const other = scheme === "dark" ? "light" : "dark";
  return (
    <IconButton label={`Use the ${other} scheme`} onClick={() => setColorScheme(other)}>
      {scheme === "dark" ? <IconSun {...ICON} /> : <IconMoon {...ICON} />}
    </IconButton>
  );
}
