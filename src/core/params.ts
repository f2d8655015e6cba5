/**
 * Parameters as data: a method, bridge or preset declares what it takes, and forms, command-line flags, saved
 * settings and checks derive from the declaration.
 */
export interface Slider {
  readonly kind: "slider";
  readonly label: string;
  readonly help: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly default: number;
}
export interface Toggle {
  readonly kind: "toggle";
  readonly label: string;
  readonly help: string;
  readonly default: boolean;
}
export interface Choice {
  readonly kind: "choice";
  readonly label: string;
  readonly help: string;
  readonly options: readonly string[];
  readonly default: string;
}
export type Param = Slider | Toggle | Choice;
export type ParamSpec = Readonly<Record<string, Param>>;

/** The values a spec describes. */
export type ParamValues<S extends ParamSpec> = {
  -readonly [K in keyof S]: S[K] extends Slider ? number : S[K] extends Toggle ? boolean : string;
};
/** Values of an unknown spec, as they come from a form, a file or a command line. */
export type AnyValues = Record<string, number | boolean | string>;

export const slider = (spec: Omit<Slider, "kind">): Slider => ({ kind: "slider", ...spec });
export const toggle = (spec: Omit<Toggle, "kind">): Toggle => ({ kind: "toggle", ...spec });
export const choice = (spec: Omit<Choice, "kind">): Choice => ({ kind: "choice", ...spec });

/**
 * Fills in defaults and brings every value into its declared range, so that nothing from outside reaches the
 * engine unchecked. Unknown keys are dropped.
 */
export function resolveParams<S extends ParamSpec>(spec: S, values: AnyValues = {}): ParamValues<S> {
  const entries = Object.entries(spec).map(([key, param]) => [key, resolveParam(param, values[key])]);
  return Object.fromEntries(entries) as ParamValues<S>;
}

function resolveParam(param: Param, value: unknown): number | boolean | string {
  switch (param.kind) {
    case "slider":
      return typeof value === "number" && Number.isFinite(value)
        ? Math.min(param.max, Math.max(param.min, value))
        : param.default;
    case "toggle":
      return typeof value === "boolean" ? value : param.default;
    case "choice":
      return typeof value === "string" && param.options.includes(value) ? value : param.default;
  }
}
