import { createTheme, Menu, Tooltip, type CSSVariablesResolver } from "@mantine/core";

export const theme = createTheme({
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  fontSizes: { xs: "11px", sm: "13px", md: "13px", lg: "15px", xl: "18px" },
  defaultRadius: "sm",
  radius: { sm: "6px" },
  respectReducedMotion: true,
  cursorType: "pointer",
  autoContrast: true,
  components: {
    // What opens beside an element belongs to its landmark, as in the tree so for screen readers.
    Tooltip: Tooltip.extend({ defaultProps: { withinPortal: false, floatingStrategy: "fixed" } }),
    Menu: Menu.extend({
      defaultProps: {
        withinPortal: false,
        floatingStrategy: "fixed",
        withInitialFocusPlaceholder: false,
        menuItemTabIndex: 0, // a menu that scrolls must be reachable
        shadow: "md",
      },
    }),
  },
  primaryColor: "ember",
  primaryShade: { light: 4, dark: 4 },
  colors: {
    // Menus, dialogs and keys in the dark scheme, in the greys of tokens.css.
    dark: [
      "#e8eaee",
      "#c3c9d3",
      "#9ba4b3",
      "#6b7482",
      "#3a4250",
      "#2a303b",
      "#1d2129",
      "#15181e",
      "#101217",
      "#0b0d10",
    ],
    ember: [
      "#fff4e6",
      "#fde7cf",
      "#f9cea0",
      "#f6ba7b",
      "#f2a65a",
      "#e08f3f",
      "#c4742a",
      "#a55a19",
      "#83430e",
      "#5f2e06",
    ],
  },
});

/** Mantine's colours are the page's own, so that both change together with the scheme. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {
    "--mantine-color-body": "var(--panel)",
    "--mantine-color-text": "var(--text)",
    "--mantine-color-dimmed": "var(--dim)",
    "--mantine-color-placeholder": "var(--dim)",
    "--mantine-color-error": "var(--danger)",
    "--mantine-color-default": "var(--raised)",
    "--mantine-color-default-hover": "var(--hover)",
    "--mantine-color-default-color": "var(--text)",
    "--mantine-color-default-border": "var(--line)",
  },
  light: {},
  dark: {},
});
