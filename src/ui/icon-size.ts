/** How icons look in buttons. The button's label says what they mean. */
export const ICON = { size: 18, stroke: 1.6, "aria-hidden": true } as const;
